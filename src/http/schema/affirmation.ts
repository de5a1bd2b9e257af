import { INSTANT_RULE, LARGEST_VALUE, readInstant, STATUSES, type Status } from '../../domain/affirmation.ts'
import { type Fault, type FieldError, invalid } from '../../domain/fault.ts'
import type { Asked } from '../../services/affirm.ts'

// By hand, not by a schema: ten thousand of these come in one request, and singles come by the ten thousand a second.

const FIELDS = new Set(['event', 'env', 'status', 'at', 'value', 'source', 'id'])
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isStatus = (value: unknown): value is Status => (STATUSES as readonly unknown[]).includes(value)

export const STATUS_RULE = `must be one of ${STATUSES.join(', ')}`
export const VALUE_RULE = `is larger than ${LARGEST_VALUE / 1_024} KiB, the most that is kept`

/** How a value may be kept: JSON text, null for none. */
export const isTooLarge = (json: string): boolean => json.length > LARGEST_VALUE / 4 && Buffer.byteLength(json) > LARGEST_VALUE

/** An instant out of whatever was given; undefined for nothing. Notes what is wrong. */
function instantOf(at: unknown, wrong: FieldError[]): number | undefined {
  if (at === undefined) return undefined
  const instant = typeof at === 'string' || typeof at === 'number' ? readInstant(at) : null
  if (instant === null) wrong.push({ path: 'at', detail: INSTANT_RULE })
  return instant ?? undefined
}

function textOf(field: string, value: unknown, wrong: FieldError[]): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  wrong.push({ path: field, detail: 'must be a text' })
  return undefined
}

/** What a client asked for, field by field; a fault that tells all that is wrong. `json` is the value's text. */
export function readAsked(element: unknown, json: string | null, peer: string): Asked | Fault {
  if (!isObject(element)) return invalid([{ path: '', detail: 'An affirmation is an object, like {"event": "backup_done"}.' }])
  const wrong: FieldError[] = Object.keys(element)
    .filter((field) => !FIELDS.has(field))
    .map((field) => ({ path: field.slice(0, 60), detail: `is not a known field; known are ${[...FIELDS].join(', ')}` }))
  if (element.event === undefined) wrong.push({ path: 'event', detail: 'is required: the name or key of what happened' })
  const status = element.status === undefined ? 'ok' : element.status
  if (!isStatus(status)) wrong.push({ path: 'status', detail: STATUS_RULE })
  if (json !== null && isTooLarge(json)) wrong.push({ path: 'value', detail: VALUE_RULE })
  const asked = {
    event: textOf('event', element.event, wrong) ?? '',
    env: textOf('env', element.env, wrong),
    status: isStatus(status) ? status : 'ok',
    at: instantOf(element.at, wrong),
    source: textOf('source', element.source, wrong) ?? peer,
    id: textOf('id', element.id, wrong) ?? null,
    value: json,
  }
  return wrong.length === 0 ? asked : invalid(wrong)
}

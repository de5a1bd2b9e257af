import { INSTANT_RULE, LARGEST_VALUE, readInstant, STATUSES, type Status } from '../../domain/affirmation.ts'
import { type Fault, type FieldError, invalid } from '../../domain/fault.ts'
import { MOST_LEVELS } from '../../domain/json.ts'
import type { Asked } from '../../services/affirm.ts'

// By hand, not by a schema: ten thousand of these come in one request, and singles come by the ten thousand a second.

const FIELDS = new Set(['event', 'env', 'status', 'at', 'value', 'source', 'id'])
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isStatus = (value: unknown): value is Status => (STATUSES as readonly unknown[]).includes(value)

export const STATUS_RULE = `must be one of ${STATUSES.join(', ')}`
export const VALUE_RULE = `is larger than ${LARGEST_VALUE / 1_024} KiB, the most that is kept`
const DEPTH_RULE = `is nested more than ${MOST_LEVELS} levels deep`
/** So many unknown fields are named: a body of nothing else must not be answered by one many times its size. */
const MOST_NAMED = 20

/** A value on its way to be kept: its JSON text, null for none, or what is wrong with it. */
export type Value = string | null | { detail: string }

const isTooLarge = (json: string): boolean => json.length > LARGEST_VALUE / 4 && Buffer.byteLength(json) > LARGEST_VALUE

/** A value's JSON text as {@link keepJson} gives it. */
export function checked(json: string | undefined): Value {
  if (json === undefined) return { detail: DEPTH_RULE }
  return isTooLarge(json) ? { detail: VALUE_RULE } : json
}

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

/** Who sent it, and what the service would refuse in fields of the right type. */
export type Reading = { peer: string; wrongIn: (asked: Partial<Asked>) => FieldError[] }

/** What a client asked for, field by field; a fault that tells all that is wrong. */
export function readAsked(element: unknown, value: Value, { peer, wrongIn }: Reading): Asked | Fault {
  if (!isObject(element)) return invalid([{ path: '', detail: 'An affirmation is an object, like {"event": "backup_done"}.' }])
  const wrong: FieldError[] = Object.keys(element)
    .filter((field) => !FIELDS.has(field))
    .slice(0, MOST_NAMED)
    .map((field) => ({ path: field.slice(0, 60), detail: `is not a known field; known are ${[...FIELDS].join(', ')}` }))
  if (element.event === undefined) wrong.push({ path: 'event', detail: 'is required: the name or key of what happened' })
  const status = element.status === undefined ? 'ok' : element.status
  if (!isStatus(status)) wrong.push({ path: 'status', detail: STATUS_RULE })
  if (typeof value === 'object' && value !== null) wrong.push({ path: 'value', ...value })
  const asked = {
    event: textOf('event', element.event, wrong) ?? '',
    env: textOf('env', element.env, wrong),
    status: isStatus(status) ? status : 'ok',
    at: instantOf(element.at, wrong),
    source: textOf('source', element.source, wrong) ?? peer,
    id: textOf('id', element.id, wrong) ?? null,
    value: typeof value === 'string' ? value : null,
  }
  if (wrong.length === 0) return asked
  const told = new Set(wrong.map(({ path }) => path))
  return invalid([...wrong, ...wrongIn(asked).filter(({ path }) => !told.has(path))])
}

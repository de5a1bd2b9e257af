import * as v from 'valibot'
import { type FieldError, invalid } from '../../domain/fault.ts'

/** What we write and others only read. */
const READ_ONLY = new Set([
  'id',
  'key',
  'description',
  'state',
  'lastVerdict',
  'nextDue',
  'openIncident',
  'createdAt',
  'createdBy',
  'endedAt',
  'active',
  'next',
  'expectations',
  'failingSince',
  'warnings',
])
/** So many mistakes are told: a body of nothing else must not be answered by one many times its size. */
const MOST_TOLD = 50

/** As much of a schema as it takes to find the fields that it knows. */
type Shape = { entries?: Record<string, Shape>; wrapped?: Shape }

function fieldsAt(shape: Shape, keys: readonly unknown[]): string[] {
  if (shape.wrapped !== undefined) return fieldsAt(shape.wrapped, keys)
  const [key, ...rest] = keys
  if (key === undefined) return Object.keys(shape.entries ?? {})
  const inner = shape.entries?.[String(key)]
  return inner === undefined ? [] : fieldsAt(inner, rest)
}

/** valibot tells the first field that it does not know; here are all of that object. */
function unknownFields(issue: v.BaseIssue<unknown>, schema: Shape): FieldError[] {
  const items = issue.path ?? []
  const inside = items.slice(0, -1).map(({ key }) => key)
  const fields = fieldsAt(schema, inside)
  return Object.keys(items.at(-1)?.input ?? {})
    .filter((name) => !fields.includes(name))
    .slice(0, MOST_TOLD)
    .map((name) => ({
      path: [...inside, name.slice(0, 60)].join('.'),
      detail: READ_ONLY.has(name) ? 'is read-only: leave it out' : `is not a known field; known are ${fields.join(', ')}`,
    }))
}

function errorsOf(issue: v.BaseIssue<unknown>, schema: Shape): FieldError[] {
  const path = v.getDotPath(issue) ?? ''
  if (issue.type !== 'strict_object') return [{ path, detail: issue.message }]
  if (issue.expected === 'never') return unknownFields(issue, schema)
  if (issue.expected !== 'Object') return [{ path, detail: 'is required' }]
  return [{ path, detail: path === '' ? 'The body must be a JSON object' : issue.message }]
}

/** Reads an input by its schema; throws a fault that tells every wrong field at once, those in `wrong` first. */
export function read<S extends v.GenericSchema>(schema: S, input: unknown, wrong: readonly FieldError[] = []): v.InferOutput<S> {
  // A list passes for an object with no fields.
  if (Array.isArray(input)) throw invalid([{ path: '', detail: 'The body must be a JSON object, not a list' }])
  const result = v.safeParse(schema, input)
  if (result.success && wrong.length === 0) return result.output
  const errors = (result.issues ?? []).slice(0, MOST_TOLD).flatMap((issue) => errorsOf(issue, schema as Shape))
  throw invalid([...wrong, ...errors])
}

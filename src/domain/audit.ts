import type { Millis } from './time.ts'

/** Who did it, and from which address. `who` is `user:ann`, `key:deploy`, or `anyone` where nobody is asked who they are. */
export type Author = { who: string; address: string }

/** JSON of what was or is, without secrets. */
export type Snapshot = Readonly<Record<string, unknown>>

/**
 * One change of the configuration, as the audit log keeps it. `action` is a verb of the model (`event.register`, `expectation.pause`,
 * `key.revoke`), `subject` the name or number of what was changed.
 */
export type Change = {
  at: Millis
  by: Author
  action: string
  subject: string
  before: Snapshot | null
  after: Snapshot | null
}
export type Audited = Change & { id: number }

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Names of the fields that are not the same in both. */
export const changedFields = (before: Snapshot, after: Snapshot): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !isSame(before[field], after[field]))

/** As much of an edit as is kept: the fields that differ, and those that name it. Null where nothing differs. */
export function difference(
  before: Snapshot,
  after: Snapshot,
  naming: readonly string[],
): { before: Snapshot; after: Snapshot } | null {
  const changed = changedFields(before, after)
  if (changed.length === 0) return null
  const kept = (snapshot: Snapshot): Snapshot =>
    Object.fromEntries(Object.entries(snapshot).filter(([field]) => naming.includes(field) || changed.includes(field)))
  return { before: kept(before), after: kept(after) }
}

/** Characters of one value that are kept: the longest description, and some fifty expectations in a list. */
const LONGEST_TEXT = 2_000
const LONGEST_LIST = 20_000

/** Long values are cut, and say so: the log must not grow faster than what it is about. */
export const cutLong = (snapshot: Snapshot): Snapshot =>
  Object.fromEntries(Object.entries(snapshot).map(([field, value]) => [field, cut(value)]))

function cut(value: unknown): unknown {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return value
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const most = typeof value === 'string' ? LONGEST_TEXT : LONGEST_LIST
  if (text.length <= most) return value
  return `${text.slice(0, most).replace(/\p{Cs}$/u, '')}… (cut: ${text.length} characters)`
}

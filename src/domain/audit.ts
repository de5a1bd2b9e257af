import type { Millis } from './time.ts'

/** Who did it, and from which address. `who` is `user:ann`, `key:deploy`, or `anyone` where nobody is asked who they are. */
export type Author = { who: string; address: string }

/** JSON of what was or is, without secrets. */
type Snapshot = Readonly<Record<string, unknown>>

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

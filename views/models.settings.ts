import type { Audited } from '../src/domain/audit.ts'
import type { Duration, Millis } from '../src/domain/time.ts'
import type { Frame } from './models.ts'

/** As it stands in the address; days are `2026-03-04`, both included, in UTC. */
export type AuditFilter = { who: string; from: string; to: string }

/** `GET /settings/audit`: what was changed, newest first. */
export type AuditPage = {
  frame: Frame
  filter: AuditFilter
  /** What is wrong with the filter; nothing is listed then. */
  errors: Partial<Record<keyof AuditFilter, string>>
  changes: readonly Audited[]
  /** Is this an older part? */
  cursor: string | null
  next: string | null
  kept: Duration
}

/** `last` and `events` (how many affirmed there) are null where there are too many events to ask. */
export type EnvironmentView = { name: string; expectations: number; events: number | null; last: Millis | null }

/** `GET /settings`. */
export type SettingsPage = {
  frame: Frame
  /** Null when the database cannot be asked. */
  environments: readonly EnvironmentView[] | null
  defaultEnv: string
  retention: { affirmations: Duration; verdicts: Duration; deliveries: Duration }
  publicUrl: string | null
  /** Is anybody asked who they are? */
  isOpen: boolean
}

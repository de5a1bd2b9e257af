import type { Millis } from '../src/domain/time.ts'

/** How people are told, and somebody outside that this server works. What only the database knows is null when it cannot be asked. */
export type TellingFacts = {
  /** Deliveries that wait, and since when the oldest. */
  outbox: { waiting: number; oldest: Millis | null } | null
  /** How many channels there are; the names of those at which nothing arrives. */
  channels: { count: number; failing: readonly string[] } | null
  /** What tries of this node came to. */
  tries: Readonly<Record<'sent' | 'withheld' | 'failed' | 'again', number>>
  /** Who is told that this server works; null: nobody. */
  ping: { to: string; last: { at: Millis; isThere: boolean } | null } | null
}

import type * as postgres from './tables.postgres.ts'
import type * as sqlite from './tables.sqlite.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** Fails to compile as soon as a row differs between the engines. */
export const rowsAreTheSame: {
  [T in keyof typeof sqlite]: Same<(typeof sqlite)[T]['$inferSelect'], (typeof postgres)[T]['$inferSelect']>
} = {
  environments: true,
  events: true,
  affirmations: true,
  terms: true,
  expectations: true,
  verdicts: true,
  incidents: true,
  listening: true,
  news: true,
  judging: true,
  removed: true,
  people: true,
  sessions: true,
  links: true,
  apiKeys: true,
  audit: true,
  withdrawals: true,
  channels: true,
  deliveries: true,
  tellings: true,
  floods: true,
  maintenance: true,
  unjudged: true,
  places: true,
}

/** The one body of queries is written against these; SQLite's tables have the same rows (see above) and are cast once. */
export type Tables = typeof postgres

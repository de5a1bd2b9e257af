import type { Duration, Millis } from '../domain/time.ts'
import { countOf } from './counting.ts'

/** An expectation to be looked at, with what was counted for its owed due. */
export type OwedRow = {
  expectation: number
  eventId: number
  due: Millis | null
  checkAt: Millis
  since: Millis
  caughtUp: number
  /** Which terms the owed due belongs to, which hold by now, and since when. */
  termsId: number
  currentTermsId: number
  termsSince: Millis
  lastDue: Millis | null
  lastVerdict: string | null
  windowFrom: Millis
  seen: number
  seenWithGrace: number
  alertAfter: number
  recoverAfter: number
}

/** From the due and the look that were read to the next ones. */
export type Move = {
  expectation: number
  wasDue: Millis
  wasCheckAt: Millis
  nextDue: Millis | null
  checkAt: Millis | null
  windowStart: Millis | null
  caughtUp: number
  /** Does the next due belong to the terms that hold by now? */
  isRenewed: boolean
  /** The verdict that has the last word from now on; null leaves it. */
  lastDue: Millis | null
  lastVerdict: string | null
}

export type NewVerdict = {
  expectation: number
  due: Millis
  termsId: number
  verdict: string
  reason: string
  observed: number
  blind: Duration
  windowFrom: Millis
  windowTo: Millis
  decidedAt: Millis
}

export type Missed = { expectation: number; due: Millis }
export type Opened = Missed & { incident: number }

/**
 * The statements that run a hundred thousand times a minute, inside a transaction. Written by hand for each engine: what a query builder
 * spends on composing them is more than what the database spends on running them.
 */
export type Tick = {
  /** Up to `limit` expectations to be looked at by `horizon`, earliest first, held for this transaction alone. */
  claim(horizon: Millis, limit: number): Promise<OwedRow[]>
  /** Only where the due and the look are still those that were read: of two callers one wins. Resolves to the expectations won. */
  advance(moves: readonly Move[]): Promise<Set<number>>
  write(verdicts: readonly NewVerdict[]): Promise<void>
  /** One open incident an expectation, whoever opens it: the unique index decides. Resolves to those that we opened. */
  open(missed: readonly Missed[], now: Millis): Promise<Opened[]>
}

const NAMES = { expectation: 'x', terms: 'm' }

/** Where the window of the owed due starts, by what the query around it calls the tables. */
export const windowStartOf = ({ expectation: x, terms: m }: typeof NAMES): string =>
  `case when ${m}.lookback is not null then ${x}.next_due - ${m}.lookback
  when ${x}.window_start < ${x}.next_due then ${x}.window_start else ${x}.next_due end`

const FROM = windowStartOf(NAMES)

/** Reads {@link OwedRow}s: the windows of a whole batch are counted in one go. `horizon` is the placeholder of that parameter. */
export const owedQuery = (
  horizon: string,
): string => `select x.id as expectation, x.event_id as "eventId", x.next_due as due, x.check_at as "checkAt", x.since,
  x.caught_up as "caughtUp", m.id as "termsId", x.terms_id as "currentTermsId", x.terms_since as "termsSince",
  x.last_due as "lastDue", x.last_verdict as "lastVerdict",
  ${FROM} as "windowFrom",
  ${countOf(NAMES, FROM, 'x.next_due')} as seen,
  case when m.grace > 0 and x.next_due + m.grace <= ${horizon} then ${countOf(NAMES, FROM, 'x.next_due + m.grace')} else 0 end as "seenWithGrace",
  x.alert_after as "alertAfter", x.recover_after as "recoverAfter"
from expectations x join terms m on m.id = coalesce(x.owed_terms_id, x.terms_id)`

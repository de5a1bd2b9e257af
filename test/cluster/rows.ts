import pg from 'pg'
import type { Duration, Millis } from '../../src/domain/time.ts'
import type { Outcome } from '../../src/domain/verdict.ts'
import { query } from '../store/contract/steps.ts'

// Milliseconds, counts and ids: safe integers.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export type StoredExpectation = {
  id: number
  eventId: number
  event: string
  createdAt: Millis
  expression: string
  timeZone: string
  atLeast: number
  atMost: number | null
  lookback: Duration | null
  grace: Duration
}
export type StoredVerdict = {
  expectation: number
  due: Millis
  verdict: Outcome
  reason: string
  observed: number
  blind: Duration
  from: Millis
  to: Millis
  amendedFrom: Outcome | null
}
export type StoredIncident = {
  expectation: number
  openedDue: Millis
  closedDue: Millis | null
  openedAt: Millis
  closedAt: Millis | null
}
export type StoredAffirmation = { id: string; eventId: number; at: Millis }

/** What the tables hold at the end. */
export type Rows = {
  expectations: StoredExpectation[]
  /** By expectation and due. */
  verdicts: StoredVerdict[]
  /** By expectation, oldest first. */
  incidents: StoredIncident[]
  /** Oldest first. */
  affirmations: StoredAffirmation[]
  /** News that nobody settled. */
  news: number
}

const EXPECTATIONS = `select x.id, x.event_id as "eventId", e.name as event, x.created_at as "createdAt", m.schedule as expression,
  m.time_zone as "timeZone", m.at_least as "atLeast", m.at_most as "atMost", m.lookback, m.grace
from expectations x join terms m on m.id = x.terms_id join events e on e.id = x.event_id order by x.id`
const VERDICTS = `select expectation_id as expectation, due, verdict, reason, observed, blind, window_from as from, window_to as to,
  amended_from as "amendedFrom" from verdicts order by expectation_id, due`
const INCIDENTS = `select expectation_id as expectation, opened_due as "openedDue", closed_due as "closedDue", opened_at as "openedAt",
  closed_at as "closedAt" from incidents order by expectation_id, opened_due, id`
const AFFIRMATIONS = 'select client_id as id, event_id as "eventId", at from affirmations order by at'

/** Reads the tables themselves, past the program. */
export async function readRows(url: string): Promise<Rows> {
  const [news] = await query<{ n: number }>(url, 'select count(*) as n from news')
  return {
    expectations: await query<StoredExpectation>(url, EXPECTATIONS),
    verdicts: await query<StoredVerdict>(url, VERDICTS),
    incidents: await query<StoredIncident>(url, INCIDENTS),
    affirmations: await query<StoredAffirmation>(url, AFFIRMATIONS),
    news: news?.n ?? 0,
  }
}

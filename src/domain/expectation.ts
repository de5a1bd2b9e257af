import { durationInWords } from './duration.ts'
import type { Schedule } from './schedule.ts'
import { scheduleInWords } from './schedule-words.ts'
import type { NamedChannel, TellingRules } from './telling-rules.ts'
import type { Duration, Millis } from './time.ts'
import { type Limits, limitsInWords, type Outcome } from './verdict.ts'
import { type Where, whereInWords } from './where.ts'

export const COUNTS = ['affirmations', 'sources'] as const
export type Count = (typeof COUNTS)[number]

/** What an expectation asks. Never changed in place: an edit makes new terms, so that a verdict keeps those it was judged by (rule 9). */
export type Terms = Limits &
  Schedule & {
    count: Count
    lookback: Duration | null
    grace: Duration
    where: Where | null
    ignoreFailures: boolean
  }

export const STATES = ['missed', 'late', 'unknown', 'waiting', 'met', 'paused'] as const
/** What the board says now; `late` and `waiting` are no verdicts. */
export type State = (typeof STATES)[number]

export type Expectation = {
  id: number
  eventId: number
  event: string
  eventKey: string
  env: string
  tags: readonly string[]
  terms: Terms
  /** Channels that are not there any more are left out. */
  telling: TellingRules<NamedChannel>
  createdAt: Millis
  /** Windows that reach back before this are younger than themselves: creation, or the end of a pause. */
  since: Millis
  pausedAt: Millis | null
  /** The first due instant that has no verdict yet; null when the schedule never fires again. */
  nextDue: Millis | null
  /** When that due is looked at: itself, or the end of its grace once it was found too few. */
  checkAt: Millis | null
  lastDue: Millis | null
  lastVerdict: Outcome | null
  openIncident: number | null
}

export const MOST_COUNT = 1_000_000_000

export function stateOf({
  pausedAt,
  nextDue,
  checkAt,
  lastVerdict,
}: Pick<Expectation, 'pausedAt' | 'nextDue' | 'checkAt' | 'lastVerdict'>): State {
  if (pausedAt !== null) return 'paused'
  // What was missed stays missed while the next due waits for its grace: red must not turn amber by waiting.
  if (nextDue !== null && checkAt !== null && checkAt > nextDue && lastVerdict !== 'missed') return 'late'
  return lastVerdict ?? 'waiting'
}

function wanted({ atLeast, atMost, count }: Pick<Terms, 'atLeast' | 'atMost' | 'count'>): string {
  const sources = count === 'sources' ? ' different sources' : ''
  if (atMost === 0) return 'none'
  if (atMost === null) return `at least ${atLeast}${atLeast === 1 ? sources.replace(/s$/, '') : sources}`
  return `${atLeast === atMost ? `exactly ${atLeast}` : limitsInWords({ atLeast, atMost })}${sources}`
}

/** "at 01:00, 07:00 and 16:00, Monday to Friday: at least 1 in the 20 minutes before". */
export function describe(terms: Terms): string {
  const window =
    terms.lookback === null
      ? 'since the time before'
      : `in the ${durationInWords(terms.lookback).replace(/^1 (?=\w+$)/, '')} before`
  const grace = terms.grace === 0 ? '' : `, ${durationInWords(terms.grace)} of grace`
  const zone = terms.timeZone === 'UTC' ? '' : ` (${terms.timeZone})`
  return `${scheduleInWords(terms.expression)}${zone}: ${wanted(terms)}${whereInWords(terms.where)} ${window}${grace}`
}

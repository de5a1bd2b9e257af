import { blindness, type Span } from '../../src/domain/listening.ts'
import { dueAfter, dueAtOrBefore } from '../../src/domain/schedule.ts'
import { iso, MINUTE, type Millis, type Window } from '../../src/domain/time.ts'
import type { Outcome } from '../../src/domain/verdict.ts'
import type { Rows, StoredExpectation, StoredVerdict } from './rows.ts'

/** What the test knows of who listened: all that is in neither list it cannot tell. */
export type Sight = { listening: readonly Span[]; outages: readonly Span[] }

/** All dues of the expectation up to `end`. */
export function duesOf(expectation: StoredExpectation, end: Millis): Millis[] {
  const dues: Millis[] = []
  let due = dueAfter(expectation, expectation.createdAt)
  for (; due !== null && due <= end; due = dueAfter(expectation, due)) dues.push(due)
  return dues
}

/** How many of the sorted instants are before `at`. */
function before(instants: readonly Millis[], at: Millis): number {
  let [low, high] = [0, instants.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((instants[middle] ?? at) < at) low = middle + 1
    else high = middle
  }
  return low
}

export type Counter = (eventId: number, window: Window) => number

/** Counts what is stored, in windows of the time at which it happened. */
export function aCounter({ affirmations }: Pick<Rows, 'affirmations'>): Counter {
  const byEvent = new Map<number, Millis[]>()
  for (const { eventId, at } of affirmations) {
    const known = byEvent.get(eventId)
    if (known === undefined) byEvent.set(eventId, [at])
    else known.push(at)
  }
  return (eventId, { from, to }) => {
    const instants = byEvent.get(eventId) ?? []
    return before(instants, to) - before(instants, from)
  }
}

/** The window that the rules give this verdict. `previous` is the verdict before it. */
function windowOf(x: StoredExpectation, verdict: StoredVerdict, previous: StoredVerdict | undefined, count: Counter): Window {
  const { due } = verdict
  const from = x.lookback !== null ? due - x.lookback : (previous?.to ?? dueAtOrBefore(x, x.createdAt) ?? x.createdAt)
  const isEnough = count(x.eventId, { from, to: due }) >= x.atLeast
  // Late news may have brought enough after the grace was waited for: a window keeps its bounds.
  return { from, to: isEnough && verdict.to === due ? due : due + x.grace }
}

/** Which verdicts are right for so many in the window; two where the test cannot tell whether somebody listened all the time. */
export function rightful(x: StoredExpectation, window: Window, seen: number, { listening, outages }: Sight): Outcome[] {
  if (x.atMost !== null && seen > x.atMost) return ['missed']
  if (seen >= x.atLeast && x.atMost === null) return ['met']
  if (x.createdAt > window.from) return ['unknown']
  const length = window.to - window.from
  const forgiven = Math.min(length / 10, 2 * MINUTE)
  const sure: Outcome = seen >= x.atLeast ? 'met' : 'missed'
  if (blindness(window, listening) <= forgiven) return [sure]
  return length - blindness(window, outages) > forgiven ? ['unknown'] : [sure, 'unknown']
}

export type Recount = { wrong: string[] /** Verdicts that only one outcome was right for. */; decided: number }

/** Each verdict of one expectation against the rows; `verdicts` by due. */
export function recount(x: StoredExpectation, verdicts: readonly StoredVerdict[], count: Counter, sight: Sight): Recount {
  const wrong: string[] = []
  let decided = 0
  for (const [i, verdict] of verdicts.entries()) {
    const window = windowOf(x, verdict, verdicts[i - 1], count)
    const seen = count(x.eventId, window)
    const right = rightful(x, window, seen, sight)
    decided += right.length === 1 ? 1 : 0
    const said = `${x.event} ${x.id} at ${iso(verdict.due)}: ${verdict.verdict} ${verdict.observed} (${verdict.reason}, blind ${verdict.blind})`
    if (verdict.from !== window.from || verdict.to !== window.to)
      wrong.push(`${said} in ${iso(verdict.from)}–${iso(verdict.to)} instead of ${iso(window.from)}–${iso(window.to)}`)
    else if (!right.includes(verdict.verdict)) wrong.push(`${said}, but ${seen} are stored: ${right.join(' or ')}`)
  }
  return { wrong, decided }
}

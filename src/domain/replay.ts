import type { Terms } from './expectation.ts'
import { rule } from './judging.ts'
import type { Span } from './listening.ts'
import { dueAtOrBefore, type Schedule } from './schedule.ts'
import { type Duration, MINUTE, type Millis, minuteOf } from './time.ts'
import type { Outcome } from './verdict.ts'

/** Affirmations that count: `n` of one source at `at`, or in the grain of time that begins there. */
export type Tally = { at: Millis; source: string; n: number }

/**
 * Which dues are judged as if they were expected since `known`: oldest first. `start` is where the first window without a lookback begins.
 * What is judged after `horizon` waits.
 */
export type Plan = { known: Millis; start: Millis; dues: readonly Millis[]; horizon: Millis }

/** A verdict that there would have been. */
export type Replayed = { due: Millis; verdict: Outcome }

/** Takes tallies in order and judges each due as soon as its window is over. */
export type Replay = {
  readonly verdicts: readonly Replayed[]
  take(tallies: readonly Tally[]): void
  /** Nothing more will come: the rest is judged, too. */
  finish(): void
}

type Counter = {
  add(tally: Tally): void
  /** A window may begin here. */
  mark(at: Millis): void
  /** How many came since the mark. */
  since(from: Millis): number
}

function ofAffirmations(): Counter {
  const marks = new Map<Millis, number>()
  let total = 0
  return {
    add: ({ n }) => {
      total += n
    },
    mark: (at) => marks.set(at, total),
    since: (from) => total - (marks.get(from) ?? total),
  }
}

function ofSources(): Counter {
  const lastSeen = new Map<string, Millis>()
  return {
    add: ({ at, source }) => lastSeen.set(source, at),
    mark: () => undefined,
    since: (from) => {
      let n = 0
      for (const at of lastSeen.values()) if (at >= from) n += 1
      return n
    },
  }
}

type Open = { due: Millis; from: Millis; seen: number }
/** An instant at which something is counted: where a window begins, the due `i`, or the end of its grace. */
type Stop = { at: Millis; i: number; isEnd: boolean }

function stopsOf({ lookback, grace }: Terms, { start, dues }: Plan): Stop[] {
  const begins = lookback === null ? [start] : dues.map((due) => due - lookback)
  const stops = begins.map((at): Stop => ({ at, i: -1, isEnd: false }))
  dues.forEach((due, i) => {
    stops.push({ at: due, i, isEnd: false })
    if (grace > 0) stops.push({ at: due + grace, i, isEnd: true })
  })
  return stops.sort((a, b) => a.at - b.at)
}

/** Judges dues as the evaluator does, on affirmations that were all there in time. Windows that began before `known` are left out. */
export function aReplay(terms: Terms, plan: Plan, spans: readonly Span[]): Replay {
  const { known, horizon } = plan
  const counter = terms.count === 'sources' ? ofSources() : ofAffirmations()
  const stops = stopsOf(terms, plan)
  const open = new Map<number, Open>()
  const verdicts: Replayed[] = []
  let next = 0
  let windowStart = plan.start

  const conclude = ({ due, from, seen }: Open, seenWithGrace: number): void => {
    if (from < known) return
    const ruling = rule({ due, since: known, from, terms, seen, seenWithGrace }, horizon, spans)
    if (ruling.kind === 'judged') verdicts.push({ due, verdict: ruling.judgement.verdict })
  }

  const atDue = (i: number, due: Millis): void => {
    const from = terms.lookback === null ? Math.min(windowStart, due) : due - terms.lookback
    const owed = { due, from, seen: counter.since(from) }
    const isOver = terms.grace === 0 || owed.seen >= terms.atLeast
    windowStart = isOver ? due : due + terms.grace
    if (isOver) conclude(owed, 0)
    else open.set(i, owed)
  }

  const pass = ({ at, i, isEnd }: Stop): void => {
    counter.mark(at)
    if (i < 0) return
    if (!isEnd) atDue(i, at)
    const owed = isEnd ? open.get(i) : undefined
    if (owed === undefined) return
    open.delete(i)
    conclude(owed, counter.since(owed.from))
  }

  const passUntil = (at: Millis): void => {
    for (let stop = stops[next]; stop !== undefined && stop.at <= at; stop = stops[next]) {
      next += 1
      pass(stop)
    }
  }

  return {
    verdicts,
    take: (tallies) => {
      for (const tally of tallies) {
        passUntil(tally.at)
        counter.add(tally)
      }
    },
    finish: () => passUntil(Number.POSITIVE_INFINITY),
  }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** As fine as time must be told apart for these terms: no window begins or ends inside of such a grain. */
export const grainOf = ({ lookback, grace }: Pick<Terms, 'lookback' | 'grace'>): Duration =>
  divisor(divisor(MINUTE, lookback ?? 0), grace)

/** The dues up to `horizon`, newest first, down to the first one that is not after `known`; that one, too, for a window may begin at it. */
export function* duesBack(schedule: Schedule, horizon: Millis, known: Millis): Generator<Millis> {
  for (let due = dueAtOrBefore(schedule, horizon); due !== null; due = dueAtOrBefore(schedule, due - 1)) {
    yield due
    if (due <= known) return
  }
}

/** The plan for the newest `most` of these dues (as {@link duesBack} gives them). */
export function planOf(duesBack: readonly Millis[], most: number, known: Millis, horizon: Millis): Plan & { isCut: boolean } {
  const dues = duesBack.filter((due) => due > known)
  const isCut = dues.length > most
  const start = (isCut ? dues[most] : duesBack.find((due) => due <= known)) ?? minuteOf(known)
  return { known, start, dues: dues.slice(0, most).reverse(), horizon, isCut }
}

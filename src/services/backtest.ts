import { setImmediate as nextTurn } from 'node:timers/promises'
import { aSummary, type Backtest, type Tallies, whyUnknown } from '../domain/backtest.ts'
import type { Event } from '../domain/event.ts'
import type { Terms } from '../domain/expectation.ts'
import { mergeSpans, type Span } from '../domain/listening.ts'
import { aReplay, duesBack, grainOf, type Plan, planOf } from '../domain/replay.ts'
import { DAY, type Duration, type Millis, SECOND } from '../domain/time.ts'
import type { Store, TallyAsked } from '../store/store.ts'
import { SETTLING } from './health.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { aPace } from './pace.ts'

const LOOKED_BACK: Duration = 30 * DAY
/** As many as the evaluator catches up. */
const MOST_DUES = 10_000
/** Whoever types waits for it. */
const PATIENCE: Duration = 2 * SECOND
/** Rows counted in one statement: a few milliseconds, where others wait for it. */
const ROWS_HOLDING = { goal: 5, fewest: 500, most: 20_000 }
const ROWS_ELSEWHERE = { goal: 100, fewest: 5_000, most: 50_000 }
const DUES_AT_ONCE = 500

export type Backtesting = {
  /**
   * What these unsaved terms would have said of the event's affirmations of the last 30 days, or of as many as are known. Throws
   * `over-capacity` when too many ask at once.
   */
  backtest(event: Event, env: string, terms: Terms, now: Millis): Promise<Backtest>
  /** From when on it is known what happened: the event, or the first affirmation that is kept. */
  knownFrom(event: Event, env: string, now: Millis): Promise<Millis>
  /** Who listened since then, as windows are judged by. */
  spansSince(from: Millis, now: Millis): Promise<Span[]>
}

type Needs = {
  store: Pick<Store, 'engine' | 'tally' | 'affirmationsUpwards' | 'spans'>
  elapsed: () => number
  retention: Duration
}

/** Reads set-wise and in pieces, and lets others in between: a month of heartbeats is neither in memory nor in anybody's way. */
export function aBacktesting({ store, elapsed, retention }: Needs): Backtesting {
  const pace = aPace(elapsed, store.engine === 'sqlite' ? ROWS_HOLDING : ROWS_ELSEWHERE)
  const takeTurns = oneAtATime('Too many backtests are asked for at once. Try again in a moment.')

  const knownFrom = async (event: Event, env: string, now: Millis): Promise<Millis> => {
    const oldest = now - Math.min(LOOKED_BACK, retention)
    const { items } = await store.affirmationsUpwards(event, { env, from: oldest, to: now + 1 }, { limit: 1, cursor: null })
    return Math.max(oldest, Math.min(event.createdAt, items[0]?.at ?? event.createdAt))
  }

  const spansSince = async (from: Millis, now: Millis): Promise<Span[]> => mergeSpans(await store.spans({ from, to: now }))

  const plan = async (terms: Terms, known: Millis, horizon: Millis): Promise<Plan & { isCut: boolean }> => {
    const dues: Millis[] = []
    for (const due of duesBack(terms, horizon, known)) {
      dues.push(due)
      if (dues.length > MOST_DUES) break
      if (dues.length % DUES_AT_ONCE === 0) await nextTurn()
    }
    return planOf(dues, MOST_DUES, known, horizon)
  }

  const replay = async (event: Event, env: string, terms: Terms, now: Millis): Promise<Backtest> => {
    const begun = elapsed()
    const known = await knownFrom(event, env, now)
    const { isCut, ...planned } = await plan(terms, known, now - SETTLING)
    const first = isCut ? planned.start : known
    const { where, count, lookback, ignoreFailures } = terms
    const spans = await spansSince(first - (lookback ?? 0), now)
    const run = aReplay(terms, planned, spans)
    const summary = aSummary()
    const asked = { to: now + 1, grain: grainOf(terms), count, where }
    let from: Millis | null = Math.min(planned.start, (planned.dues[0] ?? now) - (lookback ?? 0))
    let counted = 0
    const add = (failures: readonly Millis[]): void => {
      const failed = ignoreFailures ? [] : failures.filter((at) => at >= first)
      summary.add([...run.verdicts.slice(counted), ...failed.map((due) => ({ due, verdict: 'missed' as const }))])
      counted = run.verdicts.length
    }
    while (from !== null && elapsed() - begun < PATIENCE) {
      const piece: TallyAsked = { ...asked, from }
      const { tallies, failures, next } = await pace.take((rows) => store.tally(event.id, env, piece, rows))
      run.take(tallies)
      add(failures)
      from = next
      await nextTurn()
    }
    if (from === null) run.finish()
    add([])
    const found = summary.of({ from: first, to: from ?? now })
    return { ...found, note: noteOf(from, isCut, found) }
  }

  return {
    backtest: (event, env, terms, now) => takeTurns(() => replay(event, env, terms, now)),
    knownFrom,
    spansSince,
  }
}

function noteOf(stoppedAt: Millis | null, isCut: boolean, tallies: Tallies): string | null {
  const cut = isCut ? 'The last 10,000 due instants.' : null
  const part = stoppedAt === null ? cut : 'There is more than could be counted in two seconds: this is the beginning of it.'
  const notes = [part, whyUnknown(tallies)].filter((note) => note !== null)
  return notes.length === 0 ? null : notes.join(' ')
}

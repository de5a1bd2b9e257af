import type { Event } from '../domain/event.ts'
import type { Expectation } from '../domain/expectation.ts'
import { mergeSpans } from '../domain/listening.ts'
import { DAY, type Duration, HOUR, MINUTE, type Millis, type Window } from '../domain/time.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { Bucket, Store, VerdictTally } from '../store/store.ts'

export const CHART_SPANS = ['90m', '1d', '30d'] as const
export type ChartSpan = (typeof CHART_SPANS)[number]

/** At most 90 bars, each a length that people count in. */
const SHAPES: Record<ChartSpan, { bucket: Duration; bars: number }> = {
  '90m': { bucket: MINUTE, bars: 90 },
  '1d': { bucket: 20 * MINUTE, bars: 72 },
  '30d': { bucket: 8 * HOUR, bars: 90 },
}
const FEWEST_WINDOWS = 6
/** More than these are drawn as one mark a bar. */
const MOST_WINDOWS = 150
/** Shorter ones are no wider than a hair. */
const SHORTEST_GAP: Duration = 10_000

/**
 * What came in and what was made of it. `window` ends after `now`: the last bar is not over. `windows` are the verdicts of one expectation,
 * oldest first; null where they are too many, and `tallies` count them by bar.
 */
export type Chart = {
  span: ChartSpan
  env: string
  window: Window
  bucket: Duration
  bars: readonly Bucket[]
  expectation: Expectation | null
  windows: readonly Verdict[] | null
  tallies: readonly VerdictTally[]
  /** Times in which no node listened. */
  deaf: readonly Window[]
  /** The window of the due that is next, as far as it has begun. */
  open: Window | null
}

type Asked = { event: Event; expectation: Expectation | null; env: string; span: ChartSpan | null }

/** The shortest span that shows a handful of windows. */
function fittingSpan(interval: Duration | null): ChartSpan {
  if (interval === null) return '1d'
  return CHART_SPANS.find((span) => SHAPES[span].bucket * SHAPES[span].bars >= FEWEST_WINDOWS * interval) ?? '30d'
}

/** The time between its last two dues. */
async function intervalOf(store: Store, expectation: Expectation | null): Promise<Duration | null> {
  if (expectation === null) return null
  const [last, before] = (await store.lastVerdicts([expectation.id], 2)).get(expectation.id)?.toReversed() ?? []
  if (last !== undefined && before !== undefined && last.due > before.due) return last.due - before.due
  return last !== undefined && expectation.nextDue !== null ? expectation.nextDue - last.due : DAY
}

function gapsIn(spans: readonly Window[], { from, to }: Window): Window[] {
  const ends = [from, ...mergeSpans(spans).flatMap((span) => [span.from, span.to]), to]
  const gaps: Window[] = []
  for (let i = 0; i < ends.length; i += 2) gaps.push({ from: Math.max(from, ends[i] ?? to), to: Math.min(to, ends[i + 1] ?? to) })
  return gaps.filter((gap) => gap.to - gap.from >= SHORTEST_GAP)
}

function openWindow(expectation: Expectation | null, lastTo: Millis | null, { from }: Window, now: Millis): Window | null {
  if (expectation === null || expectation.nextDue === null || expectation.pausedAt !== null) return null
  const { nextDue, terms } = expectation
  const begin = terms.lookback === null ? (lastTo ?? expectation.createdAt) : nextDue - terms.lookback
  return begin >= now || nextDue <= from ? null : { from: Math.max(from, begin), to: nextDue }
}

/** The windows one by one while they can be told apart. */
async function windowsOf(store: Store, { id }: Expectation, { from, to }: Window): Promise<Verdict[]> {
  const { items } = await store.verdicts({ expectation: id, from, to }, { limit: MOST_WINDOWS, cursor: null })
  return items.toReversed()
}

/** Reads what a chart of the event shows at `now`. `span` null: the one that fits its expectation. */
export async function readChart(store: Store, { event, expectation, env, span: asked }: Asked, now: Millis): Promise<Chart> {
  const span = asked ?? fittingSpan(await intervalOf(store, expectation))
  const { bucket, bars } = SHAPES[span]
  const to = (Math.floor(now / bucket) + 1) * bucket
  const window = { from: to - bars * bucket, to }
  const heard = { from: Math.max(window.from, event.createdAt), to: now }
  const [counts, tallies, spans] = await Promise.all([
    store.counts(event, env, window, bucket),
    expectation === null ? [] : store.verdictTallies(expectation.id, window, bucket),
    heard.from < now ? store.spans(heard) : [],
  ])
  const total = tallies.reduce((sum, { met, missed, unknown }) => sum + met + missed + unknown, 0)
  const windows = expectation === null ? [] : total > MOST_WINDOWS ? null : await windowsOf(store, expectation, window)
  const lastTo = windows?.findLast(({ reported }) => !reported)?.window.to ?? null
  return {
    ...{ span, env, window, bucket, expectation, windows, tallies },
    bars: counts,
    deaf: heard.from < now ? gapsIn(spans, heard) : [],
    open: openWindow(expectation, lastTo, window, now),
  }
}

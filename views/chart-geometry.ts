import type { Millis, Window } from '../src/domain/time.ts'
import type { Outcome } from '../src/domain/verdict.ts'
import { observedOfWanted } from './judged.ts'
import type { ChartView } from './models.chart.ts'
import type { VerdictView } from './models.ts'

/** Pixels of the drawing. Marks stand on top, their numbers under them, the bars below. */
export const WIDTH = 960
export const TOP = 52
export const BASE = 196
const TALLEST = BASE - TOP - 6
/** More windows than these leave no room for their numbers; more than twice as many, none for every mark. */
const MOST_NUMBERS = 36
const MOST_MARKS = 72

export type Box = { x: number; y: number; width: number; height: number }
/** A verdict as it is drawn: its window as a box, its mark over it. `says` is null where there is no room. */
export type Judged = { verdict: Outcome; box: Box | null; mark: number | null; says: string | null }

const round = (n: number): number => Math.round(n * 10) / 10

/** Where an instant stands, left to right. */
export const across = ({ from, to }: Window, at: Millis): number =>
  round(((Math.min(to, Math.max(from, at)) - from) / (to - from)) * WIDTH)

/** The room of a span of time between top and base. */
export function boxOf(window: Window, { from, to }: Window): Box {
  const x = across(window, from)
  return { x, y: TOP, width: round(across(window, to) - x), height: BASE - TOP }
}

/** A bar for each bucket, failures on top of what counts; the highest fills the room. */
export function barsOf({ window, bucket, bars }: ChartView): { fail: boolean; box: Box }[] {
  const highest = Math.max(3, ...bars.map(({ ok, fail }) => ok + fail))
  const tall = (n: number) => round((n / highest) * TALLEST)
  return bars.flatMap(({ from, ok, fail }) => {
    const x = across(window, from)
    const width = round(Math.max(1, across(window, from + bucket) - x - 2))
    const [low, high] = [tall(ok), tall(fail)]
    const box = (height: number, foot: number) => ({ x: round(x + 1), y: round(foot - height), width, height })
    return [
      ...(ok > 0 ? [{ fail: false, box: box(low, BASE) }] : []),
      ...(fail > 0 ? [{ fail: true, box: box(high, BASE - low) }] : []),
    ]
  })
}

const overlap = (windows: readonly VerdictView[]): boolean =>
  windows.some(({ window }, i) => window.from < (windows[i - 1]?.window.to ?? window.from))

function judgedOne(chart: ChartView, isCrowded: boolean, hasNumbers: boolean) {
  const all = chart.windows ?? []
  const isLayered = overlap(all.filter(({ reported }) => !reported))
  return (verdict: VerdictView): Judged => {
    const isMet = verdict.verdict === 'met'
    const box = verdict.reported || (isLayered && verdict.verdict !== 'missed') ? null : boxOf(chart.window, verdict.window)
    const place = box === null || isLayered ? across(chart.window, verdict.due) : box.x + box.width / 2
    return {
      verdict: verdict.verdict,
      box,
      mark: isMet && isCrowded ? null : round(Math.min(WIDTH - 8, Math.max(8, place))),
      says: hasNumbers && !verdict.reported ? (isMet ? `${verdict.observed}` : observedOfWanted(verdict)) : null,
    }
  }
}

/** One by one while they can be told apart, else a mark for each bar that holds something else than met. */
export function judgedOf(chart: ChartView): Judged[] {
  const { window, windows, tallies, bucket } = chart
  if (windows !== null) return windows.map(judgedOne(chart, windows.length > MOST_MARKS, windows.length <= MOST_NUMBERS))
  return tallies.flatMap(({ from, missed, unknown }): Judged[] => {
    if (missed + unknown === 0) return []
    const mark = across(window, from + bucket / 2)
    return missed > 0
      ? [{ verdict: 'missed', box: boxOf(window, { from, to: from + bucket }), mark, says: missed > 1 ? `${missed}` : null }]
      : [{ verdict: 'unknown', box: null, mark, says: null }]
  })
}

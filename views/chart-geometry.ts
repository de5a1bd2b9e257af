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
/** More windows than these leave no room for their numbers. */
const MOST_NUMBERS = 36
/** Marks closer than this lie on each other. */
const MARK = 15
/** Where marks stand: in the row on top, those of reported failures under it. */
const ROW = 8
const FAILURE_ROW = TOP + 4

export type Box = { x: number; y: number; width: number; height: number }
/** A verdict as it is drawn: its window as a box, its mark over it. `says` is null where there is no room. */
export type Judged = { verdict: Outcome; box: Box | null; mark: { x: number; y: number }; says: string | null }

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

/** Are there so many dues that most of their marks would lie on each other? */
const isCrowded = ({ window, windows }: ChartView): boolean => {
  const dues = windows?.filter(({ reported }) => !reported).map(({ due }) => due) ?? []
  const room = across(window, dues.at(-1) ?? 0) - across(window, dues[0] ?? 0)
  return dues.length > 1 && room / (dues.length - 1) < MARK
}

/** Inside the picture, the whole mark. */
const markAt = (x: number, y: number) => ({ x: round(Math.min(WIDTH - MARK / 2, Math.max(MARK / 2, x))), y })

function judgedOne(chart: ChartView, windows: readonly VerdictView[]) {
  const ofDues = windows.filter(({ reported }) => !reported)
  const isLayered = overlap(ofDues)
  const hasNumbers = ofDues.length <= MOST_NUMBERS
  return (verdict: VerdictView): Judged => {
    const { due, reported, window, observed } = verdict
    if (reported) return { verdict: 'missed', box: null, mark: markAt(across(chart.window, due), FAILURE_ROW), says: null }
    const box = isLayered && verdict.verdict !== 'missed' ? null : boxOf(chart.window, window)
    const place = box === null || isLayered ? across(chart.window, due) : box.x + box.width / 2
    const says = verdict.verdict === 'met' ? `${observed}` : observedOfWanted(verdict)
    return { verdict: verdict.verdict, box, mark: markAt(place, ROW), says: hasNumbers ? says : null }
  }
}

/** A mark for each bar that holds something else than met. */
function judgedByBar({ window, tallies, bucket }: ChartView): Judged[] {
  return tallies.flatMap(({ from, missed, unknown }): Judged[] => {
    if (missed + unknown === 0) return []
    const box = boxOf(window, { from, to: from + bucket })
    const mark = markAt(box.x + box.width / 2, ROW)
    return missed > 0 ? [{ verdict: 'missed', box, mark, says: null }] : [{ verdict: 'unknown', box: null, mark, says: null }]
  })
}

/** One by one while they can be told apart, else by bar. */
export const judgedOf = (chart: ChartView): Judged[] =>
  chart.windows === null || isCrowded(chart) ? judgedByBar(chart) : chart.windows.map(judgedOne(chart, chart.windows))

import type { Duration, Millis, Window } from '../src/domain/time.ts'
import type { Outcome } from '../src/domain/verdict.ts'
import type { VerdictView } from './models.ts'

/** How many came in from `from` on, for the length of a bar. */
export type Bar = { from: Millis; ok: number; fail: number }
/** Verdicts whose due lies in a bar's time. */
export type BarVerdicts = { from: Millis } & Record<Outcome, number>

/**
 * Affirmations of an event, and what was made of them. `windows` are one expectation's verdicts, oldest first; null where they are too many to be drawn one
 * by one: `tallies` count them then.
 */
export type ChartView = {
  /** `90m`, `1d`, `30d`. */
  span: string
  spans: readonly string[]
  env: string
  window: Window
  bucket: Duration
  bars: readonly Bar[]
  /** Whose windows are drawn, and whose could be; null without any. */
  expectation: { id: number; wanted: string } | null
  choices: readonly { id: number; sentence: string }[]
  windows: readonly VerdictView[] | null
  tallies: readonly BarVerdicts[]
  deaf: readonly Window[]
  open: Window | null
}

import type { BacktestDay, Tallies } from '../src/domain/backtest.ts'
import type { Confidence } from '../src/domain/suggestion.ts'
import type { Millis } from '../src/domain/time.ts'

/** One schedule counted on what was seen. `title` is "As typed" or "As suggested". */
export type BacktestRow = Tallies & {
  title: string
  schedule: string
  /** The terms in words. */
  sentence: string
  timeZone: string
  days: number
  daily: readonly BacktestDay[]
  /** The newest first, at most 50 of them. */
  wouldHaveMissed: readonly Millis[]
  note: string | null
}

/** `none`: nothing that could be counted. `later`: it comes by itself, or with the button. `busy`: too many ask. */
export type BacktestView =
  | { kind: 'none' }
  | { kind: 'later' }
  | { kind: 'busy' }
  | { kind: 'counted'; rows: readonly BacktestRow[] }

/** What was put into the fields, why, and how sure that is; `isFilled` false: nothing could be suggested, for this reason. */
export type SuggestionView = { isFilled: boolean; confidence: Confidence; why: string }

import type { Replayed } from './replay.ts'
import { DAY, type Millis } from './time.ts'
import type { Outcome } from './verdict.ts'

/** So many of the instants that would have been missed are named. */
const MOST_NAMED = 50

export type Tallies = Record<Outcome, number>

/** What a day (of UTC) would have brought. */
export type BacktestDay = Tallies & { day: Millis }

/** What unsaved terms would have said of the affirmations that there are. */
export type Backtest = Tallies & {
  /** How many days were looked at, with one decimal: fewer than 30 where less is known. */
  days: number
  /** The newest first, at most 50 of those in `missed`. */
  wouldHaveMissed: readonly Millis[]
  /** Oldest first; days without a verdict are left out. */
  daily: readonly BacktestDay[]
  /** Why it is not all of the time that could be looked at, and why much is unknown; null when neither is so. */
  note: string | null
}

/** Nothing was looked at. */
export const noBacktest: Backtest = { days: 0, met: 0, missed: 0, unknown: 0, wouldHaveMissed: [], daily: [], note: null }

const startOfDay = (at: Millis): Millis => at - (at % DAY)

/** Adds verdicts up as they come; instants ascend in each of the two. */
export function aSummary(): {
  add(verdicts: readonly Replayed[]): void
  of(span: { from: Millis; to: Millis }): Omit<Backtest, 'note'>
} {
  const days = new Map<Millis, BacktestDay>()
  let missed: Millis[] = []
  const note = ({ due, verdict }: Replayed): void => {
    const day = days.get(startOfDay(due)) ?? { day: startOfDay(due), met: 0, missed: 0, unknown: 0 }
    day[verdict] += 1
    days.set(day.day, day)
    if (verdict === 'missed') missed.push(due)
  }
  return {
    add: (verdicts) => {
      verdicts.forEach(note)
      missed = missed.sort((a, b) => b - a).slice(0, MOST_NAMED)
    },
    of: ({ from, to }) => {
      const daily = [...days.values()].sort((a, b) => a.day - b.day)
      const sum = (outcome: Outcome) => daily.reduce((all, day) => all + day[outcome], 0)
      return {
        days: Math.max(0, Math.round(((to - from) / DAY) * 10) / 10),
        met: sum('met'),
        missed: sum('missed'),
        unknown: sum('unknown'),
        wouldHaveMissed: missed,
        daily,
      }
    },
  }
}

/** From this share on it needs a word why. */
const MUCH = 0.1

/** Is a good part of it unknown? */
export const isMuchUnknown = ({ met, missed, unknown }: Tallies): boolean =>
  unknown > 0 && unknown >= MUCH * (met + missed + unknown)

/** Why a good part is unknown: windows from before the event was known are left out, so it is only that nobody listened. */
export function whyUnknown(tallies: Tallies): string | null {
  if (!isMuchUnknown(tallies)) return null
  const { unknown } = tallies
  const [n, verb] = [unknown.toLocaleString('en'), unknown === 1 ? 'is' : 'are']
  return `${n} ${verb} unknown: nobody was listening then, so that nothing is known of what did not come.`
}

/** The share of the verdicts that silence or noise could have been told by; null when there is none. */
export const shareMet = ({ met, missed }: Pick<Tallies, 'met' | 'missed'>): number | null =>
  met + missed === 0 ? null : met / (met + missed)

import { type Duration, MINUTE } from './time.ts'

/** Where in a period things happen: from `lo`, `spread` long; it may pass the period's end. */
export type Arc = { lo: Duration; spread: Duration }

/** So much of what is seen makes a habit; the rest are outliers. */
const SHARE = 0.95

/** What is near the arc belongs to it, though it was not needed. */
function widened({ lo, spread }: Arc, phases: readonly Duration[], period: Duration): Arc {
  const near = Math.max(spread / 4, MINUTE / 2)
  const before = Math.max(0, ...phases.map((phase) => (lo - phase + period) % period).filter((d) => d <= near))
  const after = Math.max(0, ...phases.map((phase) => (phase - lo - spread + 2 * period) % period).filter((d) => d <= near))
  return { lo: (lo - before + period) % period, spread: Math.min(period - 1, spread + before + after) }
}

/** The shortest arc of the period's circle in which nearly all `times` lie. There must be one. */
export function shortestArc(times: readonly Duration[], period: Duration): Arc {
  const phases = times.map((time) => time % period).sort((a, b) => a - b)
  const [n, k] = [phases.length, Math.ceil(phases.length * SHARE)]
  let best: Arc = { lo: 0, spread: period }
  for (let i = 0; i < n; i++) {
    const last = i + k - 1
    const [lo = 0, hi = 0] = [phases[i], phases[last % n]]
    // Past the end of the circle: the very same time once more is a whole period away.
    const spread = hi - lo + (last >= n ? period : 0)
    if (spread < best.spread) best = { lo, spread }
  }
  return widened(best, phases, period)
}

export const isIn = ({ lo, spread }: Arc, time: Duration, period: Duration): boolean =>
  (((time - lo) % period) + period) % period <= spread

/** 13:00 is a rounder time than 13:30, and that than 13:31. */
const roundness = (minute: number): number => [60, 30, 15, 10, 5, 1].findIndex((n) => minute % n === 0)

/** Of `n` that come late by chance, the first comes after this n-th of the spread at most, nearly always. */
const LUCK = 5

/**
 * The minute of the period at which it was likely meant to happen: things come late, by chance at least a little, and seldom early. Out of `n`
 * that were seen. Within the arc or shortly before it.
 */
export function meantMinute({ lo, spread }: Arc, n: number): number {
  const first = Math.floor(lo / MINUTE)
  const earliest = Math.ceil((lo - (LUCK * spread) / n) / MINUTE)
  let best = first
  for (let minute = first - 1; minute >= earliest; minute--) if (roundness(minute) < roundness(best)) best = minute
  const hour = Math.ceil(lo / MINUTE / 30) * 30
  const isAround = roundness(best) > 4 && hour * MINUTE <= lo + spread
  return isAround ? hour : best
}

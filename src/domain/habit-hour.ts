import { shortestArc } from './arc.ts'
import { DAY, HOUR, type Millis } from './time.ts'
import { offsetAt } from './zone.ts'

/** The full local hour after the time of day at which something has mostly happened: a good one to look at whether it did. */
export function localHourAfter(instants: readonly Millis[], zone: string): number {
  const { lo, spread } = shortestArc(
    instants.map((at) => at + offsetAt(zone, at)),
    DAY,
  )
  return Math.ceil((lo + spread) / HOUR) % 24
}

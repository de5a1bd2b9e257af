import { DAY, iso, type Millis } from './time.ts'
import { offsetAt } from './zone.ts'

const SHAPE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00(?:\.0+)?)?$/

/**
 * What a clock on the wall of a zone shows, to the minute (`2026-03-04T22:00`, also with a space) → the instant; null for what is no such time. Of a
 * time that a change of the clock shows twice it is the first; one that it leaves out is as much later.
 */
export function readLocal(text: string, zone: string): Millis | null {
  const [, day = '', time = ''] = SHAPE.exec(text.trim()) ?? []
  const local = Date.parse(`${day}T${time}Z`)
  // Date.parse turns February 30 into March 2.
  if (Number.isNaN(local) || local < 0 || iso(local).slice(0, 10) !== day) return null
  const before = local - offsetAt(zone, local - DAY)
  const found = [before, local - offsetAt(zone, local + DAY)].find((at) => at + offsetAt(zone, at) === local) ?? before
  return found >= 0 ? found : null
}

/** The other way round: `2026-03-04T22:00`. */
export const writeLocal = (at: Millis, zone: string): string => iso(at + offsetAt(zone, at)).slice(0, 16)

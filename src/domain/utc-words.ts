import { writeLocal } from './local-time.ts'
import { iso, type Millis } from './time.ts'

const clockOf = (text: string): string => text.slice(11, 16)
const isSameDay = (one: string, other: string): boolean => one.slice(0, 10) === other.slice(0, 10)

/** "2026-03-02 01:05 UTC"; where clocks of the zone show another time, that too: "… UTC (02:05 in Europe/Berlin)", with its day where that is another. */
export function inUtc(at: Millis, timeZone: string): string {
  const utc = iso(at).slice(0, 16)
  const local = writeLocal(at, timeZone)
  const said = `${utc.replace('T', ' ')} UTC`
  if (local === utc) return said
  return `${said} (${isSameDay(utc, local) ? clockOf(local) : local.replace('T', ' ')} in ${timeZone})`
}

/** "19:26 UTC"; with the day where that is not the one of `now`. */
export const shortlyInUtc = (at: Millis, now: Millis): string =>
  isSameDay(iso(at), iso(now)) ? `${clockOf(iso(at))} UTC` : inUtc(at, 'UTC')

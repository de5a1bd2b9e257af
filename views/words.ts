import { DAY, HOUR, iso, MINUTE, type Millis, SECOND, type Window } from '../src/domain/time.ts'
import { offsetAt } from '../src/domain/zone.ts'
import type { Moment } from './models.ts'

/** From when it is said, and in which zone; a bare instant says UTC. */
type From = Moment | Millis

const nowOf = (from: From): Millis => (typeof from === 'number' ? from : from.now)

/** The instant at which UTC shows what the leading zone shows: one reckoning serves both. */
const led = (at: Millis, from: From): Millis =>
  typeof from === 'number' || from.leads === 'utc' ? at : at + offsetAt(from.timeZone, at)

/** `Berlin` for `Europe/Berlin`. */
export const cityOf = (timeZone: string): string => (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')

/** Which zone leads: `UTC`, `Berlin`. */
export const leadingZone = ({ leads, timeZone }: Moment): string => (leads === 'utc' ? 'UTC' : cityOf(timeZone))

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `1950` → `1,950`. */
export const grouped = (n: number): string => `${n}`.replace(/\B(?=(\d{3})+$)/g, ',')

/** `1 field`, `2 fields`, `1,950 fields`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${grouped(n)} ${n === 1 ? one : many}`

/** `12 s`, `76 min`, `6 h 45 min`, `22 h`, `28 days`. `assets/affirmative.js` says it in the same words; a test holds them together. */
export function spanInWords(span: number): string {
  if (span < 100 * SECOND) return `${Math.round(span / SECOND)} s`
  if (span < 100 * MINUTE) return `${Math.round(span / MINUTE)} min`
  const minutes = Math.round(span / MINUTE) % 60
  if (span < 10 * HOUR && minutes > 0) return `${Math.floor(Math.round(span / MINUTE) / 60)} h ${minutes} min`
  if (span < 2 * DAY) return `${Math.round(span / HOUR)} h`
  return `${Math.round(span / DAY)} days`
}

/** `12 s ago`, `in 48 s`, `just now`. */
export function relative(at: Millis, now: Millis): string {
  if (Math.abs(at - now) < 1.5 * SECOND) return 'just now'
  return at < now ? `${spanInWords(now - at)} ago` : `in ${spanInWords(at - now)}`
}

/** `user:ann` → `ann`; other sources as they are. */
export const signer = (source: string): string => source.replace(/^user:(?=.)/, '')

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** `09:14`, with seconds where there are any. By hand: a board says it ten thousand times. */
export function clock(at: Millis, from: From = at): string {
  const seconds = Math.floor(led(at, from) / SECOND) % 86_400
  const minute = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}`
  return at % MINUTE < SECOND ? minute : `${minute}:${two(seconds % 60)}`
}

/** `09:14:12`. */
export const seconds = (at: Millis, from: From): string => iso(led(at, from)).slice(11, 19)

let lastDay: { number: number; text: string; year: number } | null = null

/** The day of an instant in words; the same one is asked for again and again. */
function dayOf(at: Millis): { text: string; year: number } {
  const number = Math.floor(at / DAY)
  if (lastDay?.number !== number) {
    const date = new Date(at)
    lastDay = { number, text: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`, year: date.getUTCFullYear() }
  }
  return lastDay
}

/** `4 Mar`; with the year where it is not the one of now. */
export function day(at: Millis, from: From): string {
  const { text, year } = dayOf(led(at, from))
  return year === new Date(led(nowOf(from), from)).getUTCFullYear() ? text : `${text} ${year}`
}

/** `4 Mar 09:14`. */
export const dayAndClock = (at: Millis, from: From): string => `${day(at, from)} ${clock(at, from)}`

const isSameDay = (a: Millis, b: Millis, from: From): boolean => Math.floor(led(a, from) / DAY) === Math.floor(led(b, from) / DAY)

/** `09:14` today, else `4 Mar 09:14`. */
export const shortly = (at: Millis, from: From): string =>
  isSameDay(at, nowOf(from), from) ? clock(at, from) : dayAndClock(at, from)

/** `06:40 to 07:00`; with days where it crosses one or is not of the day `due` (which stands beside it). */
export function windowInWords({ from, to }: Window, due: Millis, at: From): string {
  if (isSameDay(from, due, at) && isSameDay(to, due, at)) return `${clock(from, at)} to ${clock(to, at)}`
  return `${dayAndClock(from, at)} to ${dayAndClock(to, at)}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs a hundred times what using it does. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const options = { weekday: 'short', year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, ...options, ...time })
  formats.set(timeZone, format)
  return format
}

function partsIn(timeZone: string, at: Millis): Record<string, string> {
  return Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
}

/** `Wed 4 Mar, 16:00` in a zone. */
export function zoned(at: Millis, timeZone: string): string {
  const { weekday, day: date, month, hour, minute } = partsIn(timeZone, at)
  return `${weekday} ${Number(date)} ${MONTHS[Number(month) - 1]}, ${hour}:${minute}`
}

/** `2026-03-04 09:14:12`, of UTC when `led` has not moved it. */
const stamp = (at: Millis): string => `${iso(at).slice(0, 10)} ${iso(at).slice(11, 19)}`

/**
 * For tooltips, both zones, the leading one first and whole: `2026-03-04 09:14:12 UTC, 10:14:12 in Europe/Berlin`; the day of the
 * other where it differs.
 */
export function inFull(at: Millis, { now, timeZone, leads }: Moment): string {
  if (timeZone === 'UTC') return `${stamp(at)} UTC`
  const local = at + offsetAt(timeZone, at)
  const [utcName, localName] = [' UTC', ` in ${timeZone}`]
  const [first, second] = leads === 'utc' ? [at, local] : [local, at]
  const [name, otherName] = leads === 'utc' ? [utcName, localName] : [localName, utcName]
  const other = isSameDay(first, second, 0) ? '' : `${day(second, now)} `
  return `${stamp(first)}${name}, ${other}${iso(second).slice(11, 19)}${otherName}`
}

import { nearestName } from './nearest.ts'
import { DAY, type Duration, type Millis, SECOND } from './time.ts'

/** From `at` on the zone is `offset` ahead of UTC. */
type Change = { at: Millis; offset: Duration }
/** A zone in one year: what holds at its start, then every change in it. */
type ZoneYear = readonly Change[]

const MOST_CACHED = 4_000
const years = new Map<string, ZoneYear>()
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const numeric = 'numeric'
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  })
  if (formats.size >= MOST_CACHED) formats.clear()
  formats.set(zone, format)
  return format
}

/** Asked of the zone database itself; slow. */
function readOffset(zone: string, at: Millis): Duration {
  const whole = Math.floor(at / SECOND) * SECOND
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}

/** The first instant after `from` that has the offset of `to`, to the second. */
function changeBetween(zone: string, from: Millis, to: Millis, before: Duration): Millis {
  let [low, high] = [from, to]
  while (high - low > SECOND) {
    const middle = Math.floor((low + high) / 2 / SECOND) * SECOND
    if (readOffset(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

function readYear(zone: string, year: number): ZoneYear {
  const start = Date.UTC(year, 0, 1)
  const end = Date.UTC(year + 1, 0, 1)
  const changes = [{ at: start, offset: readOffset(zone, start) }]
  // A day at a time: no zone changes twice within one.
  for (let at = start; at < end; at += DAY) {
    const { offset } = changes.at(-1) ?? { offset: 0 }
    const next = readOffset(zone, at + DAY)
    if (next !== offset) changes.push({ at: changeBetween(zone, at, at + DAY, offset), offset: next })
  }
  return changes.filter(({ at }) => at < end)
}

function yearOf(zone: string, at: Millis): ZoneYear {
  const year = new Date(at).getUTCFullYear()
  const key = `${zone} ${year}`
  const known = years.get(key)
  if (known !== undefined) return known
  const read = readYear(zone, year)
  if (years.size >= MOST_CACHED) years.clear()
  years.set(key, read)
  return read
}

/** How far the zone is ahead of UTC at an instant. */
export function offsetAt(zone: string, at: Millis): Duration {
  if (zone === 'UTC') return 0
  const changes = yearOf(zone, at)
  for (let i = changes.length - 1; i >= 0; i--) {
    const change = changes[i]
    if (change !== undefined && change.at <= at) return change.offset
  }
  return changes[0]?.offset ?? 0
}

/** Instants in `(from, to]` from which on the offset is another. */
export function changesBetween(zone: string, from: Millis, to: Millis): Change[] {
  if (zone === 'UTC') return []
  const found: Change[] = []
  for (let year = new Date(from).getUTCFullYear(); year <= new Date(to).getUTCFullYear(); year++)
    found.push(
      ...yearOf(zone, Date.UTC(year, 0, 1)).filter(
        ({ at }) => at > from && at <= to && offsetAt(zone, at - 1) !== offsetAt(zone, at),
      ),
    )
  return found
}

const SHAPE = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/

/** What is wrong with a time zone's name, in a sentence; null when nothing is. */
export function checkTimeZone(zone: string): string | null {
  if (SHAPE.test(zone)) {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: zone })
      return null
    } catch {}
  }
  const nearest = nearestName(zone, Intl.supportedValuesOf('timeZone'))
  return `${JSON.stringify(zone.slice(0, 64))} is not an IANA time zone; write one like UTC or Europe/Berlin.${nearest === null ? '' : ` Did you mean ${nearest}?`}`
}

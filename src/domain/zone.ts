import { remembering } from './bounded-cache.ts'
import { nearestName } from './nearest.ts'
import { DAY, type Duration, MINUTE, type Millis } from './time.ts'

/** A span `[from, to)` in which a zone is `offset` ahead of UTC; just before it, it was `before` ahead. A new year begins a new stretch. */
export type Stretch = { readonly from: Millis; readonly to: Millis; readonly offset: Duration; readonly before: Duration }

type Change = { at: Millis; offset: Duration }

const UTC: Stretch = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, offset: 0, before: 0 }

/** From 1990 to 2060 no zone changes twice within a week (Gaza in 2040 comes nearest), so that no change hides between two looks. */
const BETWEEN_LOOKS = 3 * DAY

const formatOf = remembering(64, (zone) => new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }))

/** Asked of the zone database itself: a microsecond. Seconds, which only offsets of before 1972 have, are dropped. */
function readOffset(zone: string, at: Millis): Duration {
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(formatOf(zone).format(at)) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE
}

/** The first minute in `(from, to]` whose offset is not `before`, when `to`'s is not. */
function changeIn(zone: string, from: Millis, to: Millis, before: Duration): Change {
  let [low, high] = [from, to]
  while (high - low > MINUTE) {
    const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE
    if (readOffset(zone, middle) === before) low = middle
    else high = middle
  }
  return { at: high, offset: readOffset(zone, high) }
}

function changesOf(zone: string, start: Millis, end: Millis): Change[] {
  const changes: Change[] = []
  let offset = readOffset(zone, start)
  for (let at = start; at < end - MINUTE; at += BETWEEN_LOOKS) {
    const next = Math.min(at + BETWEEN_LOOKS, end - MINUTE)
    if (readOffset(zone, next) === offset) continue
    const change = changeIn(zone, at, next, offset)
    changes.push(change)
    offset = change.offset
  }
  return changes
}

const stretchesOf = remembering(4_000, (key): Stretch[] => {
  const [zone = '', year] = key.split(' ')
  const [start, end] = [Date.UTC(Number(year), 0, 1), Date.UTC(Number(year) + 1, 0, 1)]
  const changes = [{ at: start, offset: readOffset(zone, start) }, ...changesOf(zone, start, end)]
  return changes.map(({ at, offset }, i) => ({
    from: at,
    to: changes[i + 1]?.at ?? end,
    offset,
    before: changes[i - 1]?.offset ?? readOffset(zone, start - MINUTE),
  }))
})

/** The stretch of the zone's time that holds `at`. The zone must be known. */
export function stretchAt(zone: string, at: Millis): Stretch {
  if (zone === 'UTC') return UTC
  const stretch = stretchesOf(`${zone} ${new Date(at).getUTCFullYear()}`).find(({ to }) => at < to)
  if (stretch === undefined) throw new Error(`${at} is no instant`)
  return stretch
}

/** How far the zone is ahead of UTC at an instant. */
export const offsetAt = (zone: string, at: Millis): Duration => stretchAt(zone, at).offset

const SHAPE = /^[A-Z][A-Z0-9_+/-]{0,63}$/i
/** The abbreviations that the IANA database has. ICU knows more of them, and means Dhaka by BST. */
const ABBREVIATIONS = /^(UTC|UCT|GMT|EST|MST|HST|CET|MET|EET|WET|PRC|ROC|ROK)$/i
const ONLY_ICU = /^([A-Z]{3}|SystemV\/.*)$/i

function isZone(name: string): boolean {
  if (!SHAPE.test(name) || (ONLY_ICU.test(name) && !ABBREVIATIONS.test(name))) return false
  try {
    formatOf(name)
    return true
  } catch {
    // The constructor's RangeError is how Intl says that it does not know a zone.
    return false
  }
}

/** What is wrong with a time zone's name, in one sentence; null when it is a zone of the IANA database. */
export function checkTimeZone(zone: string): string | null {
  if (isZone(zone)) return null
  const nearest = nearestName(zone.slice(0, 64), Intl.supportedValuesOf('timeZone'))
  const meant = nearest === null ? 'write one like UTC or Europe/Berlin.' : `did you mean ${nearest}?`
  return `${JSON.stringify(zone.slice(0, 64))} is not an IANA time zone: ${meant}`
}

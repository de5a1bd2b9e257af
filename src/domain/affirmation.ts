import { DAY, type Duration, HOUR, iso, MINUTE, type Millis, SECOND } from './time.ts'

/** `ok` counts, `fail` is a reported failure, `start` and `log` are kept but never counted. */
export const STATUSES = ['ok', 'fail', 'start', 'log'] as const
export type Status = (typeof STATUSES)[number]

/** How a status is kept: its place in the list, one byte. */
export const statusNumber = (status: Status): number => STATUSES.indexOf(status)
export const OK = statusNumber('ok')
export const FAIL = statusNumber('fail')
/** How one that was taken back is kept: a number of no status, so that nothing counts it. */
export const WITHDRAWN = STATUSES.length

/** Who took it back, and when. */
export type Withdrawn = { by: string; at: Millis }

/** "It happened." `value` is JSON text as it was given, or null for none. */
export type Affirmation = {
  id: number
  event: string
  env: string
  at: Millis
  status: Status
  source: string
  value: string | null
  clientId: string | null
  /** Set when it was taken back: then it counts no more. `status` is the one it had. */
  withdrawn: Withdrawn | null
}

export const LARGEST_VALUE = 64 * 1024
export const LONGEST_SOURCE = 200
export const LONGEST_CLIENT_ID = 200

/** How far from now an affirmation's `at` may be. */
export type Reach = { old: Duration; ahead: Duration }

const ISO_SHAPE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/i
/** Numbers below are seconds, from here on milliseconds: as seconds this is the year 5138, as milliseconds 1973. */
const FIRST_MILLIS = 1e11
/** The last millisecond of the year 9999: later ones have no plain ISO-8601 form, and soon none at all. */
const LAST = 253_402_300_799_999
const within = (at: Millis): Millis | null => (at >= 0 && at <= LAST ? at : null)

function readIso(text: string): Millis | null {
  const shape = ISO_SHAPE.exec(text)
  if (shape === null || (text.length > 10 && shape[1] === undefined)) return null
  const day = text.slice(0, 10)
  const at = Date.parse(
    text
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
      .replace(/z$/, 'Z'),
  )
  // Date.parse turns February 30 into March 1; a day that is not in the calendar is a mistake, not a wish.
  if (Number.isNaN(at) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return null
  return within(at)
}

/** An instant from 1970 to 9999 as ISO-8601 with a zone (`2026-03-04T09:14:00Z`), or as epoch seconds or milliseconds; null when it is neither. */
export function readInstant(input: string | number): Millis | null {
  if (typeof input === 'string' && !/^-?\d{1,16}(\.\d{1,9})?$/.test(input)) return readIso(input)
  const n = Number(input)
  return Number.isFinite(n) ? within(Math.floor(n < FIRST_MILLIS ? Math.round(n * 1e6) / 1e3 : n)) : null
}

export const INSTANT_RULE = 'write ISO-8601 with a zone, like 2026-03-04T09:14:00Z, or epoch seconds or milliseconds'

const roughly = (d: Duration): string =>
  d % DAY === 0
    ? `${d / DAY} days`
    : d % HOUR === 0
      ? `${d / HOUR} hours`
      : d % MINUTE === 0
        ? `${d / MINUTE} minutes`
        : `${d / SECOND} seconds`

/** Why an affirmation of this `at` cannot be taken at `now`; null when it can. */
export function outOfReach(at: Millis, now: Millis, reach: Reach): string | null {
  if (at < now - reach.old) return `${iso(at)} is more than ${roughly(reach.old)} ago; older affirmations are not kept`
  if (at > now + reach.ahead) return `${iso(at)} is more than ${roughly(reach.ahead)} ahead of this server's clock (${iso(now)})`
  return null
}

import type { Cron } from './cron.ts'
import { DAY, type Duration, MINUTE, type Window } from './time.ts'

/** A time on a clock without a zone, what the calendar on the wall says: milliseconds as if it were UTC. */
export type Local = number

/** A schedule without a due in so long never fires: February 29 falls on one weekday again after 40 years at the latest. */
export const NEVER: Duration = 41 * 366 * DAY

const dayOf = (local: Local): number => Math.floor(local / DAY)
const startOfMonth = (date: Date, further: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + further, 1)

function isWeekday({ weekdays, nths }: Cron, date: Date, length: number): boolean {
  const weekday = date.getUTCDay()
  if (weekdays.has(weekday)) return true
  const day = date.getUTCDate()
  return nths.some((wanted) => {
    if (wanted.weekday !== weekday) return false
    return wanted.nth === null ? day > length - 7 : wanted.nth === Math.ceil(day / 7)
  })
}

function isDay(cron: Cron, date: Date): boolean {
  const length = dayOf(startOfMonth(date, 1)) - dayOf(startOfMonth(date, 0))
  const day = date.getUTCDate()
  const isDate = cron.days.has(day) || (cron.isLastDay && day === length)
  if (cron.isEitherDay ? isDate : !isDate) return isDate
  return isWeekday(cron, date, length)
}

/** The first time of day not before `from`, and the last one not after `to`, in minutes; null when there is none. */
function timeFrom({ hours, minutes }: Cron, from: number): number | null {
  const hour = Math.floor(from / 60)
  const minute = hours.includes(hour) ? minutes.find((m) => m >= from % 60) : undefined
  if (minute !== undefined) return hour * 60 + minute
  const next = hours.find((h) => h > hour)
  return next === undefined ? null : next * 60 + (minutes[0] ?? 0)
}

function timeUpTo({ hours, minutes }: Cron, to: number): number | null {
  const hour = Math.floor(to / 60)
  const minute = hours.includes(hour) ? minutes.findLast((m) => m <= to % 60) : undefined
  if (minute !== undefined) return hour * 60 + minute
  const last = hours.findLast((h) => h < hour)
  return last === undefined ? null : last * 60 + (minutes.at(-1) ?? 0)
}

/** The first local time in `[from, to)` that the expression names; both on whole minutes. */
export function firstIn(cron: Cron, { from, to }: Window): Local | null {
  for (let day = dayOf(from) * DAY; day < to; ) {
    const date = new Date(day)
    if (!cron.months.has(date.getUTCMonth() + 1)) {
      day = startOfMonth(date, 1)
      continue
    }
    const time = isDay(cron, date) ? timeFrom(cron, Math.max(0, from - day) / MINUTE) : null
    if (time !== null) return day + time * MINUTE < to ? day + time * MINUTE : null
    day += DAY
  }
  return null
}

/** The last local time in `[from, to)` that the expression names; both on whole minutes. */
export function lastIn(cron: Cron, { from, to }: Window): Local | null {
  for (let day = dayOf(to - MINUTE) * DAY; day + DAY > from; ) {
    const date = new Date(day)
    if (!cron.months.has(date.getUTCMonth() + 1)) {
      day = startOfMonth(date, 0) - DAY
      continue
    }
    const time = isDay(cron, date) ? timeUpTo(cron, Math.min(DAY, to - day) / MINUTE - 1) : null
    if (time !== null) return day + time * MINUTE >= from ? day + time * MINUTE : null
    day -= DAY
  }
  return null
}

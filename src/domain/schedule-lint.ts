import { clockChangesInWords } from './clock-changes.ts'
import { plainly, readCron } from './cron.ts'
import { MONTHS } from './cron-element.ts'
import { checkSchedule } from './cron-fields.ts'
import { durationInWords } from './duration.ts'
import { intervalsOf } from './intervals.ts'
import { listed } from './listed.ts'
import { dueAfter, type Schedule } from './schedule.ts'
import type { Duration, Millis } from './time.ts'

export type ScheduleWarning = {
  kind: 'fires-often' | 'never-fires' | 'lookback-shorter' | 'lookback-longer' | 'dst' | 'short-month'
  detail: string
  /** An expression that may be meant instead. */
  suggestion?: string
}

/** `* 7 * * *` is due every minute of that hour; nearly always `0 7 * * *` is meant. */
function firesOften(expression: string): ScheduleWarning[] {
  const [minute = '', hour = '', ...days] = plainly(expression).split(' ')
  const { hours } = readCron(expression)
  if (minute !== '*' || hours.length === 24) return []
  const suggestion = ['0', hour, ...days].join(' ')
  const times = hours.length === 1 ? 'once' : `${hours.length} times`
  const detail = `Fires ${60 * hours.length} times a day. Did you mean ${suggestion}, ${times} a day?`
  return [{ kind: 'fires-often', detail, suggestion }]
}

function tooShort(lookback: Duration, shortest: Duration, longest: Duration): ScheduleWarning[] {
  if (lookback >= longest) return []
  const [least, most] = [shortest - lookback, longest - lookback].map(durationInWords)
  const between = shortest === longest ? most : shortest <= lookback ? `up to ${most}` : `${least} to ${most}`
  const counted = `Each verdict counts the last ${durationInWords(lookback)} before it is due`
  const detail = `${counted}; the time between, ${between}, is counted by none. That is right for a job that affirms shortly before.`
  return [{ kind: 'lookback-shorter', detail }]
}

function tooLong(lookback: Duration, shortest: Duration): ScheduleWarning[] {
  if (lookback <= shortest) return []
  const [one, other] = [durationInWords(lookback), durationInWords(shortest)]
  const detail = `The lookback (${one}) is longer than the shortest time between two dues (${other}): one affirmation can satisfy several.`
  return [{ kind: 'lookback-longer', detail }]
}

/** Without a lookback every affirmation counts exactly once. A change of the clock, an hour a year, is no reason to warn. */
function lookbackOdds(expression: string, lookback: Duration | null, at: Millis): ScheduleWarning[] {
  const intervals = lookback === null ? null : intervalsOf(expression, at)
  if (lookback === null || intervals === null) return []
  const { shortest, longest } = intervals
  return [...tooShort(lookback, shortest, longest), ...tooLong(lookback, shortest)]
}

const daysIn = (month: number): number => new Date(Date.UTC(2001, month, 0)).getUTCDate()

/** Days that not every month of the schedule has. */
function shortMonths(expression: string): ScheduleWarning[] {
  const fields = plainly(expression).split(' ')
  const { days, months, isEitherDay } = readCron(expression)
  const last = Math.max(...days)
  const short = MONTHS.filter((_, i) => months.has(i + 1) && daysIn(i + 1) < last)
  if (fields[2]?.startsWith('*') || isEitherDay || short.length === 0) return []
  const detail =
    last === 29
      ? 'February has a day 29 in leap years only.'
      : `${listed(short)} ${short.length === 1 ? 'has' : 'have'} no day ${last}: it is left out there.`
  if (fields[2] !== '31') return [{ kind: 'short-month', detail }]
  return [{ kind: 'short-month', detail: `${detail} L is the last day of a month.`, suggestion: fields.with(2, 'L').join(' ') }]
}

/** What may not be meant in a schedule, the gravest first. `at`: from when on it is looked at. */
export function scheduleWarnings(schedule: Schedule, lookback: Duration | null, at: Millis): ScheduleWarning[] {
  const { expression } = schedule
  if (dueAfter(schedule, at) === null)
    return [{ kind: 'never-fires', detail: checkSchedule(expression) ?? 'This never fires again.' }]
  const changes = clockChangesInWords(schedule, at)
  return [
    ...firesOften(expression),
    ...(changes.length === 0 ? [] : [{ kind: 'dst' as const, detail: changes.join(' ') }]),
    ...shortMonths(expression),
    ...lookbackOdds(expression, lookback, at),
  ]
}

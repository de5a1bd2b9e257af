import { plainly } from './cron-fields.ts'
import { durationInWords } from './duration.ts'
import { dueAfter, duesAfter, type Schedule } from './schedule.ts'
import { DAY, type Duration, iso, MINUTE, type Millis } from './time.ts'
import { changesBetween, offsetAt } from './zone.ts'

export type ScheduleWarning = {
  kind: 'fires-often' | 'never-fires' | 'lookback-shorter' | 'lookback-longer' | 'dst' | 'short-month'
  detail: string
  /** An expression that may be meant instead. */
  suggestion?: string
}

const INTERVALS_LOOKED_AT = 60
const DST_LOOKED_AHEAD = 400 * DAY

/** Values of an hour field that is no wildcard: how many times it matches a day. */
function matchesOf(field: string, most: number): number {
  const hit = new Set<number>()
  for (const element of field.split(',')) {
    const [range = '', step = '1'] = element.split('/')
    const [from = 0, to = element.includes('/') ? most : from] = range === '*' ? [0, most] : range.split('-').map(Number)
    for (let n = from; n <= to; n += Number(step)) hit.add(n)
  }
  return hit.size
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)

/** `* 7 * * *` fires every minute of that hour; nearly always `0 7 * * *` is meant. */
function firesOften(expression: string): ScheduleWarning[] {
  const [minute = '', hour = '', ...rest] = plainly(expression).split(' ')
  if (minute !== '*' || hour === '*') return []
  const hours = matchesOf(hour, 23)
  const suggestion = ['0', hour, ...rest].join(' ')
  return [
    {
      kind: 'fires-often',
      detail: `Fires ${hours * 60} times a day – did you mean ${suggestion}, ${times(hours)} a day?`,
      suggestion,
    },
  ]
}

/** The usual time between two due instants: the middle one, so that a change of the clock does not count. */
function usualInterval(schedule: Schedule, at: Millis): Duration | null {
  const dues = duesAfter(schedule, at, INTERVALS_LOOKED_AT)
  const gaps = dues.slice(1).map((due, i) => due - (dues[i] ?? due))
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? null
}

function lookbackOdds(schedule: Schedule, lookback: Duration | null, at: Millis): ScheduleWarning[] {
  const interval = usualInterval(schedule, at)
  if (lookback === null || interval === null || lookback === interval) return []
  const [one, other] = [durationInWords(lookback), durationInWords(interval)]
  if (lookback > interval)
    return [
      {
        kind: 'lookback-longer',
        detail: `The lookback (${one}) is longer than the interval (${other}): one affirmation can satisfy several due instants.`,
      },
    ]
  return [
    {
      kind: 'lookback-shorter',
      detail: `The lookback (${one}) is shorter than the interval (${other}): what is affirmed outside it counts for no verdict.`,
    },
  ]
}

/** Fixed times that a change of the clock skips or repeats, the next one only. */
function dstOdds(schedule: Schedule, at: Millis): ScheduleWarning[] {
  const [minute = '', hour = ''] = plainly(schedule.expression).split(' ')
  if (minute.startsWith('*') || hour.startsWith('*')) return []
  for (const change of changesBetween(schedule.timeZone, at, at + DST_LOOKED_AHEAD)) {
    const before = offsetAt(schedule.timeZone, change.at - 1)
    const utc: Schedule = { expression: schedule.expression, timeZone: 'UTC' }
    const [from, to] = [change.at + Math.min(before, change.offset), change.at + Math.max(before, change.offset)]
    const local = dueAfter(utc, from - MINUTE)
    if (local === null || local >= to) continue
    const day = iso(from).slice(0, 10)
    const time = iso(local).slice(11, 16)
    const isGap = change.offset > before
    return [
      {
        kind: 'dst',
        detail: isGap
          ? `On ${day} the clocks of ${schedule.timeZone} skip ${time}: it is due once, right after the change.`
          : `On ${day} the clocks of ${schedule.timeZone} show ${time} twice: it is due once, the first time.`,
      },
    ]
  }
  return []
}

/** Days that not every month has. */
function shortMonths(expression: string): ScheduleWarning[] {
  const [, , day = '', month = '', weekday = ''] = plainly(expression).split(' ')
  if (month !== '*' || weekday !== '*' || !/^(29|30|31)$/.test(day)) return []
  return [{ kind: 'short-month', detail: `Months without a day ${day} are left out. L is the last day of every month.` }]
}

/** What looks unintended in a schedule, the gravest first. `at`: from when on it is looked at. */
export function scheduleWarnings(schedule: Schedule, lookback: Duration | null, at: Millis): ScheduleWarning[] {
  if (dueAfter(schedule, at) === null) return [{ kind: 'never-fires', detail: 'This never fires.' }]
  return [
    ...firesOften(schedule.expression),
    ...lookbackOdds(schedule, lookback, at),
    ...dstOdds(schedule, at),
    ...shortMonths(schedule.expression),
  ]
}

import { type Cron, plainly, readCron } from './cron.ts'
import { checkSchedule } from './cron-fields.ts'
import { dayWords, ordinal, saidOf } from './day-words.ts'
import { listed } from './listed.ts'

/** More than so many times of day are said as a rule, not as a list. */
const MOST_LISTED = 9
const MOST_SPANS = 4

const clock = (hour: number, minute: number): string => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`

/** Hours that follow each other, as `[first, last]`. */
function runsOf(hours: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const hour of hours) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === hour - 1) run[1] = hour
    else runs.push([hour, hour])
  }
  return runs
}

const stepOf = (field: string): number => Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? 0)

/** `07:00 to 07:59 and 16:00 to 17:59`. */
const wholeHours = (hours: readonly number[]): string =>
  listed(runsOf(hours).map(([first, last]) => `${clock(first, 0)} to ${clock(last, 59)}`))

/** A step over all minutes begins anew with each hour: said where it shows. */
function oftenWords({ minutes, hours }: Cron, minute: string, hour: string): string | null {
  const step = minutes.length === 60 ? 1 : stepOf(minute)
  if (step === 0) return null
  const every = step === 1 ? 'every minute' : `every ${step} minutes${60 % step === 0 ? '' : ' past each full hour'}`
  if (hours.length === 24) return every
  const hourStep = stepOf(hour)
  if (hourStep > 0) return `${every} of every ${ordinal(hourStep)} hour from 00:00`
  if (runsOf(hours).length > MOST_SPANS) return null
  return `${every} ${step === 1 ? 'of' : 'from'} ${wholeHours(hours)}`
}

/** One minute of many hours. */
function hourlyWords({ minutes, hours }: Cron, hour: string): string | null {
  const [minute = 0, second] = minutes
  if (second !== undefined) return null
  const past = `at ${minute} minute${minute === 1 ? '' : 's'} past every hour`
  if (hours.length === 24) return minute === 0 ? 'every hour' : past
  const step = stepOf(hour)
  if (step > 0 && 24 % step === 0 && hours.length > 2) return `every ${step} hours from ${clock(0, minute)}`
  const [[first, last] = [0, 0], ...more] = runsOf(hours)
  return more.length === 0 && last - first > 2 ? `every hour from ${clock(first, minute)} to ${clock(last, minute)}` : null
}

function timeList({ minutes, hours }: Cron): string | null {
  if (hours.length * minutes.length > MOST_LISTED || hours.length === 24) return null
  return `at ${listed(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute))))}`
}

function timeWords(cron: Cron, minute: string, hour: string): string {
  const known = oftenWords(cron, minute, hour) ?? hourlyWords(cron, hour) ?? timeList(cron)
  return known ?? saidOf(`${minute} ${hour} * * *`).replace('past the hour', cron.hours.length === 24 ? 'past every hour' : '$&')
}

/** A schedule as a person says it: "at 01:00, 07:00 and 16:00, Monday to Friday"; begins small, ends without a full stop. What is no schedule comes back as it is. */
export function scheduleInWords(expression: string): string {
  if (checkSchedule(expression) !== null) return expression
  const [minute = '', hour = ''] = plainly(expression).split(' ')
  const times = timeWords(readCron(expression), minute, hour)
  const { days, months } = dayWords(expression)
  const isList = /^at \d\d:/.test(times)
  const which = days === '' && isList ? 'every day' : days
  const joint = isList && which.startsWith('every ') ? ' ' : ', '
  return `${times}${which === '' ? '' : `${joint}${which}`}${months === '' ? '' : `, ${months}`}`
}

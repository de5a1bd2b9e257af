import cronstrue from 'cronstrue'
import { type Cron, plainly, readCron } from './cron.ts'

const ORDINALS = ['', 'single', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

/** 2 → second, 12 → 12th. */
export const ordinal = (n: number): string => ORDINALS[n] ?? `${n}${n > 20 ? (['', 'st', 'nd', 'rd'][n % 10] ?? 'th') : 'th'}`

/** What cronstrue says, in our words: 24 hours, "to", no comma before "and", small at the start. */
export function saidOf(fields: string): string {
  const said = cronstrue
    .toString(fields, { use24HourTimeFormat: true, verbose: false })
    .replace(/\bthrough\b/g, 'to')
    .replace(/, and /g, ' and ')
    .replace(/\bonly (?=on|in)/g, '')
  return said.charAt(0).toLowerCase() + said.slice(1)
}

const phraseOf = (days: string): string => saidOf(`0 0 ${days}`).replace(/^at 00:00(, )?/, '')

function dateWords(day: string): string {
  return phraseOf(`${day} * *`)
    .replace(/every (\d+) days in a month/g, (_, n: string) => `every ${ordinal(Number(n))} day of the month`)
    .replace(/between day (\d+) and (\d+)/g, 'from day $1 to $2')
    .replace(/on day (\d+(?:, \d+)*(?: and| to) \d)/g, 'on days $1')
}

/** Steps written out: `1-5/2` is Monday, Wednesday and Friday, and a step of 3 is four months by name. */
function writtenOut(field: string, valuesOf: (element: string) => Iterable<number>): string {
  const elements = field.split(',').flatMap((element) => (element.includes('/') ? [...valuesOf(element)].map(String) : [element]))
  return [...new Set(elements)].join()
}

function weekdayWords(weekday: string): string {
  const sundaysOnce = weekday.split(',').map((element) => (element === '7' ? '0' : element))
  return phraseOf(`* * ${writtenOut(sundaysOnce.join(), (element) => readCron(`* * * * ${element}`).weekdays)}`)
}

const monthWords = (month: string): string =>
  phraseOf(`* ${writtenOut(month, (element) => readCron(`* * * ${element} *`).months)} *`)

/** What restricts the days of a month, and how both do together: `*` at the start of one asks for both, else one is enough. */
function bothWords(cron: Cron, day: string, weekday: string): string {
  const [isAnyDate, isAnyWeekday] = [cron.days.size === 31, cron.weekdays.size === 7]
  if (cron.isEitherDay && (isAnyDate || isAnyWeekday)) return ''
  if (isAnyDate) return isAnyWeekday ? '' : weekdayWords(weekday)
  if (isAnyWeekday) return dateWords(day)
  return `${dateWords(day)}${cron.isEitherDay ? ' and also' : ', but only'} ${weekdayWords(weekday)}`
}

export type DayWords = { days: string; months: string }

/** The days and the months of an expression, each empty when it names them all. */
export function dayWords(expression: string): DayWords {
  const cron = readCron(expression)
  const [, , day = '', month = '', weekday = ''] = plainly(expression).split(' ')
  return { days: bothWords(cron, day, weekday), months: cron.months.size === 12 ? '' : monthWords(month) }
}

import { CronExpressionParser } from 'cron-parser'
import { remembering } from './bounded-cache.ts'

const ALIASES: Readonly<Record<string, string>> = {
  '@YEARLY': '0 0 1 1 *',
  '@ANNUALLY': '0 0 1 1 *',
  '@MONTHLY': '0 0 1 * *',
  '@WEEKLY': '0 0 * * 0',
  '@DAILY': '0 0 * * *',
  '@MIDNIGHT': '0 0 * * *',
  '@HOURLY': '0 * * * *',
}

/** `@hourly` and the like. */
export const ALIAS_NAMES: readonly string[] = Object.keys(ALIASES).map((name) => name.toLowerCase())

/** The `nth` weekday of a month, 1 to 5; null is the last one. */
type Nth = { weekday: number; nth: number | null }

/** What the five fields of an expression name. Numbers are sorted and come once; Sunday is 0. */
export type Cron = {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: ReadonlySet<number>
  readonly isLastDay: boolean
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  readonly nths: readonly Nth[]
  /** Day of month and day of week are both restricted: then one of them is enough (crontab(5)). */
  readonly isEitherDay: boolean
  /** Neither minute nor hour begins with `*`: it names times of day, so a change of the clock neither skips nor repeats it (Debian's cron). */
  readonly isFixed: boolean
}

/** The expression as five fields in capitals, one space between, no leading zeros: aliases written out, Sunday at a range's end as 7. */
export function plainly(expression: string): string {
  const text = expression.trim().replace(/\s+/g, ' ').toUpperCase()
  return ALIASES[text] ?? text.replace(/\b0+(?=\d)/g, '').replace(/(?<!\b0|SUN)-SUN\b/g, '-7')
}

/** What cron-parser reads in one element of one field. One at a time, because it refuses lists that name a value twice (`0,7`). */
function read(element: string, place: number): readonly (number | string)[] {
  const { fields } = CronExpressionParser.parse(['*', '*', '*', '*', '*'].with(place, element).join(' '))
  return [fields.minute, fields.hour, fields.dayOfMonth, fields.month, fields.dayOfWeek][place]?.values ?? []
}

const valuesOf = (field: string, place: number): (number | string)[] =>
  field.split(',').flatMap((element) => read(element, place))

function numbersOf(field: string, place: number): number[] {
  const values = valuesOf(field, place).filter((value) => typeof value === 'number')
  return [...new Set(values)].sort((a, b) => a - b)
}

function nthOf(element: string): Nth[] {
  const [weekday = '', nth] = element.split(/#|L$/)
  const [number = 0] = numbersOf(weekday, 4)
  return [{ weekday: number % 7, nth: nth === '' ? null : Number(nth) }]
}

function weekdaysOf(field: string): Pick<Cron, 'weekdays' | 'nths'> {
  const elements = field.split(',')
  const isNth = (element: string): boolean => /#|L$/.test(element)
  const plain = elements.filter((element) => !isNth(element))
  return {
    weekdays: new Set(plain.flatMap((element) => numbersOf(element, 4)).map((weekday) => weekday % 7)),
    nths: elements.filter(isNth).flatMap(nthOf),
  }
}

function parse(expression: string): Cron {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = plainly(expression).split(' ')
  return {
    minutes: numbersOf(minute, 0),
    hours: numbersOf(hour, 1),
    days: new Set(numbersOf(day, 2)),
    isLastDay: valuesOf(day, 2).includes('L'),
    months: new Set(numbersOf(month, 3)),
    ...weekdaysOf(weekday),
    isEitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
    isFixed: !minute.startsWith('*') && !hour.startsWith('*'),
  }
}

/** Reads an expression that {@link plainly} can write; throws on what the grammar refuses. */
export const readCron: (expression: string) => Cron = remembering(2_000, parse)

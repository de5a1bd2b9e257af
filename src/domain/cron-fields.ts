/** The five fields of a cron expression, checked one by one: the parser behind is lenient where a typo would fire at another time. */

type Field = { name: string; least: number; most: number; names?: readonly string[]; extra?: RegExp; extraRule?: string }

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31, extra: /^l$/, extraRule: ' or L for the last day' },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  {
    name: 'day of week',
    least: 0,
    most: 7,
    names: DAYS,
    extra: /^([0-7]|sun|mon|tue|wed|thu|fri|sat)(l|#[1-5])$/,
    extraRule: ', 5L for the last Friday or 5#3 for the third',
  },
]

export const ALIASES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const LONGEST = 200
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The expression with its alias written out and its white space plain. */
export const plainly = (expression: string): string => {
  const text = expression.trim().replace(/\s+/g, ' ')
  return ALIASES[text.toLowerCase()] ?? text
}

const ruleOf = ({ least, most, names, extraRule = '' }: Field): string =>
  `write ${least} to ${most}${names === undefined ? '' : ` or ${names[0]?.toUpperCase()} to ${names.at(-1)?.toUpperCase()}`}, *, lists, ranges and steps${extraRule}`

/** A number or a name of the field; NaN when it is neither, or out of range. */
function numberOf(text: string, { least, most, names }: Field): number {
  const named = names?.indexOf(text) ?? -1
  if (named >= 0) return named + least
  const n = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return n >= least && n <= most ? n : Number.NaN
}

/** What is wrong with one element of a list; null when nothing is. */
function elementTrouble(element: string, field: Field): string | null {
  if (field.extra?.test(element)) return null
  const [range = '', step, ...more] = element.split('/')
  if (more.length > 0) return 'has two steps'
  if (step !== undefined && !(/^\d{1,2}$/.test(step) && Number(step) >= 1 && Number(step) <= field.most))
    return `has the step "${step}", which must be 1 to ${field.most}`
  if (range === '*') return null
  const [from = '', to, ...rest] = range.split('-')
  const first = numberOf(from, field)
  if (Number.isNaN(first) || rest.length > 0) return from === '' ? 'has an empty part' : 'is not understood or out of range'
  if (to === undefined) return null
  const last = numberOf(to, field)
  if (Number.isNaN(last)) return 'is not understood or out of range'
  return last < first ? `has a range that runs backwards; write it as a list` : null
}

function fieldTrouble(text: string, field: Field): string | null {
  for (const element of text.toLowerCase().split(',')) {
    const trouble = elementTrouble(element, field)
    if (trouble !== null) return `The ${field.name} field "${text.slice(0, 40)}" ${trouble}: ${ruleOf(field)}.`
  }
  return null
}

const numbersIn = (text: string): number[] => text.split(/[,/-]/).map(Number)

/** A day that none of the months has; null when it fires. A day of week beside it fires anyhow. */
function neverTrouble([, , day = '', month = '', weekday = '']: readonly string[]): string | null {
  if (!/^\d+(,\d+)*$/.test(day) || weekday !== '*') return null
  const months = /^\d+(,\d+)*$/.test(month)
    ? numbersIn(month)
    : MONTHS.flatMap((name, i) => (month.toLowerCase() === name ? [i + 1] : []))
  const first = Math.min(...numbersIn(day))
  if (months.length === 0 || months.some((m) => (DAYS_OF_MONTH[m - 1] ?? 31) >= first)) return null
  return `This never fires: ${months.map((m) => MONTH_NAMES[m - 1]).join(' and ')} ${months.length === 1 ? 'has' : 'have'} no day ${first}.`
}

/** What is wrong with a schedule's expression, in one sentence that names the field; null when nothing is. */
export function checkSchedule(expression: string): string | null {
  if (expression.length > LONGEST) return `A schedule has at most ${LONGEST} characters.`
  if (/[^\x20-\x7e\t]/.test(expression)) return 'A schedule holds only digits, letters and the signs * , - / # on one line.'
  if (expression.trim() === '')
    return 'A schedule is five fields – minute, hour, day of month, month, day of week – like 0 7 * * 1-5; this one is empty.'
  const text = plainly(expression)
  if (text.startsWith('@')) return `"${text}" is not known; there are ${Object.keys(ALIASES).join(', ')}.`
  const fields = text.split(' ')
  if (fields.length !== FIELDS.length)
    return `A schedule has five fields – minute, hour, day of month, month, day of week; this one has ${fields.length}${fields.length === 6 ? ' (seconds are not taken)' : ''}.`
  for (const [i, field] of FIELDS.entries()) {
    const trouble = fieldTrouble(fields[i] ?? '', field)
    if (trouble !== null) return trouble
  }
  return neverTrouble(fields)
}

/** One field of an expression: what it may hold, and how to say so. `rule` completes "write …". */
export type Field = { name: string; least: number; most: number; rule: string; names: readonly string[] }

export const MONTHS = [
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
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** In the order they are written. */
export const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, rule: '0 to 59', names: [] },
  { name: 'hour', least: 0, most: 23, rule: '0 to 23', names: [] },
  { name: 'day of month', least: 1, most: 31, rule: '1 to 31, or L for the last day', names: [] },
  { name: 'month', least: 1, most: 12, rule: '1 to 12 or JAN to DEC', names: MONTHS.map((m) => m.slice(0, 3).toUpperCase()) },
  {
    name: 'day of week',
    least: 0,
    most: 7,
    rule: '0 to 7 or SUN to SAT (0 and 7 are Sunday), 5L for the last Friday, 5#3 for the third',
    names: WEEKDAYS,
  },
]

/** What other schedulers know and cron does not. */
const FOREIGN: readonly [sign: RegExp, says: (field: Field) => string][] = [
  [/^$/, ({ rule }) => `has an empty part: write ${rule}, and one comma between two of them`],
  [/\?/, () => 'uses ?, which is not known here: write * for any'],
  [/^H\b/, ({ rule }) => `uses H, which only Jenkins knows: write ${rule}`],
  [/^(\d+|L)W$/, ({ rule }) => `asks for the nearest working day (W), which is not known here: write ${rule}`],
  [/^L-\d+$/, ({ rule }) => `counts back from the last day, which is not known here: write ${rule}`],
  [/#/, ({ rule }) => `uses # in a way that is not understood: write ${rule}`],
]

/** A number or a name as a number; a sentence's end when it is neither. */
function readValue(text: string, { least, most, names, rule }: Field): number | string {
  const named = names.indexOf(text)
  if (named >= 0) return named + least
  if (!/^\d+$/.test(text)) return `is not understood: write ${rule}`
  const value = Number(text)
  return value >= least && value <= most ? value : `is out of range: write ${rule}`
}

function stepTrouble(step: string, { most }: Field): string | null {
  if (/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= most) return null
  return `has the step "${step}": write ${most === 7 ? '1 to 7' : `1 to ${most}`} after the /`
}

const span = (from: number, to: number): string => (from === to ? `${from}` : `${from}-${to}`)

/** `22-2` in hours is meant as `22-23,0-2`; Sunday is both ends of a week. */
function backwards(from: number, to: number, { name, least, most }: Field): string {
  const meant = name === 'day of week' && to > 0 ? [span(from, most), span(1, to)] : [span(from, most), span(least, to)]
  return `has a range that runs backwards: write ${from === 7 ? span(0, to) : meant.join(',')}`
}

function rangeTrouble(range: string, field: Field): string | null {
  if (range === '*') return null
  const [first = '', last, ...more] = range.split('-')
  if (more.length > 0) return `is not understood: write ${field.rule}`
  const from = readValue(first, field)
  if (typeof from === 'string') return from
  const to = last === undefined ? from : readValue(last, field)
  if (typeof to === 'string') return to
  return to < from ? backwards(from, to, field) : null
}

/** `L` is the last day of a month, `5L` its last Friday, `5#3` its third. */
function isSpecial(element: string, field: Field): boolean {
  if (field.name === 'day of month') return element === 'L'
  const [, weekday = ''] = /^(\w+?)(?:L|#[1-5])$/.exec(element) ?? []
  return field.name === 'day of week' && typeof readValue(weekday, field) === 'number'
}

function elementTrouble(element: string, field: Field): string | null {
  if (isSpecial(element, field)) return null
  const [, says] = FOREIGN.find(([sign]) => sign.test(element)) ?? []
  if (says !== undefined) return says(field)
  const [range = '', step, ...more] = element.split('/')
  if (more.length > 0) return 'has two steps: write one / at most'
  return (step === undefined ? null : stepTrouble(step, field)) ?? rangeTrouble(range, field)
}

/** What is wrong with the text of a field, in capitals: one sentence; null when nothing is. */
export function fieldTrouble(text: string, field: Field): string | null {
  for (const element of text.split(',')) {
    const trouble = elementTrouble(element, field)
    const where = element === text || element === '' ? '' : `, at "${element}",`
    if (trouble !== null) return `The ${field.name} field "${text}"${where} ${trouble}.`
  }
  return null
}

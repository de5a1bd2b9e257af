import { ALIAS_NAMES, type Cron, plainly, readCron } from './cron.ts'
import { firstIn, NEVER } from './cron-calendar.ts'
import { FIELDS, fieldTrouble, MONTHS } from './cron-element.ts'
import { listed } from './listed.ts'
import { nearestName } from './nearest.ts'

const LONGEST = 200
const FIVE = '(minute, hour, day of month, month, day of week, like 0 7 * * 1-5)'

const aliasTrouble = (alias: string): string =>
  `"${alias}" is not known: write ${nearestName(alias, ALIAS_NAMES) ?? 'five fields'}, or one of ${ALIAS_NAMES.join(', ')}.`

function countTrouble(count: number): string {
  const seconds = count === 6 ? '; leave out the seconds, or the year' : ''
  return `A schedule has five fields ${FIVE}; this one has ${count}${seconds}.`
}

function neverTrouble({ days, months }: Cron): string {
  const names = MONTHS.filter((_, i) => months.has(i + 1))
  const day = Math.min(...days)
  if (day < 30) return 'This never fires: the days of month and of week that it names never fall together.'
  return `This never fires: ${listed(names)} ${names.length === 1 ? 'has' : 'have'} no day ${day}.`
}

function fires(cron: Cron): boolean {
  const from = Date.UTC(2000, 0, 1)
  return firstIn(cron, { from, to: from + NEVER }) !== null
}

/** How a cron expression is written wrongly, in one sentence that names the field and says what would be right; null when it is not. */
export function checkWriting(expression: string): string | null {
  if (expression.length > LONGEST) return `A schedule has at most ${LONGEST} characters.`
  if (/[^\x20-\x7e\t]/.test(expression)) return 'A schedule is one line of digits, letters and the signs * , - / #.'
  if (expression.trim() === '') return `A schedule has five fields ${FIVE}; this one is empty.`
  const text = plainly(expression)
  if (text.startsWith('@')) return aliasTrouble(expression.trim())
  const fields = text.split(' ')
  if (fields.length !== FIELDS.length) return countTrouble(fields.length)
  for (const [i, field] of FIELDS.entries()) {
    const trouble = fieldTrouble(fields[i] ?? '', field)
    if (trouble !== null) return trouble
  }
  return null
}

/** What is wrong with a cron expression: how it is written, or that it never fires; null when nothing is. */
export function checkSchedule(expression: string): string | null {
  const trouble = checkWriting(expression)
  if (trouble !== null) return trouble
  const cron = readCron(expression)
  return fires(cron) ? null : neverTrouble(cron)
}

import cronstrue from 'cronstrue'
import { plainly } from './cron-fields.ts'

const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const ordinal = (n: string): string => ORDINALS[Number(n)] ?? `${n}th`

/** `07:00, and 16:00` → `07:00 to 07:59 and 16:00 to 16:59`. */
function wholeHours(hours: string): string {
  const spans = [...hours.matchAll(/(\d\d):00/g)].map(([start, hour]) => `${start} to ${hour}:59`)
  return spans.length === 1 ? `${spans[0]}` : `${spans.slice(0, -1).join(', ')} and ${spans.at(-1)}`
}

/** A schedule as a person says it: "at 01:00, 07:00 and 16:00, Monday to Friday"; begins small, ends without a full stop. */
export function scheduleInWords(expression: string): string {
  const text = plainly(expression)
  const said = cronstrue
    .toString(text, { use24HourTimeFormat: true, verbose: false, throwExceptionOnParseError: true })
    .replace(/\bthrough\b/g, 'to')
    .replace(/^At 0 minutes past the hour$/, 'every hour')
    .replace(/, every (\d+) days(?: in a month)?/, (_, n: string) => ` every ${ordinal(n)} day of the month`)
    .replace(/, only on /g, ', on ')
    .replace(/, only in /g, ', in ')
    .replace(
      /^Every minute, at (\d\d:00(?:(?:, and |, | and )\d\d:00)*)/,
      (_, hours: string) => `every minute of ${wholeHours(hours)}`,
    )
  const isDaily = /^\d+ \d+(,\d+)* \* \* \*$/.test(text) || /^\d+(,\d+)* \d+ \* \* \*$/.test(text)
  return `${said.charAt(0).toLowerCase()}${said.slice(1)}${isDaily ? ' every day' : ''}`
}

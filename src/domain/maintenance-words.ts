import { durationInWords, formatDuration } from './duration.ts'
import type { Maintenance, MaintenanceMatch, Plan } from './maintenance.ts'
import { scheduleInWords } from './schedule-words.ts'
import { iso, type Millis } from './time.ts'

const minute = (at: Millis): string => iso(at).slice(0, 16).replace('T', ' ')

/** "at 02:00, on Sunday" → "every Sunday at 02:00". */
const daysFirst = (words: string): string =>
  words.replace(/^(at \d\d:\d\d),? (?:on (\w+day)|(every .*))$/, (_, time, day, every) => `${every ?? `every ${day}`} ${time}`)

/** "every Sunday at 02:00 for 2 hours (Europe/Berlin)"; "2026-03-04 22:00 to 2026-03-05 02:00 UTC". */
export function planInWords(plan: Plan): string {
  if (plan.kind === 'once') return `${minute(plan.from)} to ${minute(plan.to)} UTC`
  const zone = plan.timeZone === 'UTC' ? '' : ` (${plan.timeZone})`
  const words = daysFirst(scheduleInWords(plan.expression))
  return `${words}${words.includes(',') ? ',' : ''} for ${durationInWords(plan.lasts)}${zone}`
}

const or = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** "everything"; "backup_* or etl tagged money in prod"; "every expectation in staging". */
export function matchInWords(match: MaintenanceMatch | null): string {
  const { events = [], tags = [], envs = [] } = match ?? {}
  const tagged = tags.length === 0 ? [] : [`tagged ${or(tags)}`]
  const within = envs.length === 0 ? [] : [`in ${or(envs)}`]
  if (events.length > 0) return [or(events), ...tagged, ...within].join(' ')
  return tagged.length + within.length === 0 ? 'everything' : ['every expectation', ...tagged, ...within].join(' ')
}

/** What can be written of one, as it would be written. */
export const declaredMaintenance = ({ name, plan, match }: Pick<Maintenance, 'name' | 'plan' | 'match'>) => ({
  name,
  ...(plan.kind === 'once'
    ? { from: iso(plan.from), to: iso(plan.to) }
    : { schedule: plan.expression, timeZone: plan.timeZone, lasts: formatDuration(plan.lasts) }),
  match,
})

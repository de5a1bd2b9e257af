import { checkSchedule } from '../../domain/cron-fields.ts'
import { intervalsOf } from '../../domain/intervals.ts'
import { DAY, type Duration, HOUR, MINUTE, type Millis } from '../../domain/time.ts'
import { checkTimeZone } from '../../domain/zone.ts'

/** What is proposed to be expected of a job. Durations in milliseconds. */
export type Proposal = { schedule: string; timeZone: string; lookback: Duration; grace: Duration }

/** Clocks of two machines differ by less. */
const LONGEST_LOOKBACK = 5 * MINUTE
const LONGEST_GRACE = 2 * HOUR

/**
 * cron starts a job when it is due, so the job affirms after that: grace is how long it may take, half of the shortest interval and two hours at most.
 * The lookback is for clocks that are ahead. Both together are never longer than the interval: no run counts for two.
 */
export function proposalFor(schedule: string, timeZone: string, at: Millis): Proposal | { trouble: string } {
  const trouble = checkSchedule(schedule) ?? checkTimeZone(timeZone)
  if (trouble !== null) return { trouble }
  const half = (intervalsOf(schedule, at)?.shortest ?? DAY) / 2
  const written = schedule.trim().replace(/[ \t]+/g, ' ')
  return { schedule: written, timeZone, lookback: Math.min(half, LONGEST_LOOKBACK), grace: Math.min(half, LONGEST_GRACE) }
}

import { type Cron, readCron } from './cron.ts'
import { firstIn, type Local, lastIn, NEVER } from './cron-calendar.ts'
import { DAY, type Duration, MINUTE, type Millis, minuteOf } from './time.ts'

/** The shortest and the longest time between two dues that follow each other. */
export type Intervals = { shortest: Duration; longest: Duration }

/** A year and a month hold every pattern of weekdays and months but those of leap years. */
const DAYS_LOOKED_AT = 400

/** The first local time of each day that has one. */
function firstTimes(cron: Cron, at: Local): Local[] {
  const firsts: Local[] = []
  for (let from = minuteOf(at), to = from + NEVER; firsts.length < DAYS_LOOKED_AT; ) {
    const first = firstIn(cron, { from, to })
    if (first === null) break
    firsts.push(first)
    from = Math.floor(first / DAY) * DAY + DAY
  }
  return firsts
}

function gapsWithin({ hours, minutes }: Cron): Duration[] {
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * MINUTE))
  return times.slice(1).map((time, i) => time - (times[i] ?? time))
}

/** The intervals of a schedule from `at` on, on a clock that is never changed; null when it is due once at most. */
export function intervalsOf(expression: string, at: Millis): Intervals | null {
  const cron = readCron(expression)
  const firsts = firstTimes(cron, at)
  const across = firsts.slice(1).map((first, i) => first - (lastIn(cron, { from: firsts[i] ?? 0, to: first }) ?? first))
  const gaps = across.length === 0 ? [] : [...gapsWithin(cron), ...across]
  return gaps.length === 0 ? null : { shortest: Math.min(...gaps), longest: Math.max(...gaps) }
}

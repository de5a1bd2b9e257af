import { type Cron, plainly, readCron } from './cron.ts'
import { firstIn, type Local } from './cron-calendar.ts'
import { MONTHS } from './cron-element.ts'
import type { Schedule } from './schedule.ts'
import { DAY, type Duration, iso, type Millis } from './time.ts'
import { type Stretch, stretchAt } from './zone.ts'

/** A bit more than a year, so that both changes of a year are in it whatever their dates. */
const LOOKED_AHEAD: Duration = 400 * DAY

const timeOf = (local: Local): string => iso(local).slice(11, 16)

function dayInWords(local: Local): string {
  const date = new Date(local)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** Where the zone's clock is set forward or back in the time ahead. */
function changesAfter(zone: string, at: Millis): Stretch[] {
  const changed: Stretch[] = []
  for (let stretch = stretchAt(zone, at); stretch.to < at + LOOKED_AHEAD; ) {
    stretch = stretchAt(zone, stretch.to)
    if (stretch.offset !== stretch.before) changed.push(stretch)
  }
  return changed
}

function skipped(cron: Cron, zone: string, { from, offset, before }: Stretch): string | null {
  const gap = { from: from + before, to: from + offset }
  const due = offset - before < DAY ? firstIn(cron, gap) : null
  if (due === null) return null
  const then = cron.isFixed ? `${timeOf(due)} is due once, right after it, at ${timeOf(gap.to)}` : 'nothing is due in it'
  return `On ${dayInWords(gap.from)} the clocks of ${zone} skip from ${timeOf(gap.from)} to ${timeOf(gap.to)}: ${then}.`
}

function repeated(cron: Cron, zone: string, { from, offset, before }: Stretch): string | null {
  const twice = { from: from + offset, to: from + before }
  const due = firstIn(cron, twice)
  if (due === null) return null
  const then = cron.isFixed ? `${timeOf(due)} is due once, the first time` : 'what is due in it is due both times'
  return `On ${dayInWords(twice.from)} the clocks of ${zone} show ${timeOf(twice.from)} to ${timeOf(twice.to)} twice: ${then}.`
}

/** What the next changes of the clock do to times of day that they skip or repeat, in sentences; none for what is due every hour or every few. */
export function clockChangesInWords({ expression, timeZone }: Schedule, at: Millis): string[] {
  const [, hour = ''] = plainly(expression).split(' ')
  if (hour.startsWith('*')) return []
  const cron = readCron(expression)
  const changes = changesAfter(timeZone, at)
  const first = (say: typeof skipped): string[] => changes.flatMap((change) => say(cron, timeZone, change) ?? []).slice(0, 1)
  return [...first(skipped), ...first(repeated)]
}

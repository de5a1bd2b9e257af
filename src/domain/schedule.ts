import { type CronExpression, CronExpressionParser } from 'cron-parser'
import { plainly } from './cron-fields.ts'
import { DAY, HOUR, MINUTE, type Millis } from './time.ts'
import { changesBetween, offsetAt } from './zone.ts'

/** A checked cron expression in a checked IANA zone. */
export type Schedule = { readonly expression: string; readonly timeZone: string }

/** Local time on a clock without a zone: what a calendar on the wall says, in milliseconds as if it were UTC. */
type Local = number

/** A schedule without a due for so long never fires: February 29 comes after eight years at the latest. */
const NEVER = 9 * 366 * DAY
const MOST_CACHED = 5_000

const expressions = new Map<string, CronExpression>()
const answers = new Map<string, Millis | null>()

function remember<T>(cache: Map<string, T>, key: string, value: T): T {
  if (cache.size >= MOST_CACHED) cache.clear()
  cache.set(key, value)
  return value
}

const parsed = (expression: string): CronExpression =>
  expressions.get(expression) ?? remember(expressions, expression, CronExpressionParser.parse(plainly(expression), { tz: 'UTC' }))

/** The next local time after `local` that the expression names. cron-parser steps through a zone without changes; the zone's are ours. */
function nextLocal(expression: string, local: Local): Local | null {
  const cron = parsed(expression)
  cron.reset(new Date(local))
  try {
    return cron.next().getTime()
  } catch {
    // It gives up after some thousand steps without a match.
    return null
  }
}

/** Debian's cron: with `*` or a step in minute or hour, a schedule follows elapsed time; else it names times of day. */
function followsElapsedTime(expression: string): boolean {
  const [minute = '', hour = ''] = plainly(expression).split(' ')
  return minute.startsWith('*') || hour.startsWith('*')
}

/** A stretch of time in which the offset stays; local times in it are plain arithmetic. */
function elapsedAfter({ expression, timeZone }: Schedule, after: Millis): Millis | null {
  let from = after
  let local = after + offsetAt(timeZone, after)
  for (;;) {
    const offset = offsetAt(timeZone, from)
    const next = nextLocal(expression, local)
    if (next === null) return null
    const due = next - offset
    const [change] = changesBetween(timeZone, from, Math.min(due, from + NEVER))
    if (change === undefined) return due
    // The clock is set before that due: look on from there, at the local time that it is set to.
    from = change.at
    local = change.at + change.offset - 1
  }
}

/** When it is `local` in the zone: the first time if it comes twice, and where it never comes, right after the gap. */
function instantOf(local: Local, zone: string): Millis {
  const before = offsetAt(zone, local - DAY)
  const after = offsetAt(zone, local + DAY)
  if (before === after && offsetAt(zone, local - before) === before) return local - before
  const changes = changesBetween(zone, local - 2 * DAY, local + 2 * DAY)
  let offset = offsetAt(zone, local - 2 * DAY)
  for (const change of changes) {
    if (local - offset < change.at) break
    if (local < change.at + change.offset) return change.at
    offset = change.offset
  }
  return local - offset
}

function fixedAfter({ expression, timeZone }: Schedule, after: Millis): Millis | null {
  let local: Local | null = after + offsetAt(timeZone, after)
  // Where the clock was set back, local times come again that have been before: they are not due twice.
  for (;;) {
    local = nextLocal(expression, local)
    if (local === null) return null
    const due = instantOf(local, timeZone)
    if (due > after) return due
  }
}

function findAfter(schedule: Schedule, after: Millis): Millis | null {
  const due = followsElapsedTime(schedule.expression) ? elapsedAfter(schedule, after) : fixedAfter(schedule, after)
  return due === null || due - after > NEVER ? null : due
}

/** The first due instant after `after`; null when it never fires again. */
export function dueAfter(schedule: Schedule, after: Millis): Millis | null {
  const minute = Math.floor(after / MINUTE) * MINUTE
  const key = `${schedule.expression} ${schedule.timeZone} ${minute}`
  const known = answers.get(key)
  // Due instants lie on whole minutes, so within one minute the answer is the same.
  return known !== undefined ? known : remember(answers, key, findAfter(schedule, minute))
}

/** The next `count` due instants after `after`. */
export function duesAfter(schedule: Schedule, after: Millis, count: number): Millis[] {
  const dues: Millis[] = []
  for (let due = dueAfter(schedule, after); due !== null && dues.length < count; due = dueAfter(schedule, due)) dues.push(due)
  return dues
}

/** The last due instant not later than `at`; null when there was none in nine years. */
export function dueAtOrBefore(schedule: Schedule, at: Millis): Millis | null {
  // Twice as far back each time: the first look that finds one is at most a few dues away from the last.
  for (let back = MINUTE; back <= NEVER + HOUR; back *= 2) {
    let due = dueAfter(schedule, at - back)
    if (due === null || due > at) continue
    for (let next = dueAfter(schedule, due); next !== null && next <= at; next = dueAfter(schedule, next)) due = next
    return due
  }
  return null
}

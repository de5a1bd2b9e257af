import { type Arc, isIn, meantMinute, shortestArc } from './arc.ts'
import type { Local } from './cron-calendar.ts'
import { rangesOf, timesOf } from './cron-write.ts'
import { DAY, type Duration, MINUTE, type Millis, SECOND } from './time.ts'
import { offsetAt } from './zone.ts'

/** When something was seen (ascending), and the time in which it would have been. */
export type Sightings = { instants: readonly Millis[]; from: Millis; to: Millis }

/** A schedule that what was seen keeps to: `seen` of `asked` times, from `early` before it to `late` after it. */
export type Rhythm = {
  expression: string
  timeZone: string
  /** The times of day in minutes, and the fields of the days: what the expression is made of. */
  times: readonly number[]
  days: string
  early: Duration
  late: Duration
  seen: number
  asked: number
  /** Between two times that follow each other on a day. */
  interval: Duration
  /** How many came each time that any did, nearly always at least. */
  atOnce: number
  /** How many came at another time, or earlier or later than that. */
  strays: number
  /** To compare it by: the more it explains, and the less of the time it names to do so, the more it says. */
  fit: number
}

const MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440]
/** A time of day, or a day, belongs to the schedule when it was kept this often; the schedule fits when all of it was. */
const HABIT = 0.6
const LEAST_KEPT = 0.8
const LEAST_EXPLAINED = 0.85
const FEWEST = 3

/** One local day after the other, by number; day 4 was a Monday. */
const dayOf = (local: Local): number => Math.floor(local / DAY)
const weekdayOf = (day: number): number => (day + 4) % 7
const dateOf = (day: number): number => new Date(day * DAY).getUTCDate()
const isLastDay = (day: number): boolean => dateOf(day + 1) === 1
const monthOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 7)

type DayRule = { fields: string; has: (day: number) => boolean }

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6]

/** A single weekday that was left out is a habit after more weeks than these, before it is bad luck. */
const WEEKS_OF_LUCK = 2

/** Weekdays on which it mostly happened. One that the time held none of is taken to be like the others. */
function weekdayRule(days: readonly number[], active: ReadonlySet<number>): DayRule | null {
  const known = WEEKDAYS.map((weekday) => days.filter((day) => weekdayOf(day) === weekday))
  const isLeftOut = (some: readonly number[]) => some.filter((day) => active.has(day)).length < HABIT * some.length
  const out = known.filter(isLeftOut)
  const isAlways = out.every((some) => out.length === 1 && some.length <= WEEKS_OF_LUCK)
  const chosen = WEEKDAYS.filter((weekday) => isAlways || ((known[weekday] ?? []).length > 0 && !isLeftOut(known[weekday] ?? [])))
  if (chosen.length === 0) return null
  return { fields: `* * ${isAlways ? '*' : rangesOf(chosen)}`, has: (day) => chosen.includes(weekdayOf(day)) }
}

function monthRule(days: readonly number[], active: ReadonlySet<number>): DayRule | null {
  const months = new Set(days.map(monthOf)).size
  if (months < FEWEST) return null
  if ([...active].filter(isLastDay).length >= LEAST_EXPLAINED * active.size) return { fields: 'L * *', has: isLastDay }
  const dates = Array.from({ length: 31 }, (_, i) => i + 1).filter(
    (date) =>
      [...active].filter((day) => dateOf(day) === date).length >= HABIT * days.filter((day) => dateOf(day) === date).length,
  )
  const chosen = dates.filter((date) => days.some((day) => dateOf(day) === date))
  if (chosen.length === 0 || chosen.length > 10) return null
  return { fields: `${chosen.join()} * *`, has: (day) => chosen.includes(dateOf(day)) }
}

/** Each sighting is said of the time that it was meant for. */
type Meant = { due: Local; count: number }

function meantTimes(locals: readonly Local[], { lo, spread }: Arc, anchor: Duration, period: Duration): Meant[] {
  const origin = lo - (period - spread) / 2
  const shift = (((anchor - origin) % period) + period) % period
  const counts = new Map<Local, number>()
  for (const local of locals) {
    const due = origin + Math.floor((local - origin) / period) * period + shift
    counts.set(due, (counts.get(due) ?? 0) + 1)
  }
  return [...counts].map(([due, count]) => ({ due, count }))
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

const timeOf = (due: Local): number => (due - dayOf(due) * DAY) / MINUTE

/** Times of day at which it mostly happened. Those that nothing is known of, where less than a day is, are taken to be like the others. */
function timesKept(meant: readonly Meant[], rule: DayRule, period: Duration, asked: (time: number) => number): number[] {
  const kept = new Map<number, number>()
  for (const { due } of meant) if (rule.has(dayOf(due))) kept.set(timeOf(due), (kept.get(timeOf(due)) ?? 0) + 1)
  const [first = 0] = kept.keys()
  const all = range(0, DAY / period - 1).map((i) => (first + (i * period) / MINUTE) % 1440)
  const known = all.filter((time) => asked(time) > 0)
  const habits = known.filter((time) => (kept.get(time) ?? 0) >= HABIT * asked(time))
  return habits.length >= LEAST_KEPT * known.length && known.length < all.length ? all : habits
}

const lowest = (counts: readonly number[]): number => [...counts].sort((a, b) => a - b)[Math.floor(counts.length * 0.05)] ?? 1

function shortestBetween(times: readonly number[]): Duration {
  const sorted = [...times].sort((a, b) => a - b)
  const gaps = sorted.map((time, i) => (sorted[i + 1] ?? (sorted[0] ?? 0) + 1440) - time)
  return Math.min(...gaps) * MINUTE
}

/** What lies all around the clock has no time of its own. */
const WIDEST = 0.7

function rhythmOf(seen: Sightings, locals: readonly Local[], zone: string, period: Duration): Rhythm | null {
  const arc = shortestArc(locals, period)
  if (arc.spread > WIDEST * period) return null
  const anchor = meantMinute(arc, locals.length) * MINUTE
  const [early, late] = [Math.max(0, anchor - arc.lo), Math.max(0, arc.lo + arc.spread - anchor)]
  const [from, to] = [seen.from + offsetAt(zone, seen.from) - late - MINUTE, seen.to + offsetAt(zone, seen.to) - late]
  const meant = meantTimes(locals, arc, anchor, period)
  const days = range(dayOf(from), dayOf(to))
  const active = new Set(meant.map(({ due }) => dayOf(due)))
  const inTime = days.filter((day) => active.has(day) || (day * DAY >= from && (day + 1) * DAY <= to))
  const rule = weekdayRule(inTime, active) ?? monthRule(inTime, active)
  if (rule === null) return null
  const ruled = days.filter(rule.has)
  const asked = (time: number) =>
    ruled.filter((day) => day * DAY + time * MINUTE >= from && day * DAY + time * MINUTE <= to).length
  const named = timesOf(timesKept(meant, rule, period, asked))
  if (named === null) return null
  const isNamed = new Set(named.times)
  const fitting = meant.filter(({ due }) => isNamed.has(timeOf(due)) && rule.has(dayOf(due)))
  const explained = fitting.reduce((sum, { count }) => sum + count, 0)
  const wanted = named.times.reduce((sum, time) => sum + asked(time), 0)
  const isKept = fitting.length >= Math.max(FEWEST, LEAST_KEPT * wanted)
  if (!isKept || explained < LEAST_EXPLAINED * locals.length) return null
  const seenShare = Math.min(1, fitting.length / wanted)
  return {
    expression: `${named.fields} ${rule.fields}`,
    timeZone: zone,
    times: named.times,
    days: rule.fields,
    early,
    late,
    seen: Math.min(fitting.length, wanted),
    asked: wanted,
    interval: shortestBetween(named.times),
    atOnce: lowest(fitting.map(({ count }) => count)),
    strays: locals.length - explained + locals.filter((local) => !isIn(arc, local, period)).length,
    fit: (seenShare * explained * -Math.log((wanted * (arc.spread + SECOND)) / (to - from))) / locals.length,
  }
}

/** Of periods that say the same the longest tells best which minute is meant. */
const SAME = 0.995
/** A zone that is a little better is no better. */
const CLEARLY = 1.02

/**
 * The schedule that what was seen keeps to best, in one of the zones: an earlier one unless a later one fits better. Null when there is none.
 * Stops after each period that was tried: whoever asks may let others in between.
 */
export function* findRhythm(seen: Sightings, zones: readonly string[]): Generator<void, Rhythm | null> {
  let found: Rhythm | null = null
  for (const zone of zones) {
    const locals = seen.instants.map((at) => at + offsetAt(zone, at))
    let best: Rhythm | null = null
    for (const minutes of MINUTES) {
      const one = rhythmOf(seen, locals, zone, minutes * MINUTE)
      if (one !== null && (best === null || one.fit > SAME * best.fit)) best = one
      yield
    }
    if (best !== null && (found === null || best.fit > CLEARLY * found.fit)) found = best
  }
  return found
}

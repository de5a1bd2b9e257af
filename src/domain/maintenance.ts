import type { Match } from './channel.ts'
import { matches, type Subject } from './routing.ts'
import { dueAtOrBefore, duesAfter, type Schedule } from './schedule.ts'
import { DAY, type Duration, MINUTE, type Millis, type Window } from './time.ts'

/** When: from one instant to another, or each time the schedule is due, for as long. */
export type Plan = ({ kind: 'once' } & Window) | ({ kind: 'again'; lasts: Duration } & Schedule)

/** A maintenance window: what is missed meanwhile is judged and shown, but nobody is told before it is over. */
export type Maintenance = {
  id: number
  name: string
  plan: Plan
  /** Null: for every expectation. */
  match: MaintenanceMatch | null
  /** As the audit log names people. */
  createdBy: string
  createdAt: Millis
  /** Set when somebody ended it: it holds nothing from then on, and does not come again. */
  endedAt: Millis | null
}
export type MaintenanceMatch = Pick<Match, 'events' | 'tags' | 'envs'>
/** An expectation, as far as it decides. `tags` are its own and its event's. */
export type MaintenanceSubject = Pick<Subject, 'event' | 'env' | 'tags'>
/** What holds a subject, and until when: the end of the last of those that follow each other without a gap. */
export type Under = { maintenance: Maintenance; until: Millis }

/** So many may be on or to come. */
export const MOST_MAINTENANCE = 200
export const LONGEST_MAINTENANCE: Duration = 30 * DAY
export const SHORTEST_LASTING: Duration = MINUTE
/** Of events, of tags and of environments, each. */
export const MOST_MATCHED = 20
export const LONGEST_MAINTENANCE_NAME = 100
export const MAINTENANCE_NAME_RULE = `1 to ${LONGEST_MAINTENANCE_NAME} characters that can be seen`
/** It stands in the audit log and in sentences: no line breaks, nothing invisible at its ends. */
export const isMaintenanceName = (text: string): boolean =>
  text.trim() === text && text.length >= 1 && text.length <= LONGEST_MAINTENANCE_NAME && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)

/** Windows that follow each other are followed so far, to say until when. */
const MOST_IN_A_ROW = 50

const isEnded = ({ endedAt }: Maintenance, at: Millis): boolean => endedAt !== null && endedAt <= at

/** Is it on at `at`, or may it be later? */
export const isLiving = (maintenance: Maintenance, at: Millis): boolean =>
  !isEnded(maintenance, at) && (maintenance.plan.kind === 'again' || maintenance.plan.to > at)

/**
 * The window of it that holds `at`; null when it is not on. One that lasts two hours does so on days of a clock change, too. It is on from
 * its last beginning on, be it planned or changed after that.
 */
export function spellAt(maintenance: Maintenance, at: Millis): Window | null {
  const { plan } = maintenance
  if (isEnded(maintenance, at)) return null
  if (plan.kind === 'once') return plan.from <= at && at < plan.to ? { from: plan.from, to: plan.to } : null
  const from = dueAtOrBefore(plan, at)
  return from !== null && at < from + plan.lasts ? { from, to: from + plan.lasts } : null
}

/** The first `count` windows of it that begin after `after`. */
export function nextWindows(maintenance: Maintenance, after: Millis, count: number): Window[] {
  const { plan } = maintenance
  if (isEnded(maintenance, after)) return []
  if (plan.kind === 'again') return duesAfter(plan, after, count).map((from) => ({ from, to: from + plan.lasts }))
  return plan.from > after ? [{ from: plan.from, to: plan.to }] : []
}

// How bad it is decides nothing here.
const isFor = ({ match }: Maintenance, subject: MaintenanceSubject): boolean =>
  matches(match, { ...subject, severity: 'critical' })

/**
 * What holds each subject at `at`; null: nothing does, and whoever is to be told is told. Made once and asked of thousands: only what is
 * on at `at` is looked at for each.
 */
export function underAt(windows: readonly Maintenance[], at: Millis): (subject: MaintenanceSubject) => Under | null {
  const spells = new Map<string, Window | null>()
  const spellOf = (maintenance: Maintenance, then: Millis): Window | null => {
    const place = `${maintenance.id} ${then}`
    const known = spells.get(place)
    if (known !== undefined) return known
    const spell = spellAt(maintenance, then)
    spells.set(place, spell)
    return spell
  }
  const lastOf = (some: readonly Maintenance[], then: Millis): Under | null =>
    some.reduce<Under | null>((last, maintenance) => {
      const to = spellOf(maintenance, then)?.to
      return to === undefined || (last !== null && last.until >= to) ? last : { maintenance, until: to }
    }, null)

  const on = windows.filter((maintenance) => spellOf(maintenance, at) !== null)
  return (subject) => {
    const first = lastOf(
      on.filter((maintenance) => isFor(maintenance, subject)),
      at,
    )
    if (first === null) return null
    const all = windows.filter((maintenance) => isFor(maintenance, subject))
    let { until } = first
    for (let i = 0, next = lastOf(all, until); next !== null && i < MOST_IN_A_ROW; i += 1, next = lastOf(all, until))
      until = next.until
    return { maintenance: first.maintenance, until }
  }
}

/** The same for one subject. */
export const isUnder = (windows: readonly Maintenance[], subject: MaintenanceSubject, at: Millis): Under | null =>
  underAt(windows, at)(subject)

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

/** As much of a window as is before somebody ended it. */
const cut = ({ from, to }: Window, { endedAt }: Maintenance): Window => ({ from, to: Math.min(to, endedAt ?? to) })

/**
 * The window of it that holds `at`; null when it is not on. One that lasts two hours does so on days of a clock change, too. It is on from
 * its last beginning on, be it planned or changed after that.
 */
export function spellAt(maintenance: Maintenance, at: Millis): Window | null {
  const { plan } = maintenance
  if (isEnded(maintenance, at)) return null
  if (plan.kind === 'once') return plan.from <= at && at < plan.to ? cut(plan, maintenance) : null
  const from = dueAtOrBefore(plan, at)
  return from !== null && at < from + plan.lasts ? cut({ from, to: from + plan.lasts }, maintenance) : null
}

/** The first `count` windows of it that begin after `after`. */
export function nextWindows(maintenance: Maintenance, after: Millis, count: number): Window[] {
  const { plan } = maintenance
  const begins = plan.kind === 'once' ? [plan.from].filter((from) => from > after) : duesAfter(plan, after, count)
  const lasts = plan.kind === 'once' ? plan.to - plan.from : plan.lasts
  return begins.filter((from) => !isEnded(maintenance, from)).map((from) => cut({ from, to: from + lasts }, maintenance))
}

// How bad it is decides nothing here.
const isFor = ({ match }: Maintenance, subject: MaintenanceSubject): boolean =>
  matches(match, { ...subject, severity: 'critical' })

/** Of those that are on at `at` the one that is over last; null when none is. */
function lastOf(windows: readonly Maintenance[], at: Millis): Under | null {
  return windows.reduce<Under | null>((last, maintenance) => {
    const to = spellAt(maintenance, at)?.to
    return to === undefined || (last !== null && last.until >= to) ? last : { maintenance, until: to }
  }, null)
}

function heldBy(windows: readonly Maintenance[], at: Millis): Under | null {
  const first = lastOf(windows, at)
  let until = first?.until ?? at
  for (let i = 0, next = first; next !== null && i < MOST_IN_A_ROW; i += 1, next = lastOf(windows, until)) until = next.until
  return first === null ? null : { ...first, until }
}

/**
 * What holds each subject at `at`; null: nothing does, and whoever is to be told is told. Made once and asked of thousands: most are held by
 * nothing that is on, and those that the same windows are for share one answer.
 */
export function underAt(windows: readonly Maintenance[], at: Millis): (subject: MaintenanceSubject) => Under | null {
  const on = windows.filter((maintenance) => spellAt(maintenance, at) !== null)
  const answers = new Map<string, Under | null>()
  return (subject) => {
    if (!on.some((maintenance) => isFor(maintenance, subject))) return null
    const fitting = windows.filter((maintenance) => isFor(maintenance, subject))
    const which = fitting.map(({ id }) => id).join()
    const known = answers.get(which)
    if (known !== undefined) return known
    const under = heldBy(fitting, at)
    answers.set(which, under)
    return under
  }
}

/** The same for one subject. */
export const isUnder = (windows: readonly Maintenance[], subject: MaintenanceSubject, at: Millis): Under | null =>
  underAt(windows, at)(subject)

import { type DamperLimits, isFlapping } from '../domain/damper.ts'
import type { Delivery } from '../domain/delivery.ts'
import { blindGap } from '../domain/listening.ts'
import { type Duration, HOUR, type Millis } from '../domain/time.ts'
import type { RoutedSubject, Store, Unjudged } from '../store/store.ts'
import type { InMaintenance } from './gating.ts'

/** Rows looked at in one step. */
const AT_ONCE = 500
/** Windows reach back so far, at most, for the question how long we were blind. */
const LOOKED_BACK: Duration = 48 * HOUR

type Needs = {
  store: Store
  limits: DamperLimits
  inMaintenance: (at: Millis) => Promise<InMaintenance>
  /** Is all judged that was due by now? */
  isJudged: (now: Millis) => boolean
}

/** Settles up: what dampers withheld, what is to be reminded of, what ended unseen, and what nobody could judge. Each step is safe on any number of nodes. */
export type SettlingUp = (now: Millis) => Promise<void>

export function aSettlingUp({ store, limits, inMaintenance, isJudged }: Needs): SettlingUp {
  const liftOne = async (held: Delivery, subject: RoutedSubject | undefined, isIn: InMaintenance, now: Millis): Promise<void> => {
    const { expectation, channel, heldBy } = held
    if (expectation === null || subject === undefined) return void (await store.liftDelivery(held, null, now))
    const changes = (await store.changesSince([expectation], now - limits.flapping.within)).get(expectation) ?? []
    const isHeld = heldBy === 'maintenance' ? isIn(subject, now) !== null : isFlapping(changes, now, limits)
    if (isHeld) return
    const [[telling], [open]] = await Promise.all([
      store.tellingsOf([{ channel, expectation }]),
      store.openIncidents([expectation]),
    ])
    const isOwed = telling === undefined && open !== undefined && open.id === held.incident
    const why = heldBy === 'maintenance' ? 'missed during a maintenance that is over now' : 'it does not flap any more'
    await store.liftDelivery(held, isOwed ? { ...held.about, why } : null, now)
  }

  const lift = async (now: Millis): Promise<void> => {
    for (let after = 0; ; ) {
      const held = await store.heldDeliveries(after, AT_ONCE)
      if (held.length === 0) return
      const isIn = await inMaintenance(now)
      const subjects = await store.subjects(held.flatMap(({ expectation }) => (expectation === null ? [] : [expectation])))
      for (const one of held) await liftOne(one, subjects.get(one.expectation ?? 0), isIn, now)
      if (held.length < AT_ONCE) return
      after = held.at(-1)?.id ?? 0
    }
  }

  const remind = async (now: Millis): Promise<void> => {
    const due = await store.dueReminders(now, AT_ONCE)
    if (due.length === 0) return
    const channels = new Map((await store.channels()).map((channel) => [channel.id, channel]))
    for (const telling of due) {
      const [open] = await store.openIncidents([telling.expectation])
      const every = channels.get(telling.channel)?.remindEvery ?? null
      const wants = channels.get(telling.channel)?.when.includes('reminder') === true && every !== null
      const isQuiet = open === undefined || open.acknowledgedBy !== null
      const isSnoozed = open?.snoozedUntil != null && open.snoozedUntil > now
      const next = isSnoozed ? open.snoozedUntil : wants && !isQuiet ? now + every : null
      await store.remind(telling, next, !isQuiet && !isSnoozed, now)
    }
  }

  const tellUnjudged = async (now: Millis): Promise<void> => {
    // While we catch up more of them come: they belong into one message.
    if (!isJudged(now)) return
    const rows = await store.unjudged()
    if (rows.untold.length + rows.settled.length === 0) return
    await store.tellUnjudged(rows, await gapOf(rows.untold, now), now)
  }

  const gapOf = async (untold: readonly Unjudged[], now: Millis) => {
    if (untold.length === 0) return null
    const from = Math.max(now - LOOKED_BACK, Math.min(...untold.map(({ firstDue, blind }) => firstDue - blind)) - HOUR)
    return blindGap({ from, to: now }, await store.spans({ from, to: now }))
  }

  return async (now) => {
    await lift(now)
    await store.settleFlapping(now - limits.flapping.steady, now)
    await store.settleFloods(now - limits.flood.quiet, now)
    await remind(now)
    await store.settleOrphans(now, AT_ONCE)
    await tellUnjudged(now)
  }
}

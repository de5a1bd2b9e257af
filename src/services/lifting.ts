import { type DamperLimits, isFlapping } from '../domain/damper.ts'
import type { Delivery } from '../domain/delivery.ts'
import { blindGap } from '../domain/listening.ts'
import { type Duration, HOUR, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import type { Store, Unjudged } from '../store/store.ts'
import type { InMaintenance } from './gating.ts'

/** Rows looked at in one step. */
const AT_ONCE = 500
/** Windows reach back so far, at most, for the question how long we were blind. */
const LOOKED_BACK: Duration = 48 * HOUR

/** How long nothing more has to come to light, at most so long, and how often it is told. */
const BLIND_QUIET: Duration = 90 * SECOND
const LONGEST_GATHERING: Duration = 5 * MINUTE
const BETWEEN_BLIND: Duration = HOUR
/** How often it is looked whether a channel should know what it does not. */
const BETWEEN_LOOKS: Duration = MINUTE

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
  let lookedAt = Number.NEGATIVE_INFINITY

  /** What decides about all of them, read at once: there may be thousands. */
  const factsOf = async (held: readonly Delivery[], now: Millis) => {
    const expectationsOf = (some: readonly Delivery[]) => some.flatMap(({ expectation }) => expectation ?? [])
    const flapping = held.filter(({ heldBy }) => heldBy === 'flapping')
    const pairs = held.flatMap(({ channel, expectation }) => (expectation === null ? [] : [{ channel, expectation }]))
    const [subjects, changes, tellings, open] = await Promise.all([
      store.subjects(expectationsOf(held)),
      store.changesSince(expectationsOf(flapping), now - limits.flapping.within),
      store.tellingsOf(pairs),
      store.openIncidents(expectationsOf(held)),
    ])
    return {
      subjects,
      changes,
      known: new Set(tellings.map(({ channel, expectation }) => `${channel} ${expectation}`)),
      open: new Set(open.map(({ id }) => id)),
    }
  }

  const liftSome = async (held: readonly Delivery[], isIn: InMaintenance, now: Millis): Promise<void> => {
    const { subjects, changes, known, open } = await factsOf(held, now)
    for (const one of held) {
      const { expectation, channel, incident, heldBy } = one
      const subject = subjects.get(expectation ?? 0)
      const isHeld =
        heldBy === 'maintenance'
          ? subject !== undefined && isIn(subject, now) !== null
          : isFlapping(changes.get(expectation ?? 0) ?? [], now, limits)
      if (isHeld) continue
      const isOwed = subject !== undefined && !known.has(`${channel} ${expectation}`) && open.has(incident ?? 0)
      const why = heldBy === 'maintenance' ? 'missed during a maintenance that is over now' : 'it does not flap any more'
      await store.liftDelivery(one, isOwed ? { ...one.about, why } : null, now)
    }
  }

  const lift = async (now: Millis): Promise<void> => {
    for (let after = 0; ; ) {
      const held = await store.heldDeliveries(after, AT_ONCE)
      if (held.length === 0) return
      await liftSome(held, await inMaintenance(now), now)
      if (held.length < AT_ONCE) return
      after = held.at(-1)?.id ?? 0
    }
  }

  const remind = async (now: Millis): Promise<void> => {
    const due = await store.dueReminders(now, AT_ONCE)
    if (due.length === 0) return
    const channels = new Map((await store.channels()).map((channel) => [channel.id, channel]))
    const { items } = await store.listExpectations(
      { ids: due.map(({ expectation }) => expectation) },
      { limit: AT_ONCE, cursor: null },
    )
    const paused = new Set(items.filter(({ pausedAt }) => pausedAt !== null).map(({ id }) => id))
    for (const telling of due) {
      // Of a later one the channel was told nothing yet.
      const open = (await store.openIncidents([telling.expectation])).find(({ id }) => id === telling.incident)
      const every = channels.get(telling.channel)?.remindEvery ?? null
      const wants = channels.get(telling.channel)?.when.includes('reminder') === true && every !== null
      const isPaused = paused.has(telling.expectation)
      const isQuiet = open === undefined || open.acknowledgedBy !== null || isPaused
      const isSnoozed = open?.snoozedUntil != null && open.snoozedUntil > now
      const next = isSnoozed ? open.snoozedUntil : wants && open !== undefined ? now + every : null
      await store.remind(telling, next, !isQuiet && !isSnoozed, now)
    }
  }

  const tellUnjudged = async (now: Millis): Promise<void> => {
    // While we catch up more of them come: they belong into one message.
    if (!isJudged(now)) return
    const { untold, settled, lastToldAt } = await store.unjudged()
    const ripe = isRipe(untold, lastToldAt, now) ? untold : []
    if (ripe.length + settled.length > 0) await store.tellUnjudged({ untold: ripe, settled }, await gapOf(ripe, now), now)
  }

  /** One outage is one message: what falls due minutes after each other is waited for, and what an hour brings to light is told once an hour. */
  const isRipe = (untold: readonly Unjudged[], lastToldAt: Millis | null, now: Millis): boolean => {
    const noted = untold.map(({ notedAt }) => notedAt)
    const isQuiet = Math.max(...noted) <= now - BLIND_QUIET || Math.min(...noted) <= now - LONGEST_GATHERING
    return untold.length > 0 && isQuiet && (lastToldAt === null || Math.abs(now - lastToldAt) >= BETWEEN_BLIND)
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
    if (Math.abs(now - lookedAt) >= BETWEEN_LOOKS) {
      await store.oweWhatIsOpen(now)
      lookedAt = now
    }
    await tellUnjudged(now)
  }
}

import type { Channel } from '../domain/channel.ts'
import { type DamperLimits, floodedOf, type Miss } from '../domain/damper.ts'
import type { Delivery, Telling } from '../domain/delivery.ts'
import { type Facts, type Ruling, rule } from '../domain/gate.ts'
import { failingChannelOf } from '../domain/self.ts'
import type { Millis } from '../domain/time.ts'
import type { RoutedSubject, Store } from '../store/store.ts'

type Asked = Pick<
  Store,
  | 'subjects'
  | 'tellingsOf'
  | 'changesSince'
  | 'missesSince'
  | 'lastAffirmations'
  | 'openIncidents'
  | 'findIncident'
  | 'deliveries'
  | 'findFlood'
>

/** Words for the maintenance that an expectation is in at an instant; null when it is in none. */
export type InMaintenance = (subject: Pick<RoutedSubject, 'event' | 'env' | 'tags'>, at: Millis) => string | null

/** One delivery, what is to become of it, and what that was ruled by. `incident`: the one that it is about by now. */
export type Ruled = {
  delivery: Delivery
  ruling: Ruling
  telling: Telling | null
  subject: RoutedSubject | undefined
  incident: { id: number; closedAt: Millis | null; acknowledgedBy: string | null } | null
}

/** Who affirmed last is not asked of more misses than these. */
const MOST_ASKED = 1_000

/** Those of `missed`, all of one channel, that are one of many. What is `apart`, as it will not be told now, makes nothing a flood. */
async function floodedAt(
  store: Asked,
  missed: readonly Delivery[],
  apart: ReadonlySet<number>,
  now: Millis,
  limits: DamperLimits,
): Promise<Set<number>> {
  const [first] = missed
  if (first === undefined) return new Set()
  const { channel } = first
  const since = Math.min(...missed.map(({ createdAt }) => createdAt))
  const { ofAll, ofSource, allWithin, sourceWithin } = limits.flood
  const { items } = await store.deliveries({ channel, kind: 'flood', state: 'sent' }, { limit: 1, cursor: null })
  // What was told in one message is told: what comes after it is counted anew, or one more miss would wait for the end of the flood.
  const settledAt = items[0]?.settledAt ?? 0
  // A clock that was ahead of itself says nothing of what is told by now.
  const told = settledAt > now ? 0 : settledAt
  const owed = await store.missesSince(channel, since - Math.max(allWithin, sourceWithin))
  const misses = owed.filter(({ delivery, at }) => at > told && !apart.has(delivery))
  // Who affirmed last decides nothing where all are too few; of very many it would take too long.
  const isAsked = misses.length > ofSource && misses.length <= Math.max(ofAll, MOST_ASKED)
  const last = isAsked ? await store.lastAffirmations(misses.map(({ expectation }) => expectation)) : new Map()
  const known = misses.map(
    ({ delivery, expectation, at }): Miss => ({ delivery, at, source: last.get(expectation)?.source ?? null }),
  )
  return floodedOf(known, limits)
}

/** What is settled is told by what is open by then. */
async function incidentOf(store: Asked, { kind, incident, expectation }: Delivery): Promise<Ruled['incident']> {
  if (kind !== 'settled' && kind !== 'reminder' && kind !== 'acknowledged') return null
  if (kind === 'settled' && expectation !== null) {
    const [open] = await store.openIncidents([expectation])
    if (open !== undefined) return open
  }
  return incident === null ? null : store.findIncident(incident)
}

async function floodOf(store: Asked, { channel, flood }: Delivery): Promise<Facts['flood']> {
  const found = flood === null ? null : await store.findFlood(flood)
  if (flood === null || found === null) return null
  const newest = (state?: 'sent') =>
    store.deliveries({ channel, flood, kind: 'flood', ...(state && { state }) }, { limit: 1, cursor: null })
  // It may be told a second time, with what came since: that the first was told is what counts.
  const [told] = (await newest('sent')).items
  const [last] = told === undefined ? (await newest()).items : [told]
  return { told: last?.state ?? null, hasEnded: found.endedAt !== null }
}

/** Rules on what was claimed for one channel. */
export async function gate(
  store: Asked,
  channel: Channel | null,
  claimed: readonly Delivery[],
  { now, limits, inMaintenance }: { now: Millis; limits: DamperLimits; inMaintenance: InMaintenance },
): Promise<Ruled[]> {
  const about = claimed.flatMap(({ channel, expectation }) => (expectation === null ? [] : [{ channel, expectation }]))
  const expectations = [...new Set(about.map(({ expectation }) => expectation))]
  const [subjects, known, changes] = await Promise.all([
    store.subjects(expectations),
    store.tellingsOf(about),
    store.changesSince(expectations, now - limits.flapping.within),
  ])
  const tellings = new Map(known.map((telling) => [telling.expectation, telling]))
  const maintenanceOf = ({ expectation }: Delivery): string | null => {
    const subject = subjects.get(expectation ?? 0)
    return subject === undefined ? null : inMaintenance(subject, now)
  }
  const missed = claimed.filter(({ kind }) => kind === 'missed')
  const apart = new Set(missed.filter((one) => maintenanceOf(one) !== null).map(({ id }) => id))
  const flooded = await floodedAt(store, missed, apart, now, limits)
  return Promise.all(
    claimed.map(async (delivery): Promise<Ruled> => {
      const telling = tellings.get(delivery.expectation ?? 0) ?? null
      const subject = subjects.get(delivery.expectation ?? 0)
      const incident = await incidentOf(store, delivery)
      const facts = {
        delivery,
        channel,
        telling,
        incident,
        changes: changes.get(delivery.expectation ?? 0) ?? [],
        maintenance: maintenanceOf(delivery),
        isFlooded: flooded.has(delivery.id),
        flood: await floodOf(store, delivery),
        isThere: subject !== undefined,
        isOurs: subject !== undefined && failingChannelOf(subject.event) !== null,
      }
      return { delivery, ruling: rule(facts, now, limits), telling, subject, incident }
    }),
  )
}

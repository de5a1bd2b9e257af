import type { Channel } from '../domain/channel.ts'
import { type DamperLimits, floodedOf, type Miss } from '../domain/damper.ts'
import type { Delivery, DeliveryState, Telling } from '../domain/delivery.ts'
import { type Ruling, rule } from '../domain/gate.ts'
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

/** Those that are one of many misses of this channel. */
async function floodedAt(store: Asked, channel: number, now: Millis, limits: DamperLimits): Promise<Set<number>> {
  const { ofAll, ofSource, allWithin, sourceWithin } = limits.flood
  const misses = await store.missesSince(channel, now - Math.max(allWithin, sourceWithin))
  // Who affirmed last decides nothing where all are too many, or all are too few.
  const isAsked = misses.length > ofSource && misses.length <= ofAll
  const last = isAsked ? await store.lastAffirmations(misses.map(({ expectation }) => expectation)) : new Map()
  const known = misses.map(
    ({ delivery, expectation, at }): Miss => ({ delivery, at, source: last.get(expectation)?.source ?? null }),
  )
  return floodedOf(known, now, limits)
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

async function floodTold(store: Asked, { channel, flood }: Delivery): Promise<DeliveryState | null> {
  if (flood === null) return null
  const { items } = await store.deliveries({ channel, kind: 'flood' }, { limit: 10, cursor: null })
  return items.find((one) => one.flood === flood)?.state ?? null
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
  const isAnyMissed = claimed.some(({ kind }) => kind === 'missed')
  const [subjects, known, changes, flooded] = await Promise.all([
    store.subjects(expectations),
    store.tellingsOf(about),
    store.changesSince(expectations, now - limits.flapping.within),
    isAnyMissed ? floodedAt(store, claimed[0]?.channel ?? 0, now, limits) : new Set<number>(),
  ])
  const tellings = new Map(known.map((telling) => [telling.expectation, telling]))
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
        maintenance: subject === undefined ? null : inMaintenance(subject, now),
        isFlooded: flooded.has(delivery.id),
        flood: await floodTold(store, delivery),
        isOurs: subject !== undefined && failingChannelOf(subject.event) !== null,
      }
      return { delivery, ruling: rule(facts, now, limits), telling, subject, incident }
    }),
  )
}

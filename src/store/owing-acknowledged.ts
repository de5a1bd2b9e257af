import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { ChannelKind } from '../domain/channel.ts'
import { type About, isToldOfAcknowledging } from '../domain/delivery.ts'
import type { Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import type { IncidentRow } from './open-incident.ts'
import { addDeliveries } from './owing.ts'
import type { NewDelivery } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Known = { channel: number; about: string }

/** Where it happened, without what else was told of it then. */
function placeIn(text: string): About {
  const { event, env } = JSON.parse(text) as About
  return { ...(event === undefined ? {} : { event }), ...(env === undefined ? {} : { env }) }
}

/**
 * Channels that know of the incident, and those that are still to be told of it. A flood is one alert for many incidents, and one of them in somebody's
 * hands says nothing of the others.
 */
async function knowing(db: Db, { tellings: g, deliveries: d }: Tables, { id }: IncidentRow): Promise<Known[]> {
  const told = await db
    .select({ channel: g.channelId, about: g.about })
    .from(g)
    .where(and(eq(g.incidentId, id), ne(g.told, 'flood')))
  const owed = await db
    .select({ channel: d.channelId, about: d.about })
    .from(d)
    .where(and(eq(d.incidentId, id), eq(d.kind, 'missed'), sql`state = 'waiting'`))
  return [...told, ...owed.filter(({ channel }) => !told.some((one) => one.channel === channel))]
}

/** Somebody has it: services that keep an alert of their own for it are owed that, in the transaction of the taking. */
export async function oweAcknowledged(db: Db, t: Tables, incident: IncidentRow, at: Millis): Promise<void> {
  const { channels: c } = t
  const known = await knowing(db, t, incident)
  if (known.length === 0) return
  const channels = await db
    .select({ id: c.id, kind: c.kind })
    .from(c)
    .where(and(isNull(c.endedAt), eq(c.isEnabled, true)))
  const asked = channels.filter(({ kind }) => isToldOfAcknowledging({ kind: kind as ChannelKind })).map(({ id }) => id)
  const of = { expectation: incident.expectationId, incident: incident.id }
  const owed = known
    .filter(({ channel }) => asked.includes(channel))
    .map(({ channel, about }): NewDelivery => ({ ...of, channel, kind: 'acknowledged', about: placeIn(about) }))
  await addDeliveries(db, t, owed, at)
}

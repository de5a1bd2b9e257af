import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import type { ChannelKind } from '../domain/channel.ts'
import { type About, isToldOfAcknowledging } from '../domain/delivery.ts'
import type { Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import type { IncidentRow } from './open-incident.ts'
import { addDeliveries } from './owing.ts'
import type { NewDelivery } from './store.telling.ts'
import type { Tables } from './tables.ts'

/** Where it happened, without what else was told of it then. */
function placeIn(text: string): About {
  const { event, env } = JSON.parse(text) as About
  return { ...(event === undefined ? {} : { event }), ...(env === undefined ? {} : { env }) }
}

/**
 * Somebody has it: services that keep an alert of their own for it are owed that, in the transaction of the taking. A flood is one alert for many
 * incidents, and one of them in somebody's hands says nothing of the others.
 */
export async function oweAcknowledged(db: Db, t: Tables, { id, expectationId }: IncidentRow, at: Millis): Promise<void> {
  const { tellings: k, channels: c } = t
  const knowing = await db
    .select({ channel: k.channelId, kind: c.kind, about: k.about })
    .from(k)
    .innerJoin(c, eq(c.id, k.channelId))
    .where(and(eq(k.incidentId, id), ne(k.told, 'flood'), isNull(c.endedAt), eq(c.isEnabled, true)))
    .orderBy(asc(k.channelId))
  const owed = knowing
    .filter(({ kind }) => isToldOfAcknowledging({ kind: kind as ChannelKind }))
    .map(({ channel, about }): NewDelivery => {
      const of = { expectation: expectationId, incident: id }
      return { ...of, channel, kind: 'acknowledged', about: placeIn(about) }
    })
  await addDeliveries(db, t, owed, at)
}

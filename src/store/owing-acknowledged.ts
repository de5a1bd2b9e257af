import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import { nanoid } from 'nanoid'
import type { ChannelKind } from '../domain/channel.ts'
import { type About, isToldOfAcknowledging } from '../domain/delivery.ts'
import type { Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import type { IncidentRow } from './open-incident.ts'
import type { Tables } from './tables.ts'

const placeOf = (about: string): string => {
  const { event, env } = JSON.parse(about) as About
  return JSON.stringify({ event, env } satisfies { [K in keyof About]: About[K] | undefined })
}

/**
 * Somebody has it: services that keep an alert of their own for it are owed that, in the transaction of the taking. A flood is one alert for many
 * incidents, and one of them in somebody's hands says nothing of the others.
 */
export async function oweAcknowledged(db: Db, t: Tables, incident: IncidentRow, at: Millis): Promise<void> {
  const { tellings: k, channels: c, deliveries } = t
  const knowing = await db
    .select({ channelId: k.channelId, kind: c.kind, about: k.about })
    .from(k)
    .innerJoin(c, eq(c.id, k.channelId))
    .where(and(eq(k.incidentId, incident.id), ne(k.told, 'flood'), isNull(c.endedAt), eq(c.isEnabled, true)))
    .orderBy(asc(k.channelId))
  const rows = knowing
    .filter(({ kind }) => isToldOfAcknowledging({ kind: kind as ChannelKind }))
    .map(({ channelId, about }) => ({
      ...{ key: nanoid(), channelId, kind: 'acknowledged', about: placeOf(about) },
      ...{ expectationId: incident.expectationId, incidentId: incident.id },
      ...{ createdAt: at, nextAt: at, state: 'waiting' },
    }))
  if (rows.length > 0) await db.insert(deliveries).values(rows)
}

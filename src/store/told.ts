import { and, desc, eq, gte, lt, type SQL } from 'drizzle-orm'
import type { ChannelKind } from '../domain/channel.ts'
import type { About, DeliveryState, Holder } from '../domain/delivery.ts'
import type { MessageKind } from '../domain/message.ts'
import { livingChannels } from './channel-rows.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Engine } from './engine.ts'
import type { DeliveryFilter, NamedDelivery, TellingStore } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Row = { d: Tables['deliveries']['$inferSelect']; channelName: string; channelKind: string }

const toNamed = ({ d, channelName, channelKind }: Row): NamedDelivery => {
  const { channelId, expectationId, incidentId, floodId, ...row } = d
  return {
    ...row,
    ...{ channel: channelId, expectation: expectationId, incident: incidentId, flood: floodId },
    kind: row.kind as MessageKind,
    about: JSON.parse(row.about) as About,
    state: row.state as DeliveryState,
    heldBy: row.heldBy as Holder | null,
    channelName,
    channelKind: channelKind as ChannelKind,
  }
}

function matching({ deliveries: d }: Tables, { channel, incident, state, kind, from, to }: DeliveryFilter): (SQL | undefined)[] {
  return [
    channel === undefined ? undefined : eq(d.channelId, channel),
    incident === undefined ? undefined : eq(d.incidentId, incident),
    state === undefined ? undefined : eq(d.state, state),
    kind === undefined ? undefined : eq(d.kind, kind),
    from === undefined ? undefined : gte(d.createdAt, from),
    to === undefined ? undefined : lt(d.createdAt, to),
  ]
}

/** Where people are told, and what was. */
export function toldStore({ t, db }: Engine): Pick<TellingStore, 'channels' | 'deliveries'> {
  const { deliveries: d, channels: c } = t
  return {
    channels: () => livingChannels(db, t),

    async deliveries(filter, page) {
      const place = readCursor(page.cursor, 1)?.[0]
      const rows = await db
        .select({ d, channelName: c.name, channelKind: c.kind })
        .from(d)
        .innerJoin(c, eq(c.id, d.channelId))
        .where(and(...matching(t, filter), place === undefined ? undefined : lt(d.id, place)))
        .orderBy(desc(d.id))
        .limit(page.limit + 1)
      return paged(rows.map(toNamed), page, ({ id }) => cursorOf(id))
    },
  }
}

import type { ChannelKind } from '../domain/channel.ts'
import type { About, Delivery, DeliveryState, Flood, Holder, Telling, Told } from '../domain/delivery.ts'
import type { MessageKind } from '../domain/message.ts'
import type { NamedDelivery } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Row = Tables['deliveries']['$inferSelect']

export const toDelivery = ({
  channelId,
  expectationId,
  incidentId,
  floodId,
  kind,
  about,
  state,
  heldBy,
  ...row
}: Row): Delivery => ({
  ...row,
  channel: channelId,
  kind: kind as MessageKind,
  expectation: expectationId,
  incident: incidentId,
  flood: floodId,
  about: JSON.parse(about) as About,
  state: state as DeliveryState,
  heldBy: heldBy as Holder | null,
})

/** `name` and `channelKind` are null where the channel's row is gone. */
export const toNamedDelivery = (row: { d: Row; name: string | null; channelKind: string | null }): NamedDelivery => ({
  ...toDelivery(row.d),
  channelName: row.name ?? `channel ${row.d.channelId}`,
  channelKind: (row.channelKind ?? 'webhook') as ChannelKind,
})

export const toTelling = ({
  channelId,
  expectationId,
  incidentId,
  floodId,
  told,
  about,
  ...row
}: Tables['tellings']['$inferSelect']): Telling => ({
  ...row,
  channel: channelId,
  expectation: expectationId,
  incident: incidentId,
  flood: floodId,
  told: told as Told,
  about: JSON.parse(about) as About,
})

export const tellingColumns = ({ channel, expectation, incident, flood, about, ...rest }: Telling) => ({
  ...rest,
  channelId: channel,
  expectationId: expectation,
  incidentId: incident,
  floodId: flood,
  about: JSON.stringify(about),
})

export const toFlood = ({ channelId, ...row }: Tables['floods']['$inferSelect']): Flood => ({ ...row, channel: channelId })

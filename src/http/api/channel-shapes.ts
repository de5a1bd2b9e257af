import { declaredChannel } from '../../domain/channel.ts'
import { iso, type Millis } from '../../domain/time.ts'
import type { Channels } from '../../services/channels.ts'
import type { KnownChannel, NamedDelivery } from '../../store/store.ts'

const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

/** With a mask for each secret. */
export const channelShape =
  ({ shown }: Pick<Channels, 'shown'>) =>
  (channel: KnownChannel) => ({
    id: channel.id,
    ...declaredChannel(channel, shown(channel)),
    failingSince: isoOrNull(channel.failingSince),
    createdAt: iso(channel.createdAt),
  })

export const deliveryShape = (delivery: NamedDelivery) => ({
  id: delivery.id,
  key: delivery.key,
  channel: delivery.channel,
  channelName: delivery.channelName,
  kind: delivery.kind,
  event: delivery.about.event ?? null,
  env: delivery.about.env ?? null,
  expectation: delivery.expectation,
  incident: delivery.incident,
  state: delivery.state,
  reason: delivery.reason,
  attempts: delivery.attempts,
  createdAt: iso(delivery.createdAt),
  nextTry: isoOrNull(delivery.nextAt),
  settledAt: isoOrNull(delivery.settledAt),
  said: delivery.said,
})

import type { ChannelKind, Match, When } from '../src/domain/channel.ts'
import type { DeliveryState } from '../src/domain/delivery.ts'
import type { MessageKind } from '../src/domain/message.ts'
import type { Millis } from '../src/domain/time.ts'
import type { FormState, Frame } from './models.ts'

/** One setting of a kind. `kept` says what is stored of a secret, as far as it can be shown; null: nothing, or it is none. */
export type SettingView = {
  name: string
  label: string
  hint: string
  type: 'text' | 'url' | 'list' | 'pairs' | 'lines'
  isRequired: boolean
  isSecret: boolean
  kept: string | null
}

/** A channel as it stands in sentences. */
export type ChannelView = {
  id: number
  name: string
  kind: string
  when: readonly When[]
  match: Match | null
  isDefault: boolean
  isEnabled: boolean
  failingSince: Millis | null
  failures: number
}
export type DeliveryView = {
  id: number
  channel: number
  channelName: string
  kind: MessageKind
  event: string | null
  env: string | null
  incident: number | null
  state: DeliveryState
  reason: string | null
  said: string | null
  attempts: number
  createdAt: Millis
  nextAt: Millis | null
}

/** Its own fields, and `settings-…` for those of its kind. What is secret is never drawn, even as it was typed. */
export type ChannelForm = FormState<string>
export type ChannelFormView = { kind: ChannelKind; label: string; settings: readonly SettingView[]; form: ChannelForm }

export type ChannelsPage = { frame: Frame; items: readonly { channel: ChannelView; last: DeliveryView | null }[] }
/** `chosen` null: a kind is to be chosen first. */
export type NewChannelPage = {
  frame: Frame
  kinds: readonly { kind: ChannelKind; label: string }[]
  chosen: ChannelFormView | null
}
/** `edit` null: whoever looks may not change it. `tested` is the delivery of the test that was just sent. */
export type ChannelPage = {
  frame: Frame
  channel: ChannelView
  edit: ChannelFormView | null
  /** What keeps its settings from being of use as this server is set up, in words; for whoever may change it. */
  warnings: readonly string[]
  remove: FormState<'confirm'>
  /** Why no test was sent; null where none was asked for. */
  mistake: string | null
  tested: DeliveryView | null
  deliveries: readonly DeliveryView[]
  isMore: boolean
}
export type DeliveriesPage = {
  frame: Frame
  /** `flood`: only the digest of it. */
  filter: { channel: string; state: string; kind: string; flood: string }
  channels: readonly { id: number; name: string }[]
  items: readonly DeliveryView[]
  cursor: string | null
  next: string | null
}

import type { ChannelFormView, ChannelView, DeliveryView, SettingView } from '../../../views/models.channels.ts'
import type { Channel, ChannelKind, ChannelSettings } from '../../domain/channel.ts'
import type { Channels, Field } from '../../services/channels.ts'
import type { KnownChannel, NamedDelivery } from '../../store/store.ts'

/** What was read becomes what is drawn. */

const labelOf = ({ kinds }: Channels, kind: ChannelKind): string => kinds[kind]?.label ?? kind

export const channelView = (channels: Channels, { kind, ...channel }: KnownChannel): ChannelView => ({
  id: channel.id,
  name: channel.name,
  kind: labelOf(channels, kind),
  when: channel.when,
  match: channel.match,
  isDefault: channel.isDefault,
  isEnabled: channel.isEnabled,
  failingSince: channel.failingSince,
  failures: channel.failures,
})

export const deliveryView = ({ about, ...delivery }: NamedDelivery): DeliveryView => ({
  id: delivery.id,
  channel: delivery.channel,
  channelName: delivery.channelName,
  kind: delivery.kind,
  event: about.event ?? null,
  env: about.env ?? null,
  incident: delivery.incident,
  state: delivery.state,
  reason: delivery.reason,
  said: delivery.said,
  attempts: delivery.attempts,
  createdAt: delivery.createdAt,
  nextAt: delivery.nextAt,
})

/** What is stored of a secret, on one line: a mask, a reference, or names with masks. */
function keptOf({ name, isSecret }: Field, shown: ChannelSettings): string | null {
  const value = shown[name]
  if (!isSecret || value === undefined) return null
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = Object.entries(value).map(([name, text]) => (Array.isArray(value) ? String(text) : `${name}: ${text}`))
  return parts.join(', ')
}

const settingView = (field: Field, shown: ChannelSettings): SettingView => ({
  name: field.name,
  label: field.label,
  hint: field.hint,
  type: field.type,
  isRequired: field.isRequired,
  isSecret: field.isSecret,
  kept: keptOf(field, shown),
})

/** What keeps stored settings from being of use here; a secret that is stored is not looked at, but what it refers to is. */
export function warningsOf(channels: Channels, { kind, settings }: Pick<Channel, 'kind' | 'settings'>): string[] {
  const labels = new Map((channels.kinds[kind]?.fields ?? []).map(({ name, label }) => [name, label]))
  return channels.warnings({ kind, settings: channels.shown({ kind, settings }) }).map(({ path, detail }) => {
    const [, field = ''] = path.split('.')
    return `${labels.get(field) ?? field}: ${detail}.`
  })
}

/** The form of a kind; `old` null: of a new channel. */
export const formView = (
  channels: Channels,
  kind: ChannelKind,
  old: Pick<Channel, 'kind' | 'settings'> | null,
  form: ChannelFormView['form'],
): ChannelFormView => ({
  kind,
  label: labelOf(channels, kind),
  settings: (channels.kinds[kind]?.fields ?? []).map((field) => settingView(field, old === null ? {} : channels.shown(old))),
  form,
})

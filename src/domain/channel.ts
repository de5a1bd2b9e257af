import { formatDuration } from './duration.ts'
import { type Duration, HOUR, type Millis } from './time.ts'

/** Where people are told. `command` is a program on this machine. */
export const CHANNEL_KINDS = [
  'webhook',
  'email',
  'slack',
  'teams',
  'discord',
  'telegram',
  'ntfy',
  'pagerduty',
  'opsgenie',
  'twilio',
  'mailgun',
  'datadog',
  'eventbridge',
  'alertmanager',
  'command',
] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export const WHENS = ['missed', 'recovered', 'reminder', 'met'] as const
/** What a channel is told of. Our own troubles and what stands for many misses go with `missed`. */
export type When = (typeof WHENS)[number]

export const SEVERITIES = ['warning', 'critical'] as const
/** How bad it is when the expectation is missed. */
export type Severity = (typeof SEVERITIES)[number]

/** Which expectations a channel is for: each list that is there must hold one of theirs. `events` are names, `*` stands for any part of one. */
export type Match = {
  events?: readonly string[]
  tags?: readonly string[]
  envs?: readonly string[]
  severities?: readonly Severity[]
}

/** As the kind asks for it. Secrets in it are sealed, or say where they are to be read (`env:NAME`, `file:NAME`). */
export type ChannelSettings = Readonly<Record<string, unknown>>

export type Channel = {
  id: number
  name: string
  kind: ChannelKind
  settings: ChannelSettings
  when: readonly When[]
  /** Null: for every expectation. */
  match: Match | null
  /** Only for what no other channel is told. */
  isDefault: boolean
  /** How often it is reminded of what is open and in nobody's hands; null: never. */
  remindEvery: Duration | null
  isEnabled: boolean
  createdAt: Millis
}

export const MOST_CHANNELS = 100
export const LONGEST_CHANNEL_NAME = 100
export const CHANNEL_NAME_RULE = `1 to ${LONGEST_CHANNEL_NAME} characters that can be seen`
/** It stands in the audit log and in sentences: no line breaks, nothing invisible at its ends. */
export const isChannelName = (text: string): boolean =>
  text.trim() === text && text.length >= 1 && text.length <= LONGEST_CHANNEL_NAME && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)

/** How often it is reminded where nobody says how often. */
export const USUAL_REMINDER: Duration = 4 * HOUR

/** A channel as the API says it and the audit log keeps it; `settings` as far as people may see them. */
export const declaredChannel = (channel: Omit<Channel, 'id' | 'createdAt' | 'settings'>, settings: ChannelSettings) => ({
  name: channel.name,
  kind: channel.kind,
  settings,
  when: channel.when,
  match: channel.match,
  default: channel.isDefault,
  remindEvery: channel.remindEvery === null ? null : formatDuration(channel.remindEvery),
  enabled: channel.isEnabled,
})

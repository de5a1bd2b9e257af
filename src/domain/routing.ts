import type { Channel, Match, Severity, When } from './channel.ts'
import { fitsPattern } from './pattern.ts'

/** What decides who is told of an expectation. `tags` are its own and its event's; `channels` the ids it names itself. */
export type Subject = {
  event: string
  env: string
  tags: readonly string[]
  severity: Severity
  channels: readonly number[]
}

/** Is a channel with this match for it? An empty list asks for nothing. */
export function matches(match: Match | null, { event, env, tags, severity }: Omit<Subject, 'channels'>): boolean {
  const { events = [], tags: wanted = [], envs = [], severities = [] } = match ?? {}
  return (
    (events.length === 0 || events.some((pattern) => fitsPattern(pattern, event))) &&
    (wanted.length === 0 || wanted.some((tag) => tags.includes(tag))) &&
    (envs.length === 0 || envs.includes(env)) &&
    (severities.length === 0 || severities.includes(severity))
  )
}

/**
 * Who is told: the channels that the expectation names, and no others; where it names none, those whose match fits; where there is none of those,
 * the default ones. Channels that are switched off count for nothing.
 */
export function channelsFor(channels: readonly Channel[], subject: Subject): Channel[] {
  const on = channels.filter(({ isEnabled }) => isEnabled)
  const named = on.filter(({ id }) => subject.channels.includes(id))
  if (named.length > 0) return named
  const fitting = on.filter(({ isDefault, match }) => !isDefault && matches(match, subject))
  return fitting.length > 0 ? fitting : on.filter(({ isDefault, match }) => isDefault && matches(match, subject))
}

/** The same, of those that want to hear of this. */
export const toldOf = (channels: readonly Channel[], subject: Subject, when: When): Channel[] =>
  channelsFor(channels, subject).filter((channel) => channel.when.includes(when))

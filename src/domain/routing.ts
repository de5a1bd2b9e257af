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
 * the default ones. What is switched off, or does not want to hear of it, counts for nothing: a channel that counts what is met keeps no alarm from
 * the default one.
 */
export function toldOf(channels: readonly Channel[], subject: Subject, when: When): Channel[] {
  const wanting = channels.filter(({ isEnabled, when: wants }) => isEnabled && wants.includes(when))
  const named = wanting.filter(({ id }) => subject.channels.includes(id))
  if (named.length > 0) return named
  const fitting = wanting.filter(({ isDefault, match }) => !isDefault && matches(match, subject))
  return fitting.length > 0 ? fitting : wanting.filter(({ isDefault, match }) => isDefault && matches(match, subject))
}

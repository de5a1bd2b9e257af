import type { Channel, Severity } from './channel.ts'

/** A channel as it is known beside what names it. */
export type NamedChannel = Pick<Channel, 'id' | 'name'>

/**
 * How people are told of an expectation: nothing that it is judged by, so an edit makes no new terms. So many misses in a row (`alertAfter`) open an
 * incident, so many met ones (`recoverAfter`) close it. `channels` are those it names itself; none: the channels' own rules decide.
 */
export type TellingRules<C = number> = {
  alertAfter: number
  recoverAfter: number
  severity: Severity
  channels: readonly C[]
}

/** What holds where nothing is said. */
export const PLAIN_RULES: TellingRules<never> = { alertAfter: 1, recoverAfter: 1, severity: 'critical', channels: [] }

export const MOST_IN_A_ROW = 100
export const MOST_NAMED_CHANNELS = 20

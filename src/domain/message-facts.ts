import type { Severity } from './channel.ts'
import type { Delivery, Telling } from './delivery.ts'
import { durationInWords } from './duration.ts'
import type { MessageIncident, MessageSubject, MessageVerdict } from './message.ts'
import { type Duration, MINUTE, type Millis, SECOND } from './time.ts'

/** One of many that were missed at once; `since`: of its incident, while that is open. */
export type FloodItem = { event: string; env: string; severity: Severity; isOpen: boolean; since: Millis | null }

/** Of a flood. `count`: of expectations where all of them are known (`isOfExpectations`), else of misses, of which one expectation may have several. */
/** `source`: who affirmed all of them last, where that is one: often what is broken. */
export type Many = {
  count: number
  isOfExpectations: boolean
  open: number
  since: Millis
  items: readonly FloodItem[]
  source: string | null
}

/** The channel that an event of ours speaks of; null name: it is gone. `said`: what was answered last. */
export type FailingChannel = { id: number; name: string | null; since: Millis | null; failures: number; said: string | null }

/** All that a message is made of. `base`: the address of this server; `timeZone`: what its people live by. */
export type MessageFacts = {
  delivery: Pick<Delivery, 'key' | 'kind' | 'about' | 'createdAt' | 'flood'>
  now: Millis
  base: string
  timeZone: string
  thread: string
  subject: MessageSubject | null
  incident: MessageIncident | null
  verdict: MessageVerdict | null
  telling: Telling | null
  /** The last affirmation. */
  last: { at: Millis; source: string } | null
  many: Many | null
  /** How often it was missed and met again before this was noticed. */
  changes: { times: number; within: Duration } | null
  failing: FailingChannel | null
}

export const isOpen = ({ incident }: MessageFacts): boolean => incident !== null && incident.closedAt === null

/** It ended before this could be told. */
export const isOver = ({ incident }: MessageFacts): boolean => incident !== null && incident.closedAt !== null

/** "2 hours 5 minutes"; no seconds where there are hours. */
export function lasting(span: Duration): string {
  const exact = span < 2 * MINUTE ? SECOND : MINUTE
  return durationInWords(Math.max(SECOND, Math.floor(span / exact) * exact))
}

/** "1 try", "2,500 tries". */
export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** "nightly_report (prod)"; of what speaks of a channel of ours the channel. */
export function nameOf({ subject, failing, delivery: { about } }: MessageFacts): string {
  if (failing !== null) return `channel ${failing.name ?? failing.id}`
  return `${subject?.event ?? about.event ?? 'an event'} (${subject?.env ?? about.env ?? '?'})`
}

/** How long its incident has been open, or was; empty without one. */
export const openFor = ({ incident, now }: MessageFacts): string =>
  incident === null ? '' : lasting((incident.closedAt ?? now) - incident.openedAt)

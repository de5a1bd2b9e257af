import type { Channel } from './channel.ts'
import type { MessageKind } from './message.ts'
import { type Duration, HOUR, MINUTE, type Millis, SECOND } from './time.ts'

/** `waiting`: to be tried, again or for the first time. The others are ends: what is withheld or failed says why. */
export const DELIVERY_STATES = ['waiting', 'sent', 'withheld', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** Dampers that withhold a delivery for a while; what is still open when one lifts is told then. */
export const HOLDERS = ['maintenance', 'flapping'] as const
export type Holder = (typeof HOLDERS)[number]

/** What is kept with a delivery, as it may not be there to be read when it is sent. `items` are numbers of expectations. */
export type About = {
  event?: string
  env?: string
  /** Words of ours that come first: "the maintenance is over". */
  why?: string
  /** Of a message that stands for many: as many as can be listed, and how many there are. */
  items?: readonly { expectation: number; event: string; env: string; text: string }[]
  count?: number
  /** Nobody listened so long, from and to. */
  blind?: { from: Millis; to: Millis }
}

/** One message owed to one channel about one change: a row of the outbox. */
export type Delivery = {
  id: number
  /** Its id for the outside, the same at every try. */
  key: string
  channel: number
  kind: MessageKind
  expectation: number | null
  incident: number | null
  flood: number | null
  /** Of the verdict that it tells. */
  due: Millis | null
  about: About
  createdAt: Millis
  state: DeliveryState
  reason: string | null
  heldBy: Holder | null
  nextAt: Millis | null
  attempts: number
  /** So many of its pieces are there. */
  parts: number
  settledAt: Millis | null
  /** What was answered last, or {@link ON_ITS_WAY}; null before it was tried. */
  said: string | null
}

/** It was sent, and until its answer is noted nobody knows whether it is there. */
export const ON_ITS_WAY = 'on its way: no answer was noted'

/** What a channel was told of an expectation and not yet the end of. */
export const TOLD = ['missed', 'flapping', 'flood'] as const
export type Told = (typeof TOLD)[number]
export type Telling = {
  channel: number
  expectation: number
  told: Told
  /** Puts the messages of one story together; see `Message.thread`. */
  thread: string
  incident: number
  flood: number | null
  since: Millis
  remindAt: Millis | null
  about: About
}

/** Many misses told to a channel by one message. */
export type Flood = {
  id: number
  channel: number
  beganAt: Millis
  lastAt: Millis
  misses: number
  overAt: Millis | null
  endedAt: Millis | null
}

/** Deliveries are given up after this long. */
export const LONGEST_TRYING: Duration = 24 * HOUR
const FIRST_REST: Duration = 5 * SECOND
const LONGEST_REST: Duration = 10 * MINUTE

/** How long to rest after so many tries: twice as long each time, and of that a part by chance (`random` in [0, 1)), so that not all come at once. */
export function restAfter(attempts: number, random: number): Duration {
  const full = Math.min(LONGEST_REST, FIRST_REST * 2 ** Math.min(attempts - 1, 20))
  return Math.round(full * (0.5 + random / 2))
}

/** Kinds of channels that are told when somebody has an incident: services with alerts of their own. */
export const isToldOfAcknowledging = ({ kind }: Pick<Channel, 'kind'>): boolean => kind === 'pagerduty' || kind === 'opsgenie'

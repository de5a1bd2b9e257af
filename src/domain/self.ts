import type { Author } from './audit.ts'
import type { Terms } from './expectation.ts'
import { type Duration, MINUTE, type Millis, SECOND } from './time.ts'

/** Events that this program affirms of itself when it is in trouble begin with this. */
const SELF = 'affirmative:'

export const TICK_LATE = `${SELF}tick-late`
export const DELIVERIES_FAILING = `${SELF}deliveries-failing`
export const DISK_FILLING = `${SELF}disk-filling`
/** Events of failing channels begin with this; the channel's number follows. */
export const CHANNEL_FAILING = `${SELF}channel-failing:`

/** The event that is affirmed while nothing arrives at the channel. */
export const failingEventOf = (channel: number): string => `${CHANNEL_FAILING}${channel}`

/** Is it one of those that we say of ourselves? */
export const isSelfEvent = (event: string): boolean => event.startsWith(SELF)

/** The channel that an event says is failing; null for any other event. */
export function failingChannelOf(event: string): number | null {
  const id = event.startsWith(CHANNEL_FAILING) ? event.slice(CHANNEL_FAILING.length) : ''
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null
}

/** What is wrong with somebody else having to do with the event of a failing channel: it says how that channel is, and is never held back. Null: it is none. */
export const oursAlone = (event: string): string | null =>
  failingChannelOf(event) === null ? null : `"${event}" is affirmed by this server alone`

/** What we declare of ourselves is tagged so, and nothing else of ours is deleted again. */
export const SELF_TAG = 'self'
export const BY_SELF: Author = { who: 'self', address: '' }

/** Nothing of the kind in any minute. */
export const NEVER: Terms = {
  expression: '* * * * *',
  timeZone: 'UTC',
  atLeast: 0,
  atMost: 0,
  count: 'affirmations',
  lookback: MINUTE,
  grace: 0,
  where: null,
  ignoreFailures: false,
}

const seconds = (duration: Duration): number => Math.round(duration / SECOND)

/** `unjudged`: for how long nothing is judged. Each minute is judged at its end, so that a minute of it is no delay. Null: no trouble. */
export function tickLate(unjudged: Duration): { behind: number } | null {
  const behind = unjudged - MINUTE
  return behind > MINUTE ? { behind: seconds(behind) } : null
}

const LONGEST_WAIT: Duration = 5 * MINUTE

/** `oldest`: since when the oldest waits. The answer says for how many seconds. Null: no trouble. */
export function deliveriesFailing(
  { waiting, oldest }: { waiting: number; oldest: Millis | null },
  now: Millis,
): { waiting: number; oldest: number } | null {
  return oldest !== null && now - oldest > LONGEST_WAIT ? { waiting, oldest: seconds(now - oldest) } : null
}

/** Bytes: how many are free, of how many. */
export type Disk = { free: number; of: number }
const LEAST_FREE = 1024 ** 3
const LEAST_SHARE = 0.1

/** A tenth of a large disk is room enough, and a small one is not full because it is small: both must be little. Null: no trouble. */
export const diskFilling = (disk: Disk): Disk | null =>
  disk.free < LEAST_FREE && disk.free < disk.of * LEAST_SHARE ? disk : null

const LONGEST_FAILING: Duration = 5 * MINUTE
const FEWEST_FAILURES = 3

type Known = { isEnabled: boolean; failingSince: Millis | null; failures: number }

/** Nothing has arrived at the channel since then; null where it works, or is switched off. */
export const silentSince = ({ isEnabled, failingSince }: Known): Millis | null => (isEnabled ? failingSince : null)

/** Does it fail, and not just now and then? `gaveUpAt`: when a delivery to it was given up last. */
export function keepsFailing(channel: Known, gaveUpAt: Millis | null, now: Millis): boolean {
  const since = silentSince(channel)
  if (since === null) return false
  const isLong = now - since > LONGEST_FAILING && channel.failures >= FEWEST_FAILURES
  return isLong || (gaveUpAt !== null && gaveUpAt >= since)
}

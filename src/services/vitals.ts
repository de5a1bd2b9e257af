import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Channel } from '../domain/channel.ts'
import { Fault } from '../domain/fault.ts'
import type { Sent } from '../domain/message.ts'
import type { Millis } from '../domain/time.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { Store } from '../store/store.ts'

/** What one try of a delivery came to. `again`: it is tried once more. */
export const DELIVERED = ['sent', 'withheld', 'failed', 'again'] as const
export type Delivered = (typeof DELIVERED)[number]
type Addressee = Pick<Channel, 'name' | 'kind'>

/** What this node has done since it started. */
export type Vitals = {
  commits: number
  stored: number
  duplicates: number
  /** Affirmations that were not taken: they were wrong, unknown or too many. */
  refused: number
  /** Affirmations that were answered 503. Some of a batch may have been stored. */
  failed: number
  /** So many affirmations were answered with this error. */
  notTaken(error: unknown, count: number): void
  /** Of due instants. */
  verdicts: Record<Outcome, number>
  /** Pieces of judging, and seconds spent on them. */
  pieces: number
  judging: number
  delivered(to: Addressee, outcome: Delivered): void
  deliveries(): (Addressee & { outcome: Delivered; count: number })[]
  /** What came of telling somebody outside that we work. */
  pinged(sent: Sent, at: Millis): void
  pings: { sent: number; failed: number }
  lastPing: { at: Millis; isThere: boolean } | null
  /** When last nothing was left to clear away; null before the first time. */
  clearedAt: Millis | null
  /** Seconds that the event loop was held at most since this was asked last. */
  held(): number
}

/** Nanoseconds. */
type Delays = { max: number; reset(): void }

/** Milliseconds between two looks at the event loop; what was measured holds this rest. */
const BETWEEN_LOOKS = 10

function watched(): Delays {
  const delays = monitorEventLoopDelay({ resolution: BETWEEN_LOOKS })
  delays.enable()
  return delays
}

/** See `Vitals.held`. Watches from the first question on: where nobody asks it costs nothing. */
export function aHeldMeter(watch: () => Delays = watched): () => number {
  let delays: Delays | null = null
  return () => {
    delays ??= watch()
    const held = Math.max(0, delays.max / 1e6 - BETWEEN_LOOKS)
    delays.reset()
    return Math.round(held * 1_000) / 1e6
  }
}

/** Of each channel, as it was called then. */
function aDeliveryCount(): Pick<Vitals, 'delivered' | 'deliveries'> {
  const counts = new Map<string, ReturnType<Vitals['deliveries']>[number]>()
  return {
    delivered: ({ name, kind }, outcome) => {
      const place = JSON.stringify([name, kind, outcome])
      const { count } = counts.get(place) ?? { count: 0 }
      counts.set(place, { name, kind, outcome, count: count + 1 })
    },
    deliveries: () => [...counts.values()],
  }
}

/** Counts where whole batches pass, so that a single affirmation pays nothing for it. `elapsed`: milliseconds on a clock that never jumps. */
export function withVitals(store: Store, elapsed: () => number): { store: Store; vitals: Vitals } {
  const vitals: Vitals = {
    commits: 0,
    stored: 0,
    duplicates: 0,
    refused: 0,
    failed: 0,
    notTaken: (error, count) => {
      const isRefusal = error instanceof Fault && error.code !== 'unavailable'
      vitals[isRefusal ? 'refused' : 'failed'] += count
    },
    verdicts: { met: 0, missed: 0, unknown: 0 },
    pieces: 0,
    judging: 0,
    ...aDeliveryCount(),
    pinged: ({ kind }, at) => {
      vitals.pings[kind === 'sent' ? 'sent' : 'failed'] += 1
      vitals.lastPing = { at, isThere: kind === 'sent' }
    },
    pings: { sent: 0, failed: 0 },
    lastPing: null,
    clearedAt: null,
    held: aHeldMeter(),
  }
  const append: Store['append'] = async (rows) => {
    const answers = await store.append(rows)
    vitals.commits += 1
    for (const answer of answers) {
      if (answer === 'stored') vitals.stored += 1
      else if (answer === 'duplicate') vitals.duplicates += 1
    }
    return answers
  }
  const concludeOwed: Store['concludeOwed'] = async (...asked) => {
    const start = elapsed()
    const done = await store.concludeOwed(...asked)
    for (const { verdict } of done.verdicts) vitals.verdicts[verdict] += 1
    if (done.claimed > 0) vitals.pieces += 1
    vitals.judging += (elapsed() - start) / 1_000
    return done
  }
  return { store: { ...store, append, concludeOwed }, vitals }
}

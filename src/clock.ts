import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Duration, Millis } from './domain/time.ts'

/** The only place that asks what time it is. Everything below the loops is told. */
export type Clock = {
  now(): Millis
  /** Resolves after the time has passed or the signal aborts, whichever is first. */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>
  /** Milliseconds on a clock that never jumps: for measuring only. */
  elapsed(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (duration, signal) => wait(duration, undefined, { signal }).catch(() => undefined),
  elapsed: () => performance.now(),
}

import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'
import type { Millis } from '../../src/domain/time.ts'

/** At the real instant `start` (epoch milliseconds) it is `base`, and from then on time passes `speed` times as fast. */
export type Pace = { base: Millis; start: Millis; speed: number }

/** The same for all processes of one machine that are given the same pace. */
export const aFastClock = ({ base, start, speed }: Pace): Clock => ({
  now: () => base + (Date.now() - start) * speed,
  sleep: (duration, signal) => wait(Math.ceil(duration / speed), undefined, { signal }).catch(() => undefined),
  elapsed: () => performance.now(),
})

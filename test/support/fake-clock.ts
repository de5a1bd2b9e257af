import type { Clock } from '../../src/clock.ts'
import type { Duration, Millis } from '../../src/domain/time.ts'

/** Time as the test says. `sleep` passes it at once. */
export type FakeClock = Clock & { set(at: Millis): void; pass(duration: Duration): void }

export function aFakeClock(start: Millis): FakeClock {
  let now = start
  return {
    now: () => now,
    elapsed: () => now,
    sleep: async (duration) => {
      now += duration
    },
    set: (at) => {
      now = at
    },
    pass: (duration) => {
      now += duration
    },
  }
}

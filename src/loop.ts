import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { Duration, Millis } from './domain/time.ts'
import type { Log } from './log.ts'

/** Something done again and again. `tick` does one bounded piece and answers whether more waits; it knows nothing of time. */
export type Loop = {
  name: string
  /** How long to rest after `now` when there is nothing more to do. */
  pause(now: Millis): Duration
  tick(now: Millis): Promise<'more' | 'idle'>
}

/** How long a loop rests after a failure: soon enough to be right again within the minute, long enough not to spin. */
const REST_AFTER_FAILURE: Duration = 5_000

/** Runs the loop until the signal aborts. It alone owns time, errors and stopping: a tick that throws is logged and the loop goes on. */
export async function run(loop: Loop, clock: Clock, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const [at, begun] = [clock.now(), clock.elapsed()]
      const left = await loop.tick(at)
      // The rest is counted from the instant that the tick was of. A timer may wake a millisecond early: counted from now, the tick that was slept for would be left out.
      if (left === 'more') await nextTurn()
      else await clock.sleep(Math.max(0, loop.pause(at) - (clock.elapsed() - begun)), signal)
    } catch (error) {
      log.error({ loop: loop.name, err: error }, 'a tick failed; the loop goes on')
      await clock.sleep(REST_AFTER_FAILURE, signal)
    }
  }
}

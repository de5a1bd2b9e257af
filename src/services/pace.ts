import type { Duration } from '../domain/time.ts'

/** So long may a piece of work take: whoever waits behind it does not feel it. */
const GOAL: Duration = 8
const FEWEST = 20
const MOST = 400

/** How many to take at once, learned from how long the last ones took: the first after a start, or on a slow disk, are few. */
export type Pace = {
  /** Does a piece and learns from it. */
  take<T>(work: (size: number) => Promise<T>): Promise<T>
}

/** `elapsed`: milliseconds on a clock that never jumps. */
export function aPace(elapsed: () => number): Pace {
  let size = FEWEST
  return {
    take: async (work) => {
      const start = elapsed()
      const result = await work(size)
      const took = Math.max(elapsed() - start, GOAL / 4)
      size = Math.min(MOST, Math.max(FEWEST, Math.round((size * GOAL) / took)))
      return result
    },
  }
}

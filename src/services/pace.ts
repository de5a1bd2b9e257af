import type { Duration } from '../domain/time.ts'

/** `goal`: so long may a piece take. */
type Limits = { goal: Duration; fewest: number; most: number }

/** SQLite's work holds the whole program: whoever waits behind a piece of it must not feel it. */
export const HOLDING: Limits = { goal: 5, fewest: 20, most: 400 }
/** PostgreSQL works elsewhere: pieces may be as long as its locks may be held. */
export const ELSEWHERE: Limits = { goal: 100, fewest: 100, most: 1_000 }

/** How many to take at once, learned from how long the last ones took: the first after a start, or on a slow disk, are few. */
export type Pace = {
  /** Does a piece and learns from it. */
  take<T>(work: (size: number) => Promise<T>): Promise<T>
}

/** `elapsed`: milliseconds on a clock that never jumps. */
export function aPace(elapsed: () => number, { goal, fewest, most }: Limits): Pace {
  let size = fewest
  return {
    take: async (work) => {
      const start = elapsed()
      const result = await work(size)
      const took = Math.max(elapsed() - start, goal / 4)
      size = Math.min(most, Math.max(fewest, Math.round((size * goal) / took)))
      return result
    },
  }
}

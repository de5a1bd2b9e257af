import type { Duration, Millis } from './time.ts'

/** So many at once, and then one more each time this has passed. */
export type Measure = { most: number; each: Duration }

/** Tokens of many keys: who has none left waits for the next one. When there are too many, the one that was used longest ago is forgotten. */
export type Buckets = {
  /** How long `key` has to wait for a token; 0 when there is one. */
  wait(key: string, at: Millis): Duration
  take(key: string, at: Millis): void
  /** A token that was taken for what turned out to be fine. */
  giveBack(key: string, at: Millis): void
  readonly size: number
}

/** `mostKeys` bounds the memory: whoever can make up keys without an end must not fill it. */
export function someBuckets({ most, each }: Measure, mostKeys: number): Buckets {
  /** When the bucket will be full again; each token that is missing puts it off. */
  const fullAt = new Map<string, Millis>()
  const missing = (key: string, at: Millis): Duration => Math.min(most * each, Math.max(0, (fullAt.get(key) ?? at) - at))

  const set = (key: string, until: Millis, at: Millis): void => {
    fullAt.delete(key)
    if (until <= at) return
    for (const oldest of fullAt.size >= mostKeys ? fullAt.keys() : []) {
      fullAt.delete(oldest)
      break
    }
    fullAt.set(key, until)
  }

  return {
    wait: (key, at) => Math.max(0, missing(key, at) - (most - 1) * each),
    take: (key, at) => set(key, at + Math.min(missing(key, at) + each, most * each), at),
    giveBack: (key, at) => set(key, at + missing(key, at) - each, at),
    get size() {
      return fullAt.size
    },
  }
}

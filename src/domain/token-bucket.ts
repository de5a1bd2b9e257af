import { type Duration, type Millis, SECOND } from './time.ts'

/** So many at once, and afterwards so many a second. */
export type Allowance = { burst: number; perSecond: number }

export type TokenBuckets = {
  /** Takes `cost` from the bucket of `key`. 0: it was there; else nothing was taken, and that much will be there after this long. */
  take(key: string, now: Millis, cost?: number): Duration
}

/** When it will be full again: one number says how much is in it at any time. */
type Bucket = { fullAt: Millis }

/**
 * A bucket for each key, full at first. The newest `most / 2` to `most` that were used are remembered, so that memory is bounded: whoever is
 * forgotten begins anew, and is forgotten only after half of `most` others came between two of his own. Pure but for what it remembers.
 */
export function aTokenBuckets({ burst, perSecond }: Allowance, most: number): TokenBuckets {
  const each: Duration = SECOND / perSecond
  let young = new Map<string, Bucket>()
  let old = new Map<string, Bucket>()

  const remember = (key: string, bucket: Bucket): Bucket => {
    if (young.size >= most / 2) {
      old = young
      young = new Map()
    }
    young.set(key, bucket)
    return bucket
  }

  const take = (key: string, now: Millis, cost = 1): Duration => {
    const bucket = young.get(key) ?? remember(key, old.get(key) ?? { fullAt: now })
    // Never emptier than empty: a clock that was set back must not shut anybody out.
    bucket.fullAt = Math.min(Math.max(bucket.fullAt, now), now + burst * each)
    const fullAt = bucket.fullAt + cost * each
    const wait = fullAt - now - burst * each
    if (wait > 0) return Math.ceil(wait)
    bucket.fullAt = fullAt
    return 0
  }

  return { take }
}

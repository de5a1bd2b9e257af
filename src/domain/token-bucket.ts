import { type Duration, type Millis, SECOND } from './time.ts'

/** So many at once, and afterwards so many a second. */
export type Allowance = { burst: number; perSecond: number }

export type TokenBuckets = {
  /** Takes `cost` from the bucket of `key`. 0: it was there; else nothing was taken, and that much will be there after this long. */
  take(key: string, now: Millis, cost?: number): Duration
  /** What `take` would say; nothing is taken. */
  wait(key: string, now: Millis, cost?: number): Duration
  /** A token that was taken for what turned out to be fine. */
  giveBack(key: string, now: Millis): void
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

  // Never emptier than empty: a clock that was set back must not shut anybody out.
  const fullAtOf = (bucket: Bucket | undefined, now: Millis): Millis =>
    Math.min(Math.max(bucket?.fullAt ?? now, now), now + burst * each)
  const waitFor = (fullAt: Millis, now: Millis): Duration => Math.max(0, Math.ceil(fullAt - now - burst * each))

  const take = (key: string, now: Millis, cost = 1): Duration => {
    const bucket = young.get(key) ?? remember(key, old.get(key) ?? { fullAt: now })
    bucket.fullAt = fullAtOf(bucket, now)
    const fullAt = bucket.fullAt + cost * each
    const wait = waitFor(fullAt, now)
    if (wait === 0) bucket.fullAt = fullAt
    return wait
  }

  return {
    take,
    wait: (key, now, cost = 1) => waitFor(fullAtOf(young.get(key) ?? old.get(key), now) + cost * each, now),
    giveBack: (key, now) => {
      const bucket = young.get(key) ?? old.get(key)
      if (bucket !== undefined) bucket.fullAt = fullAtOf(bucket, now) - each
    },
  }
}

import { isIPv6 } from 'node:net'
import { someBuckets } from '../domain/bucket.ts'
import { foldName } from '../domain/people.ts'
import { type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'

/** Somebody says a name and a password. `device`: this browser has signed in as that very person before. */
export type Attempt = { name: string; address: string; device: string | null }

export type Attempts = {
  /** Counts the attempt, or says how long to wait; then it is not counted. */
  begin(attempt: Attempt, at: Millis): Duration
  /** It was the right password: it counts for nothing. */
  succeeded(attempt: Attempt, at: Millis): void
}

const MOST_KEYS = 20_000

/** An address of version 6 is one of 2^64 that its owner has: they count as one. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return `${[...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right].slice(0, 4).join(':')}::/64`
}

/**
 * How often one may try to sign in. A stranger is held by the address, by the name tried from it, and by the name alone wherever they come
 * from. Who uses a browser that has signed in as this person is held by none of these, only by a measure of that browser's own: so no
 * stranger keeps somebody out of their account.
 */
export function anAttempts(): Attempts {
  const byBoth = someBuckets({ most: 5, each: MINUTE }, MOST_KEYS)
  const byAddress = someBuckets({ most: 30, each: 20 * SECOND }, MOST_KEYS)
  const byName = someBuckets({ most: 15, each: 30 * SECOND }, MOST_KEYS)
  const byDevice = someBuckets({ most: 10, each: MINUTE }, MOST_KEYS)

  const measures = ({ name, address, device }: Attempt) => {
    if (device !== null) return [{ buckets: byDevice, key: device }]
    const [who, where] = [foldName(name), networkOf(address)]
    return [
      { buckets: byBoth, key: JSON.stringify([where, who]) },
      { buckets: byAddress, key: where },
      { buckets: byName, key: who },
    ]
  }

  return {
    begin: (attempt, at) => {
      const asked = measures(attempt)
      const wait = Math.max(...asked.map(({ buckets, key }) => buckets.wait(key, at)))
      if (wait === 0) for (const { buckets, key } of asked) buckets.take(key, at)
      return wait
    },
    succeeded: (attempt, at) => {
      for (const { buckets, key } of measures(attempt)) buckets.giveBack(key, at)
    },
  }
}

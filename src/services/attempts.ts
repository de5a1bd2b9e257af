import { holderOf } from '../domain/address.ts'
import { foldName, isPersonName } from '../domain/people.ts'
import { type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import { aTokenBuckets } from '../domain/token-bucket.ts'

/** Somebody says a name and a password. `device`: this browser has signed in as that very person before. */
export type Attempt = { name: string; address: string; device: string | null }

export type Attempts = {
  /** Counts the attempt, or says how long to wait; then it is not counted. */
  begin(attempt: Attempt, at: Millis): Duration
  /** Runs while few others of this address do: who sends many at once must not fill the room of all. Null where there are as many as may be. */
  alongFew<T>(address: string, work: () => Promise<T>): Promise<T | null>
  /** It was the right password: it counts for nothing. */
  succeeded(attempt: Attempt, at: Millis): void
}

const MOST_KEYS = 20_000
const MOST_AT_ONCE = 4

/**
 * How often one may try to sign in. A stranger is held by the address, by the name tried from it, and by the name alone wherever they come
 * from. Who uses a browser that has signed in as this person is held by none of these, only by a measure of that browser's own: so no
 * stranger keeps somebody out of their account.
 */
export function anAttempts(): Attempts {
  const some = (burst: number, each: Duration) => aTokenBuckets({ burst, perSecond: SECOND / each }, MOST_KEYS)
  const byBoth = some(5, MINUTE)
  const byAddress = some(30, 20 * SECOND)
  const byName = some(15, 30 * SECOND)
  const byDevice = some(10, MINUTE)

  const measures = ({ name, address, device }: Attempt) => {
    if (device !== null) return [{ buckets: byDevice, key: device }]
    // What can be nobody's name is one name: it must not fill the memory.
    const [who, where] = [isPersonName(name) ? foldName(name) : '', holderOf(address)]
    return [
      { buckets: byBoth, key: JSON.stringify([where, who]) },
      { buckets: byAddress, key: where },
      { buckets: byName, key: who },
    ]
  }

  const underWay = new Map<string, number>()
  const count = (where: string, change: number): void => {
    const now = (underWay.get(where) ?? 0) + change
    if (now === 0) underWay.delete(where)
    else underWay.set(where, now)
  }

  return {
    alongFew: async (address, work) => {
      const where = holderOf(address)
      if ((underWay.get(where) ?? 0) >= MOST_AT_ONCE) return null
      count(where, 1)
      try {
        return await work()
      } finally {
        count(where, -1)
      }
    },
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

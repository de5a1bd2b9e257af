import { holderOf, isLoopback } from '../domain/address.ts'
import { type Fault, TooFast } from '../domain/fault.ts'
import { type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import { aTokenBuckets } from '../domain/token-bucket.ts'

/** What one address may ask for. Who is on this machine is not limited: they could do worse. */
export type Limits = {
  /** Counts one request that affirms. Throws `TooFast` where there were too many. */
  affirm(address: string, now: Millis): void
  /** Counts one large read; call what it gives back when the read has ended. Throws `TooFast` where there were too many. */
  export(address: string, now: Millis): () => void
}

/** Addresses that are remembered: some 100 bytes each. */
const MOST_ADDRESSES = 10_000
/** After a rest, so many seconds' worth may come at once: what a spool held back. */
const AFFIRM_BURST = 5
const EXPORTS = { burst: 30, perSecond: 30 / (MINUTE / SECOND) }
const MOST_EXPORTS_AT_ONCE = 4
/** Nobody knows when a read that is under way will end. */
const UNTIL_ONE_ENDS: Duration = 10 * SECOND

const tooManyRequests = (address: string, most: number, wait: Duration): Fault =>
  new TooFast(
    `${address} affirms more than ${most} times a second (AFFIRMATIVE_AFFIRM_LIMIT). Nothing was stored; send it again in a while. A proxy that many are behind belongs into AFFIRMATIVE_TRUSTED_PROXIES.`,
    wait,
  )

/** Takes `perSecond` requests that affirm a second; 0: any number. */
function affirmLimit(perSecond: number): Limits['affirm'] {
  if (perSecond === 0) return () => undefined
  const buckets = aTokenBuckets({ burst: perSecond * AFFIRM_BURST, perSecond }, MOST_ADDRESSES)
  return (address, now) => {
    if (isLoopback(address)) return
    const wait = buckets.take(holderOf(address), now)
    if (wait > 0) throw tooManyRequests(address, perSecond, wait)
  }
}

function exportLimit(): Limits['export'] {
  const buckets = aTokenBuckets(EXPORTS, MOST_ADDRESSES)
  const running = new Map<string, number>()
  const ended = (holder: string): void => {
    const left = (running.get(holder) ?? 1) - 1
    if (left === 0) running.delete(holder)
    else running.set(holder, left)
  }
  return (address, now) => {
    if (isLoopback(address)) return () => undefined
    const holder = holderOf(address)
    const current = running.get(holder) ?? 0
    if (current >= MOST_EXPORTS_AT_ONCE)
      throw new TooFast(`${address} takes ${MOST_EXPORTS_AT_ONCE} exports already; wait until one has ended.`, UNTIL_ONE_ENDS)
    const wait = buckets.take(holder, now)
    if (wait > 0)
      throw new TooFast(`${address} has asked for ${EXPORTS.burst} exports within a minute; try again in a while.`, wait)
    running.set(holder, current + 1)
    let isRunning = true
    return () => {
      if (isRunning) ended(holder)
      isRunning = false
    }
  }
}

export const aLimits = (affirmsPerSecond: number): Limits => ({ affirm: affirmLimit(affirmsPerSecond), export: exportLimit() })

import { type Duration, MINUTE, type Millis } from '../domain/time.ts'

/** How long after an instant its windows are judged: affirmations on their way then have arrived by then. */
export const SETTLING: Duration = 2_000

/** The tick may be this far behind before the node says that it is not ready. */
const LONGEST_LAG: Duration = 2 * MINUTE
/** Something must have been stored this recently: the listening ledger writes every few seconds. */
const LONGEST_SILENCE: Duration = 30_000

/** What this node knows of itself. */
export type Health = {
  stored(at: Millis): void
  failedToStore(at: Millis): void
  hasFailedSince(at: Millis): boolean
  /** All that was due by then is judged. */
  judgedUpTo(horizon: Millis): void
  lastJudged(): Millis | null
  /** Why this node should get no requests now; empty when it should. */
  troubles(now: Millis): string[]
}

export function aHealth(): Health {
  let storedAt: Millis | null = null
  let failedAt: Millis | null = null
  let judged: Millis | null = null

  const isStoring = (now: Millis): boolean =>
    storedAt !== null && Math.abs(now - storedAt) <= LONGEST_SILENCE && (failedAt === null || failedAt < storedAt)

  return {
    stored: (at) => {
      storedAt = at
    },
    failedToStore: (at) => {
      failedAt = at
    },
    hasFailedSince: (at) => failedAt !== null && failedAt >= at,
    judgedUpTo: (horizon) => {
      judged = horizon
    },
    lastJudged: () => judged,
    troubles: (now) => [
      ...(isStoring(now) ? [] : ['storing fails: nothing could be written lately']),
      ...(judged !== null && now - judged <= LONGEST_LAG + SETTLING ? [] : ['the evaluator is more than two minutes behind']),
    ],
  }
}

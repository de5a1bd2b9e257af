import { type Duration, MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'

/** Minutes since the start in which a job does not affirm. */
type Silence = { from: number; to: number }

/** Somebody who affirms an event again and again. Times are those of the nodes. */
export type Job = {
  event: string
  every: Duration
  /** Each round this long after a multiple of `every`. */
  offset?: Duration
  /** So many at once, as a list. */
  batch?: number
  /** Sends again, to another node and with the same id, until it is acknowledged. */
  isPatient: boolean
  /** Sends the time of each round with it, and no round is left out however late it is: what a client's spool does. */
  isSpooled?: boolean
  silence?: Silence
}

/** What is expected of the event of a job, as the API takes it. */
export type Expected = { event: string } & Record<string, string | number | null>

export const JOBS: readonly Job[] = [
  { event: 'minutely', every: 8 * SECOND, isPatient: true },
  // Its last one of each minute comes just before its window ends, or just after.
  { event: 'counted', every: 6 * SECOND, offset: 5_500, isPatient: true },
  { event: 'checked', every: 50 * SECOND, batch: 2, isPatient: true },
  { event: 'spooled', every: MINUTE, offset: 30 * SECOND, isPatient: true, isSpooled: true },
  { event: 'graced', every: 10 * MINUTE, offset: MINUTE, isPatient: true },
  { event: 'half_hourly', every: 4 * MINUTE, isPatient: true },
  { event: 'chained', every: 40 * SECOND, batch: 3, isPatient: true },
  { event: 'silent', every: 20 * SECOND, isPatient: true, silence: { from: 70, to: 90 } },
  { event: 'problem', every: 45 * MINUTE, offset: 31 * MINUTE, isPatient: true },
  { event: 'careless', every: 15 * SECOND, batch: 5, isPatient: false },
]

/** How often a node is asked whether it still stores. */
export const PULSE: Job = { event: 'pulse', every: 3 * SECOND, isPatient: false }

export const EXPECTED: readonly Expected[] = [
  { event: 'minutely', schedule: '* * * * *', lookback: '1m' },
  // As many as there are in most minutes: here each one decides.
  { event: 'counted', schedule: '* * * * *', atLeast: 10, lookback: '1m' },
  { event: 'checked', schedule: '*/5 * * * *', atLeast: 4, lookback: '5m' },
  { event: 'spooled', schedule: '*/5 * * * *', atLeast: 5, lookback: '5m' },
  { event: 'graced', schedule: '*/10 * * * *', lookback: '5m', grace: '2m' },
  { event: 'half_hourly', schedule: '*/30 * * * *', atLeast: 4, lookback: '20m' },
  { event: 'chained', schedule: '*/3 * * * *', atLeast: 2, lookback: null },
  { event: 'silent', schedule: '*/2 * * * *', lookback: '2m' },
  { event: 'problem', schedule: '* * * * *', atLeast: 0, atMost: 0, lookback: '1m' },
  { event: 'careless', schedule: '*/5 * * * *', atLeast: 10, lookback: '5m' },
  { event: 'pulse', schedule: '* * * * *', atLeast: 5, lookback: '1m' },
]

/** The round after `after`. */
export const nextRound = ({ every, offset = 0 }: Job, after: Millis): Millis =>
  Math.floor((after - offset) / every) * every + every + offset

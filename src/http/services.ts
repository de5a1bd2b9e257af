import type { BlockList } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Duration, Millis } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Affirming } from '../services/affirm.ts'
import type { Backtesting } from '../services/backtest.ts'
import type { Changes } from '../services/changes.ts'
import type { Declaring } from '../services/declare.ts'
import type { Health } from '../services/health.ts'
import type { Retention } from '../services/prune.ts'
import type { Suggesting } from '../services/suggest.ts'
import type { Vitals } from '../services/vitals.ts'
import type { Store } from '../store/store.ts'

/** What the routes are given. */
export type Services = {
  clock: Clock
  vitals: Vitals
  /** How far this machine's clock is ahead of the database's. */
  clockOffset: () => Duration
  log: Log
  store: Store
  affirming: Affirming
  declaring: Declaring
  backtesting: Backtesting
  suggesting: Suggesting
  health: Health
  changes: Changes
  /** Aborts when the program stops: streams end then. */
  stopping: AbortSignal
  settings: {
    version: string
    node: string
    startedAt: Millis
    retention: Retention
    /** The default environment and zone. */
    env: string
    timeZone: string
    /** For what people paste; null: as the request came in. */
    publicUrl: string | null
    trustedProxies: BlockList
  }
}

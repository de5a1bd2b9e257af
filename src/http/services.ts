import type { BlockList } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Auth, Role } from '../domain/access.ts'
import type { Duration, Millis } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Affirming } from '../services/affirm.ts'
import type { Backtesting } from '../services/backtest.ts'
import type { Changes } from '../services/changes.ts'
import type { Testing } from '../services/channel-test.ts'
import type { Channels } from '../services/channels.ts'
import type { Declaring } from '../services/declare.ts'
import type { Health } from '../services/health.ts'
import type { Keys } from '../services/keys.ts'
import type { Limits } from '../services/limits.ts'
import type { Links } from '../services/links.ts'
import type { Maintaining } from '../services/maintenance.ts'
import type { Oidc } from '../services/oidc.ts'
import type { People } from '../services/people.ts'
import type { Retention } from '../services/prune.ts'
import type { SignIn } from '../services/sign-in.ts'
import type { SigningOff } from '../services/sign-off.ts'
import type { Suggesting } from '../services/suggest.ts'
import type { Vitals } from '../services/vitals.ts'
import type { Store } from '../store/store.ts'
import type { Hosts } from './hosts.ts'

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
  channels: Channels
  testing: Testing
  maintaining: Maintaining
  keys: Keys
  people: People
  links: Links
  signIn: SignIn
  signingOff: SigningOff
  /** Null where people do not sign in by an identity provider. */
  oidc: Oidc | null
  backtesting: Backtesting
  suggesting: Suggesting
  health: Health
  changes: Changes
  hosts: Hosts
  limits: Limits
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
    /** Origins of other sites whose pages may affirm; `*` stands for all. */
    allowedOrigins: ReadonlySet<string>
    /** How it is known who asks. */
    auth: Auth
    /** What the proxy in front says of who it is; null where none is asked. */
    proxy: { header: string; role: Role; admins: ReadonlySet<string> } | null
    /** May people sign in by a password? */
    hasPasswords: boolean
    /** Who is told that this server works, without path and query. */
    pingsTo: string | null
  }
}

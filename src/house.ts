import { hostname } from 'node:os'
import { nanoid } from 'nanoid'
import { KINDS } from './channels/registry.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Duration, Millis } from './domain/time.ts'
import { aTellingHouse } from './house.telling.ts'
import { aHosts } from './http/hosts.ts'
import type { Services } from './http/services.ts'
import type { Log } from './log.ts'
import type { Loop } from './loop.ts'
import { anAffirming } from './services/affirm.ts'
import { aBacktesting } from './services/backtest.ts'
import { aChanges } from './services/changes.ts'
import { aTesting } from './services/channel-test.ts'
import { aChannels, type Kinds, type Secrets } from './services/channels.ts'
import type { Clocks } from './services/clocks.ts'
import { aDeclaring } from './services/declare.ts'
import type { Delivering } from './services/deliver.ts'
import { diskOf } from './services/disk.ts'
import { anEvaluation } from './services/evaluate.ts'
import { anEventIds } from './services/event-ids.ts'
import { aHealth } from './services/health.ts'
import { aKeys } from './services/keys.ts'
import { aLimits } from './services/limits.ts'
import { aLinks } from './services/links.ts'
import { aListening, type Listening } from './services/listen.ts'
import { aMaintaining } from './services/maintenance.ts'
import { anOidc } from './services/oidc.ts'
import { aPasswords, type Passwords } from './services/passwords.ts'
import { aPeople } from './services/people.ts'
import { aPing, aPinging, type Ping } from './services/ping.ts'
import { aPruning } from './services/prune.ts'
import { aSignIn } from './services/sign-in.ts'
import { aSigningOff } from './services/sign-off.ts'
import { aSuggesting } from './services/suggest.ts'
import type { Tell } from './services/tell.ts'
import { withVitals } from './services/vitals.ts'
import { aWatching } from './services/watch.ts'
import type { Store } from './store/store.ts'

/** All that runs, put together and not yet started. `pinging`: null where nobody is to be told that this server works. */
export type House = {
  services: Services
  listening: Listening
  evaluation: Loop
  pruning: Loop
  delivering: Delivering
  watching: Loop
  pinging: Loop | null
}

/** `clock` tells the time that all nodes judge by; `clocks` how it is known, where it is another machine's. */
type Needs = {
  config: Config
  version: string
  store: Store
  clock: Clock
  clocks?: Clocks
  log: Log
  stopping: AbortSignal
  passwords?: Passwords
  ping?: Ping
  /** Instead of sending to channels. */
  tell?: Tell
  /** The kinds of channels that there are, and what keeps their secrets. */
  kinds?: Kinds
  secrets?: Secrets
}

/** A database that is away fails hundreds of times a second: that is told once a second, with how many times it was not told. */
const REPEATED: Duration = 1_000

function notTooOften({ elapsed }: Clock, tell: (error: unknown, more: number) => void): (error: unknown) => void {
  let told = Number.NEGATIVE_INFINITY
  let more = 0
  return (error) => {
    if (elapsed() - told < REPEATED) {
      more += 1
      return
    }
    tell(error, more)
    told = elapsed()
    more = 0
  }
}

/** The composition root: the only place that knows everybody. */
export function aHouse({
  config,
  version,
  store: plain,
  clock,
  clocks,
  log,
  stopping,
  passwords = aPasswords(),
  ping = aPing({ key: config.channels.pingKey, stopped: stopping }),
  tell,
  kinds = KINDS,
  secrets,
}: Needs): House {
  const { store, vitals } = withVitals(plain, clock.elapsed)
  const health = aHealth()
  const changes = aChanges()
  const ids = anEventIds(store, config.isStrict)
  const node = `${hostname()}-${process.pid}-${nanoid(6)}`
  const onFailure = notTooOften(clock, (error, more) =>
    log.error({ err: error, more }, 'affirmations could not be stored; more: so many times before this'),
  )
  const affirming = anAffirming({
    store,
    ids,
    health,
    now: clock.now,
    elapsed: clock.elapsed,
    onFailure,
    env: config.env,
    reach: config.reach,
  })
  const listening = aListening({ store, node, health, affirming })
  const declaring = aDeclaring(store, ids, config.retention.affirmations)
  const { env, timeZone, publicUrl, trustedProxies, allowedOrigins, retention, auth, proxy, hasPasswords } = config
  const { pingUrl, allowedAddresses, commands, secrets: sources } = config.channels
  const allowed = { addresses: allowedAddresses, commands, variables: sources.variables }
  const pingsTo = pingUrl === null ? null : new URL(pingUrl).origin
  const said = { env, timeZone, publicUrl, trustedProxies, allowedOrigins, retention, auth, proxy, hasPasswords, pingsTo }
  const settings = { version, node, startedAt: clock.now(), ...said }
  const signIn = aSignIn(store, passwords)
  const backtesting = aBacktesting({ store, elapsed: clock.elapsed, retention: config.retention.affirmations })
  const instant = async (now: Millis) => {
    await clocks?.compare()
    return clocks === undefined ? now : clock.now()
  }
  const telling = aTellingHouse({ config, store, health, vitals, clock, log, stopping, ...(tell === undefined ? {} : { tell }) })
  return {
    services: {
      clock,
      vitals,
      clockOffset: () => clocks?.offset() ?? 0,
      log,
      store,
      affirming,
      declaring,
      channels: aChannels({ store, kinds, secrets: secrets ?? telling.sealing, allowed }),
      testing: aTesting({ store, tell: telling.tell, now: clock.now }),
      maintaining: aMaintaining(store),
      keys: aKeys(store),
      signIn,
      people: aPeople(store, passwords, signIn.forget),
      links: aLinks(store, passwords, signIn.forget),
      signingOff: aSigningOff({ store, affirming }),
      backtesting,
      suggesting: aSuggesting({ store, backtesting, retention: retention.affirmations, timeZone }),
      health,
      changes,
      hosts: aHosts(config.hostNames),
      oidc: config.oidc === null ? null : anOidc(config.oidc, log),
      limits: aLimits(config.affirmLimit),
      stopping,
      settings,
    },
    listening,
    delivering: telling.delivering,
    evaluation: anEvaluation({
      store,
      listening,
      affirming,
      health,
      log,
      elapsed: clock.elapsed,
      instant,
      onChange: changes.tell,
    }),
    pruning: aPruning({
      store,
      retention,
      onCleared: (now) => {
        vitals.clearedAt = now
      },
    }),
    watching: aWatching({ store, affirming, declaring, health, disk: diskOf(config.databaseUrl), node, env, log }),
    pinging: pingUrl === null ? null : aPinging({ url: pingUrl, ping, health, vitals, log }),
  }
}

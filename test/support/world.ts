import type { BlockList } from 'node:net'
import { type Config, type Env, readConfig } from '../../src/config.ts'
import type { Auth } from '../../src/domain/access.ts'
import type { Status } from '../../src/domain/affirmation.ts'
import { parseDuration } from '../../src/domain/duration.ts'
import { type Expectation, type State, stateOf, type Terms } from '../../src/domain/expectation.ts'
import { MINUTE, type Millis } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { aHouse } from '../../src/house.ts'
import { anApp } from '../../src/http/app.ts'
import type { Services } from '../../src/http/services.ts'
import type { Log } from '../../src/log.ts'
import type { Loop } from '../../src/loop.ts'
import type { Affirming } from '../../src/services/affirm.ts'
import type { Delivering } from '../../src/services/deliver.ts'
import type { Health } from '../../src/services/health.ts'
import type { Listening } from '../../src/services/listen.ts'
import { aPasswords, type Passwords } from '../../src/services/passwords.ts'
import type { Ping } from '../../src/services/ping.ts'
import type { Tell } from '../../src/services/tell.ts'
import type { Store } from '../../src/store/store.ts'
import { type Signed, signed } from './author.ts'
import { PLAIN_SECRETS, SOME_KINDS } from './channels.ts'
import { aFakeClock, type FakeClock } from './fake-clock.ts'
import { aListener } from './told.ts'

/** Terms with all the defaults of the API. */
export const someTerms = (
  terms: Partial<Omit<Terms, 'lookback' | 'grace'>> & { schedule?: string; lookback?: string | null; grace?: string } = {},
): Terms => {
  const { schedule, lookback, grace, ...rest } = terms
  return {
    expression: schedule ?? '* * * * *',
    timeZone: 'UTC',
    atLeast: 1,
    atMost: null,
    count: 'affirmations',
    where: null,
    ignoreFailures: false,
    ...rest,
    lookback: lookback == null ? null : parseDuration(lookback),
    grace: grace === undefined ? 0 : (parseDuration(grace) ?? 0),
  }
}

export const instant = (text: string | Millis): Millis => (typeof text === 'number' ? text : Date.parse(text))

type Affirmed = { at?: string | Millis; status?: Status; source?: string; value?: unknown; id?: string; env?: string }

/** A whole server without a port, on a clock that only the test moves. `restart` builds all but the store anew, as a new process would. */
export type World = {
  clock: FakeClock
  store: Store
  health: Health
  affirming: Affirming
  declaring: Signed
  evaluation: Loop
  listening: Listening
  pruning: Loop
  watching: Loop
  pinging: Loop | null
  delivering: Delivering
  errors: { message: string; fields: object }[]
  /** What the routes were given. */
  services: Services
  app: ReturnType<typeof anApp>
  affirm(event: string, more?: Affirmed): Promise<'stored' | 'duplicate'>
  expects(event: string, terms: Parameters<typeof someTerms>[0], more?: { env?: string; tags?: string[] }): Promise<Expectation>
  /** Ticks as the loops would: a beat and a look at the outbox every five seconds, an evaluation two seconds after each minute, up to and at `until`. */
  passUntil(until: string | Millis): Promise<void>
  /** The clock moves and nothing runs: a stop or a freeze. */
  sleepUntil(until: string | Millis): void
  tick(): Promise<void>
  restart(): void
  stateOf(id: number): Promise<State>
  verdictsOf(id: number): Promise<Verdict[]>
}

type Options = {
  isStrict?: boolean
  env?: string
  timeZone?: string
  sleep?: FakeClock['sleep']
  auth?: Auth
  trustedProxies?: BlockList
  passwords?: Passwords
  ping?: Ping
  /** Instead of sending to channels. Without it nothing is told while time passes. */
  tell?: Tell
  /** Settings, as the environment says them. */
  said?: Env
}
/** Real ones take a fifth of a second each. */
const QUICK = aPasswords({ log2N: 4, r: 1, p: 1 })

export function aWorld(
  store: Store,
  now: string | Millis = '2026-03-01T00:00:00Z',
  {
    isStrict = false,
    env = 'prod',
    timeZone,
    sleep,
    auth,
    trustedProxies,
    passwords = QUICK,
    ping,
    tell,
    said = {},
  }: Options = {},
): World {
  const clock = aFakeClock(instant(now))
  const errors: World['errors'] = []
  const note = (fields: object, message: string) => {
    errors.push({ message, fields })
  }
  const log: Log = { debug: () => undefined, info: () => undefined, warn: note, error: note }

  const base = readConfig(said)
  const { auth: by, timeZone: zone, trustedProxies: trusted } = base
  const config: Config = {
    ...base,
    isStrict,
    env,
    timeZone: timeZone ?? zone,
    auth: auth ?? by,
    trustedProxies: trustedProxies ?? trusted,
  }
  const stopping = new AbortController().signal

  const build = () => {
    // Streams of a page that a browser has open rest in real time.
    const house = aHouse({
      config,
      version: 'test',
      store,
      clock: sleep === undefined ? clock : { ...clock, sleep },
      log,
      stopping,
      passwords,
      ...(ping === undefined ? {} : { ping }),
      tell: tell ?? aListener().tell,
      kinds: SOME_KINDS,
      secrets: PLAIN_SECRETS,
    })
    const { services, listening, evaluation, pruning, delivering, watching, pinging } = house
    const { health, affirming } = services
    const declaring = signed(services.declaring)
    return {
      health,
      listening,
      pruning,
      delivering,
      watching,
      pinging,
      affirming,
      declaring,
      evaluation,
      services,
      app: anApp(services),
    }
  }

  const tick = async (): Promise<void> => {
    while ((await world.evaluation.tick(clock.now())) === 'more');
  }

  const deliver = async (): Promise<void> => {
    if (tell === undefined) return
    await world.delivering.loop.tick(clock.now())
    await world.delivering.settled()
  }

  const world: World = {
    clock,
    store,
    errors,
    ...build(),
    affirm: (event, { at, status = 'ok', source = 'test', value, id, env } = {}) =>
      world.affirming.affirm(
        {
          event,
          env,
          status,
          at: at === undefined ? undefined : instant(at),
          source,
          value: value === undefined ? null : JSON.stringify(value),
          id: id ?? null,
        },
        clock.now(),
      ),
    expects: async (event, terms, { env: where = env, tags = [] } = {}) => {
      if ((await store.findEvent(event)) === null)
        await world.declaring.registerEvent({ name: event, description: '', tags: [] }, clock.now())
      return world.declaring.expect({ event, env: where, tags, paused: false, terms: someTerms(terms) }, clock.now())
    },
    passUntil: async (until) => {
      const end = instant(until)
      await world.listening.tick(clock.now())
      for (;;) {
        const rest = Math.min(5_000, world.evaluation.pause(clock.now()))
        if (clock.now() + rest > end) break
        clock.pass(rest)
        await world.listening.tick(clock.now())
        if (clock.now() % MINUTE === 2_000) await tick()
        await deliver()
      }
      clock.set(end)
      await world.listening.tick(end)
      await deliver()
    },
    sleepUntil: (until) => clock.set(instant(until)),
    tick,
    restart: () => {
      Object.assign(world, build())
    },
    stateOf: async (id) => stateOf(await world.declaring.expectation(id)),
    verdictsOf: async (id) => {
      const lists = await store.lastVerdicts([id], 100_000)
      return lists.get(id) ?? []
    },
  }
  return world
}

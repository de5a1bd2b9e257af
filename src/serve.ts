import { createServer, type Server } from 'node:http'
import { type Clock, systemClock } from './clock.ts'
import { type Config, type Env, readConfig, unknownSettings, warningsOf } from './config.ts'
import { aHouse, type House } from './house.ts'
import { aListener } from './http/direct.ts'
import type { Services } from './http/services.ts'
import { aLogger } from './log-errors.ts'
import { run } from './loop.ts'
import { aClocks } from './services/clocks.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { version } from './version.ts'
import { welcomeUrl } from './welcome-url.ts'

/** Answers in flight get this long when the program stops; five seconds is what it may take in all. */
const LAST_ANSWERS = 3_000
/** So long a caller who keeps its connection may send one more request, whose answer tells it to close: resetting it would look like a failure. */
const LAST_REQUESTS = 300

function listen(config: Config, services: Services): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Whoever sends slowly holds room that others want: a body of 16 MiB has a minute.
    const server = createServer({ requestTimeout: 60_000 }, aListener(services))
    server.once('error', reject)
    server.listen(config.port, config.host, () => resolve(server))
  })
}

/** No new connections; those that wait between two requests are ended, the others get a while to finish theirs. */
async function lastAnswers(server: Server): Promise<void> {
  let isClosed = false
  server.close(() => {
    isClosed = true
  })
  const [idleFrom, end] = [systemClock.elapsed() + LAST_REQUESTS, systemClock.elapsed() + LAST_ANSWERS]
  while (!isClosed && systemClock.elapsed() < end) {
    if (systemClock.elapsed() > idleFrom) server.closeIdleConnections()
    await systemClock.sleep(20)
  }
}

type Running = { server: Server; store: Store; house: House; loops: Promise<void>[]; clock: Clock; stopping: AbortController }

/** Answers what is in flight, commits it, closes the ledger. */
async function stop({ server, store, house, loops, clock, stopping }: Running): Promise<void> {
  stopping.abort()
  await lastAnswers(server)
  await house.services.affirming.flush()
  server.closeAllConnections()
  await Promise.all(loops)
  await house.delivering.settled()
  await house.listening.beat(clock.now())
  await house.services.keys.flush()
  await store.close()
}

/** The one secret that is logged, on purpose: by it whoever runs this server becomes the first who may sign in. */
async function tellSetUp({ auth, publicUrl, host }: Config, port: number, { links, clock, log }: Services): Promise<void> {
  if (auth !== 'accounts') return
  const token = await links.setUp(clock.now())
  if (token === null) return
  const link = welcomeUrl(publicUrl, host, port, token)
  log.warn({ link }, 'nobody can sign in yet: open this link within 24 hours to become the first admin')
}

/** Starts the server with the settings of `env`; resolves when it listens. SIGTERM and SIGINT stop it. Throws what is told by `lastWords`. */
export async function serve(env: Env): Promise<void> {
  const config = readConfig(env)
  const log = aLogger(config.logLevel)
  for (const name of unknownSettings(env)) log.warn({ name }, 'this is no setting of this version; is it misspelled?')
  for (const warning of warningsOf(config)) log.warn(warning)
  const store = await openStore(config.databaseUrl, (error) => log.warn({ err: error }, 'a database connection broke'))
  const stopping = new AbortController()
  const clocks = aClocks({ store, clock: systemClock, log })
  await clocks.compare()
  const { clock } = clocks
  const house = aHouse({ config, version: version(), store, clock, clocks, log, stopping: stopping.signal })
  // Before the first request: a key that is known here needs no look-up.
  await house.services.keys.loop.tick(clock.now())
  const server = await listen(config, house.services).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const all = [
    house.listening,
    house.evaluation,
    house.pruning,
    house.watching,
    ...(house.pinging === null ? [] : [house.pinging]),
    house.delivering.loop,
    house.services.keys.loop,
    ...(store.engine === 'postgresql' ? [clocks.loop] : []),
  ]
  const loops = all.map((loop) => run(loop, clock, log, stopping.signal))
  const onSignal = (signal: string) => {
    if (stopping.signal.aborted) return
    log.info({ signal }, 'stopping')
    stop({ server, store, house, loops, clock, stopping }).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)

  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  log.info({ version: version(), url: `http://${config.host}:${port}`, store: store.engine }, 'affirmative listens')
  await tellSetUp(config, port, house.services).catch((error: unknown) => {
    log.error({ err: error }, 'no link for the set-up could be made')
  })
}

#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { hostname } from 'node:os'
import { nanoid } from 'nanoid'
import { type Logger, pino } from 'pino'
import { systemClock } from './clock.ts'
import { type Config, ConfigError, readConfig, unknownSettings } from './config.ts'
import { aListener } from './http/direct.ts'
import type { Services } from './http/services.ts'
import { type Loop, run } from './loop.ts'
import { inRoot } from './root.ts'
import { anAffirming } from './services/affirm.ts'
import { aChanges } from './services/changes.ts'
import { aDeclaring } from './services/declare.ts'
import { anEvaluation } from './services/evaluate.ts'
import { anEventIds } from './services/event-ids.ts'
import { aHealth } from './services/health.ts'
import { aListening } from './services/listen.ts'
import { aPruning } from './services/prune.ts'
import { CannotOpen, InUse, openStore, TooNew } from './store/open.ts'
import type { Store } from './store/store.ts'

/** Answers in flight get this long when the program stops; five seconds is what it may take in all. */
const LAST_ANSWERS = 3_000

type Log = Logger
type House = { services: Services; loops: Loop[]; lastBeat: () => Promise<void> }

const version = (): string => (JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { version: string }).version

function build(config: Config, store: Store, log: Log, stopping: AbortSignal): House {
  const clock = systemClock
  const health = aHealth()
  const changes = aChanges()
  const ids = anEventIds(store, config.isStrict)
  const listening = aListening(store, `${hostname()}-${process.pid}-${nanoid(6)}`, health)
  const onFailure = (error: unknown) => log.error({ err: error }, 'affirmations could not be stored')
  const affirming = anAffirming({ store, ids, health, now: clock.now, onFailure, env: config.env, reach: config.reach })
  const declaring = aDeclaring(store, ids, config.retention.affirmations)
  const onVerdicts = () => changes.tell()
  const { env, timeZone, publicUrl, trustedProxies } = config
  return {
    services: {
      clock,
      log,
      store,
      affirming,
      declaring,
      health,
      changes,
      stopping,
      settings: { version: version(), env, timeZone, publicUrl, trustedProxies },
    },
    loops: [listening, anEvaluation({ store, listening, affirming, health, log, onVerdicts }), aPruning(store, config.retention)],
    lastBeat: () => listening.beat(clock.now()),
  }
}

function listen(config: Config, services: Services): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(aListener(services))
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
  const end = systemClock.elapsed() + LAST_ANSWERS
  while (!isClosed && systemClock.elapsed() < end) {
    server.closeIdleConnections()
    await systemClock.sleep(20)
  }
}

/** Answers what is in flight, commits it, closes the ledger. */
async function stop(
  server: Server,
  store: Store,
  house: House,
  loops: Promise<void>[],
  stopping: AbortController,
): Promise<void> {
  stopping.abort()
  await lastAnswers(server)
  await house.services.affirming.flush()
  server.closeAllConnections()
  await Promise.all(loops)
  await house.lastBeat()
  await store.close()
}

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const log: Logger = pino({ level: config.logLevel })
  for (const name of unknownSettings(process.env)) log.warn({ name }, 'this is no setting of this version; is it misspelled?')
  const store = await openStore(config.databaseUrl, (error) => log.warn({ err: error }, 'a database connection broke'))
  const stopping = new AbortController()
  const house = build(config, store, log, stopping.signal)
  const server = await listen(config, house.services).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const loops = house.loops.map((loop) => run(loop, systemClock, log, stopping.signal))
  const onSignal = (signal: string) => {
    if (stopping.signal.aborted) return
    log.info({ signal }, 'stopping')
    stop(server, store, house, loops, stopping).then(
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
}

start().catch((error: unknown) => {
  const isPlain = error instanceof ConfigError || error instanceof InUse || error instanceof TooNew || error instanceof CannotOpen
  const isPortTaken = (error as { code?: string }).code === 'EADDRINUSE'
  const text = isPortTaken
    ? 'The port is taken: stop the other program or set PORT to another one.'
    : isPlain
      ? (error as Error).message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
})

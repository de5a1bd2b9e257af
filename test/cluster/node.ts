import { createServer, type Server } from 'node:http'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { aHouse, type House } from '../../src/house.ts'
import { aListener } from '../../src/http/direct.ts'
import type { Log } from '../../src/log.ts'
import { run } from '../../src/loop.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { aFastClock } from './fast-clock.ts'

/** What a node that is stopped gives its last answers. */
const LAST_ANSWERS = 1_000

/** Tells how many verdicts this node wrote: the rows do not say who did. */
const telling = (store: Store, log: Log): Store => ({
  ...store,
  concludeOwed: async (...asked) => {
    const done = await store.concludeOwed(...asked)
    if (done.verdicts.length > 0) log.info({ judged: done.verdicts.length }, 'judged')
    return done
  },
})

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

async function lastAnswers(server: Server, house: House): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS))])
  await house.services.affirming.flush()
  server.closeAllConnections()
}

/** The program as `src/main.ts` puts it together, on a fast clock: `node node.js BASE START SPEED`. */
async function start(): Promise<void> {
  const [base = 0, start = 0, speed = 1] = process.argv.slice(2).map(Number)
  const clock = aFastClock({ base, start, speed })
  const config = readConfig(process.env)
  const log = pino({ level: config.logLevel })
  const store = await openStore(config.databaseUrl, (error) => log.warn({ err: error }, 'a database connection broke'))
  const stopping = new AbortController()
  const house = aHouse({ config, version: 'test', store: telling(store, log), clock, log, stopping: stopping.signal })
  const server = createServer(aListener(house.services))
  const port = await listen(server)
  const loops = [house.listening, house.evaluation, house.pruning].map((loop) => run(loop, clock, log, stopping.signal))
  process.once('SIGTERM', async () => {
    stopping.abort()
    await lastAnswers(server, house)
    await Promise.all(loops)
    await house.listening.beat(clock.now())
    await store.close()
    process.exit(0)
  })
  log.info({ url: `http://127.0.0.1:${port}` }, 'affirmative listens')
}

await start()

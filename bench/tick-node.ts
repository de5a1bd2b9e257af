import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../src/clock.ts'
import { readConfig } from '../src/config.ts'
import { aHouse } from '../src/house.ts'
import { aListener } from '../src/http/direct.ts'
import { openStore } from '../src/store/open.ts'

// The product on a clock that its parent sets. A line {"now": ms} runs the evaluator until it is idle and answers what that took.

const [, , databaseUrl = ''] = process.argv
const NOTHING = () => undefined
const log = { debug: NOTHING, info: NOTHING, warn: console.error, error: console.error }
let now = Number(process.argv[3])
const clock: Clock = { now: () => now, sleep: () => new Promise(NOTHING), elapsed: () => performance.now() }
const store = await openStore(databaseUrl, NOTHING)
const stopping = new AbortController()
const { services, evaluation } = aHouse({
  config: readConfig({}),
  version: 'bench',
  store,
  clock,
  log,
  stopping: stopping.signal,
})

/** How long the event loop was held at most, in ms, since it was last asked. */
function aProbe(): () => number {
  let last = performance.now()
  let longest = 0
  const look = () => {
    const at = performance.now()
    longest = Math.max(longest, at - last)
    last = at
    setImmediate(look)
  }
  look()
  return () => {
    const held = longest
    longest = 0
    return held
  }
}
const held = aProbe()

async function tick(): Promise<{ ms: number; pieces: number; longest: number; held: number; rss: number }> {
  held()
  const start = performance.now()
  let [pieces, longest] = [0, 0]
  for (let left = 'more'; left === 'more'; pieces++) {
    const piece = performance.now()
    left = await evaluation.tick(now)
    longest = Math.max(longest, performance.now() - piece)
    await nextTurn()
  }
  return { ms: performance.now() - start, pieces, longest, held: held(), rss: process.memoryUsage.rss() / 2 ** 20 }
}

const server = createServer(aListener(services)).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.on('SIGTERM', () => process.exit(0))
for await (const line of createInterface({ input: process.stdin })) {
  now = (JSON.parse(line) as { now: number }).now
  process.stdout.write(`${JSON.stringify(await tick())}\n`)
}

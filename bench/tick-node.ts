import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readConfig } from '../src/config.ts'
import { aHouse } from '../src/house.ts'
import { aListener } from '../src/http/direct.ts'
import { openStore } from '../src/store/open.ts'

// The product on a clock that its parent sets: `tick-node DATABASE_URL NOW`. A line with an instant in milliseconds
// runs the evaluator at that instant until it is idle and answers what that took.

const nothing = () => undefined
const [, , databaseUrl = '', start] = process.argv
let now = Number(start)
const store = await openStore(databaseUrl, nothing)
const { services, evaluation } = aHouse({
  config: readConfig({}),
  version: 'bench',
  store,
  clock: { now: () => now, sleep: () => new Promise(nothing), elapsed: () => performance.now() },
  log: { debug: nothing, info: nothing, warn: console.error, error: console.error },
  stopping: new AbortController().signal,
})

const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()

/** Milliseconds of all of it, of its longest piece, and how long the event loop was held at most. */
async function tick(): Promise<{ ms: number; pieces: number; longest: number; held: number }> {
  delays.reset()
  const begin = performance.now()
  let [pieces, longest] = [0, 0]
  for (let left = 'more'; left === 'more'; pieces++) {
    if (pieces > 0) await nextTurn()
    const piece = performance.now()
    left = await evaluation.tick(now)
    longest = Math.max(longest, performance.now() - piece)
  }
  const ms = performance.now() - begin
  // The last delay is noted when the loop comes round.
  await new Promise((resolve) => setTimeout(resolve, 5))
  return { ms, pieces, longest, held: delays.max / 1e6 }
}

const server = createServer(aListener(services)).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.on('SIGTERM', () => process.exit(0))
for await (const line of createInterface({ input: process.stdin })) {
  now = Number(line)
  process.stdout.write(`${JSON.stringify(await tick())}\n`)
}

import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readConfig } from '../src/config.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../src/domain/time.ts'
import { aHouse } from '../src/house.ts'
import { openStore } from '../src/store/open.ts'
import type { Told } from './telling.ts'

// The product on a clock of its own, with so many channels that take what they are told at once: `telling-node DATABASE_URL NOW CHANNELS`. All
// expectations are missed at NOW and met an hour later. Prints what that took.

const nothing = () => undefined
const [, , databaseUrl = '', start, channels] = process.argv
let now: Millis = Number(start) + 2_500
const begun = now
const store = await openStore(databaseUrl, nothing)
const told: Told[] = []
const { evaluation, delivering, listening, services } = aHouse({
  config: readConfig({}),
  version: 'bench',
  store,
  clock: { now: () => now, sleep: () => new Promise(nothing), elapsed: () => performance.now() },
  log: { debug: nothing, info: nothing, warn: console.error, error: console.error },
  stopping: new AbortController().signal,
  tell: async ({ name }, { title }) => {
    told.push({ channel: name, title, after: now - begun })
    return { kind: 'sent', said: 'ok' }
  },
})
for (let i = 0; i < Number(channels); i++)
  await store.createChannel(
    {
      name: `channel ${i}`,
      kind: 'webhook',
      settings: {},
      when: ['missed', 'recovered'],
      match: null,
      isDefault: false,
      remindEvery: null,
      isEnabled: true,
    },
    { at: now, by: { who: 'bench', address: '' } },
    () => ({}),
  )

process.stdout.write(`${JSON.stringify({ url: 'http://nowhere' })}\n`)

const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
let peak = 0

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  peak = Math.max(peak, process.memoryUsage.rss() / 2 ** 20)
  return performance.now() - from
}

const tick = () =>
  timed(async () => {
    while ((await evaluation.tick(now)) === 'more') await nextTurn()
  })

/** Looks each second of three minutes. Answers how long all of it took, and the longest of them. */
async function deliver(): Promise<{ ms: number; longest: number }> {
  let [ms, longest] = [0, 0]
  for (const until = now + 3 * MINUTE; now < until; now += SECOND) {
    const took = await timed(async () => {
      await delivering.loop.tick(now)
      await delivering.settled()
    })
    ms += took
    longest = Math.max(longest, took)
  }
  return { ms, longest }
}

await listening.tick(now)
const missed = { tick: await tick(), ...(await deliver()) }
now = Number(start) + HOUR - MINUTE
const affirm = (event: string) =>
  services.affirming.affirm({ event, env: 'prod', status: 'ok', at: undefined, source: 'bench', value: null, id: null }, now)
await Promise.all((await store.eventNames()).map(affirm))
now = Number(start) + HOUR + 2_500
const met = { tick: await tick(), ...(await deliver()) }
process.on('SIGTERM', () => process.exit(0))
process.stdout.write(`${JSON.stringify({ missed, met, told, peak, held: delays.max / 1e6 })}\n`)

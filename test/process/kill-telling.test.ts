import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openStore } from '../../src/store/open.ts'
import { query } from '../store/contract/steps.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'
import { aChannel } from '../support/told.ts'

const KILLS = { sqlite: 2, postgresql: 1 }
const JOBS_A_ROUND = 5
/** A miss waits three seconds for others: it is on its way, or its answer, when the process is killed. */
const LIVES = { shortest: 2_900, longest: 3_900 }

type Arrived = { id: string; type: string; event: string }

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** Takes its time to answer, so that a kill finds messages that arrived and were not noted so. */
async function aReceiver() {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    const body = await read(request).catch(() => '')
    if (body === '') return
    const { type, expectation } = JSON.parse(body) as { type: string; expectation: { event: string } | null }
    // How long nobody was listening, with several of these lives, is told as well: that is of no one expectation.
    if (expectation !== null) arrived.push({ id: String(request.headers['webhook-id']), type, event: expectation.event })
    setTimeout(() => response.end('ok'), 60)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, arrived, close: () => server.close() }
}

const post = async (url: string, body: object): Promise<void> => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.ok(response.ok, await response.text())
}

/** Says of some new jobs that they failed, each from a host of its own: nothing of it is a flood. Each second one is met at its next due. */
async function failSome(url: string, round: number): Promise<string[]> {
  const names = Array.from({ length: JOBS_A_ROUND }, (_, i) => `job_${round}_${i}`)
  for (const [i, event] of names.entries()) {
    await post(`${url}/api/v1/events`, { name: event })
    await post(`${url}/api/v1/expectations`, { event, schedule: '* * * * *', lookback: '5m' })
    await post(`${url}/api/v1/affirmations`, { event, status: 'fail', source: `host-${event}` })
    if (i % 2 === 0) await post(`${url}/api/v1/affirmations`, { event, source: `host-${event}` })
  }
  return names
}

async function killWhileTelling(databaseUrl: string, kills: number): Promise<void> {
  const receiver = await aReceiver()
  const store = await openStore(databaseUrl, () => undefined)
  await aChannel(store, 'hook', { settings: { url: receiver.url } })
  await store.close()
  const env = { DATABASE_URL: databaseUrl, AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8' }
  const failed: string[] = []
  for (let round = 0; round <= kills; round++) {
    const server = await startServer(env)
    // What was failed in the life before is judged at once. What the dead had in hand another node tries when their lease is over: here that is now.
    if (round < kills) failed.push(...(await failSome(server.url, round)))
    await pause(LIVES.shortest + Math.random() * (LIVES.longest - LIVES.shortest) + (round === kills ? 3_000 : 0))
    await server.kill(round < kills ? 'SIGKILL' : 'SIGTERM')
    if (databaseUrl.startsWith('postgres'))
      await query(databaseUrl, `update deliveries set next_at = 0 where state = 'waiting' and attempts > 0`)
  }
  receiver.close()
  allArrived(receiver.arrived, failed)
  const left = await query<{ id: number }>(databaseUrl, `select id from deliveries where kind = 'missed' and state <> 'sent'`)
  assert.deepEqual(left, [])
}

function allArrived(arrived: readonly Arrived[], failed: readonly string[]): void {
  const missed = arrived.filter(({ type }) => type === 'missed')
  assert.deepEqual([...new Set(missed.map(({ event }) => event))].sort(), [...failed].sort(), 'every miss arrived')
  const ids = new Map<string, Set<string>>()
  for (const { event, type, id } of arrived) {
    const what = `${type} ${event}`
    ids.set(what, (ids.get(what) ?? new Set()).add(id))
  }
  for (const [what, all] of ids) assert.equal(all.size, 1, `${what} has one id, however often it came`)
  for (const [i, { type, event }] of arrived.entries())
    if (type === 'recovered')
      assert.ok(
        arrived.slice(0, i).some((one) => one.type === 'missed' && one.event === event),
        `${event} was missed before it was met`,
      )
}

describe('kill -9 while people are told: every miss arrives, and what comes again has the same id', () => {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-telling-'))
  let postgres: TestPostgres | undefined
  after(async () => {
    await postgres?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  test('on SQLite', () => killWhileTelling(`file:${join(dir, 'killed.db')}`, KILLS.sqlite))

  test('on PostgreSQL', async () => {
    postgres = await startPostgres()
    await killWhileTelling(await postgres.url('killed'), KILLS.postgresql)
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startServer, type TestServer } from '../support/server.ts'

const KILLS = Number(process.env.KILLS ?? 12)
const CALLERS = 16
/** How long the load runs before each kill, in answers: enough that many are in flight at that moment. */
const ANSWERS_BEFORE_KILL = 150

type Sent = { id: string; isAcknowledged: boolean }

/** Sends until the server is gone; notes what was answered 2xx. Half carry a client id and are one of a batch, half are singles. */
async function affirmUntilGone(url: string, caller: string, sent: Sent[], onAnswer: () => void): Promise<void> {
  for (let n = 0; ; n++) {
    const one: Sent = { id: `${caller}-${n}`, isAcknowledged: false }
    sent.push(one)
    try {
      const response = await (n % 2 === 0 ? single(url, one.id) : batch(url, one.id))
      one.isAcknowledged = response.ok
      await response.arrayBuffer()
      onAnswer()
    } catch {
      return
    }
  }
}

const single = (url: string, id: string) => fetch(`${url}/affirm/killed?id=${id}`, { method: 'POST', body: id })
const batch = (url: string, id: string) =>
  fetch(`${url}/api/v1/affirmations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ event: 'killed', id, value: id }]),
  })

async function loadAndKill(server: TestServer, round: number): Promise<Sent[]> {
  const sent: Sent[] = []
  let answers = 0
  const kill = () => {
    answers += 1
    if (answers === ANSWERS_BEFORE_KILL) void server.kill('SIGKILL')
  }
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => affirmUntilGone(server.url, `${round}-${caller}`, sent, kill)))
  return sent
}

async function storedIds(url: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/events/killed/affirmations`, { headers: { accept: 'application/x-ndjson' } })
  const lines = (await response.text()).trim().split('\n')
  return lines.map((line) => (JSON.parse(line) as { id: string }).id)
}

async function killOften(env: Record<string, string>): Promise<void> {
  const sent: Sent[] = []
  for (let round = 0; round < KILLS; round++) sent.push(...(await loadAndKill(await startServer(env), round)))
  const server = await startServer(env)
  try {
    const stored = await storedIds(server.url)
    const once = new Set(stored)
    const acknowledged = sent.filter(({ isAcknowledged }) => isAcknowledged)
    assert.ok(
      acknowledged.length > KILLS * ANSWERS_BEFORE_KILL * 0.9,
      `the load was real: ${acknowledged.length} were acknowledged`,
    )
    assert.equal(once.size, stored.length, 'each is there once')
    assert.deepEqual(
      acknowledged.filter(({ id }) => !once.has(id)),
      [],
      'what was answered 2xx is there',
    )
  } finally {
    await server.kill('SIGTERM')
  }
}

describe('kill -9 in the middle of load, again and again, loses nothing that was answered', () => {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-kill-'))
  let postgres: TestPostgres | undefined
  after(async () => {
    await postgres?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  test('on SQLite', () => killOften({ DATABASE_URL: `file:${join(dir, 'killed.db')}` }))

  test('on PostgreSQL', async () => {
    postgres = await startPostgres()
    await killOften({ DATABASE_URL: await postgres.url('killed') })
  })
})

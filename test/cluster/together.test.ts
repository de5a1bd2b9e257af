import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { MINUTE } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { anEvent, anExpectation, at, query, rowsIn, times } from '../store/contract/steps.ts'
import { BY } from '../support/author.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'
import { aWorld, type World } from '../support/world.ts'

const DUE = at('01:00')
const MANY = 5_000
const HOURLY = { schedule: '0 * * * *', lookback: '30m' }
/** What the evaluator waits after a minute. */
const SETTLED = 2_000

/** Asks `what` of the connections to this database that are in such a state. */
const ofConnections = (what: string, state: string): string =>
  `select ${what} from pg_stat_activity where datname = current_database() and ${state}`

/** A node that claimed so many of what is owed, and froze before it wrote a verdict. */
async function aFrozenNode(t: TestContext, url: string, limit: number): Promise<ChildProcess> {
  const program = ['--import', 'tsx', 'test/cluster/freezing.ts', url, `${DUE}`, `${limit}`]
  const node = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => node.kill('SIGKILL'))
  await once(node.stdout, 'data')
  return node
}

/** Until the database has noticed that a client is gone: it rolls back what that had begun. */
async function untilForgotten(url: string): Promise<void> {
  while ((await query(url, ofConnections('pid', "state = 'idle in transaction'"))).length > 0) await pause(10)
}

/** A node of its own in all but the process: it has connections of its own, and counts the verdicts that it wrote. */
type Evaluator = { world: World; store: Store; judged: number }

describe('several nodes on one database', () => {
  let postgres: TestPostgres
  let made = 0
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  const aDatabase = (): Promise<string> => postgres.url(`together_${++made}`)

  async function anEvaluator(t: TestContext, url: string): Promise<Evaluator> {
    const store = await openStore(url, (error) => {
      throw error
    })
    t.after(() => store.close())
    const counting: Store = {
      ...store,
      concludeOwed: async (...asked) => {
        const done = await store.concludeOwed(...asked)
        evaluator.judged += done.verdicts.length
        return done
      },
    }
    const evaluator = { store, judged: 0, world: aWorld(counting, DUE + SETTLED) }
    return evaluator
  }

  /** So many expectations owe a verdict, and somebody listened all the time before. */
  async function owing(url: string, { store }: Evaluator, count: number): Promise<void> {
    await anExpectation(store, await anEvent(store, 'job'), HOURLY)
    await store.extendSpan(await store.openSpan('before', at('00:00')), DUE)
    const columns = 'event_id, tags, terms_id, terms_since, created_at, since, next_due, check_at, window_start, caught_up'
    await query(url, `insert into expectations (${columns}) select ${columns} from expectations, generate_series(2, ${count})`)
  }

  async function assertAllMissedOnce(url: string, count: number): Promise<void> {
    assert.equal(await rowsIn(url, 'verdicts'), count)
    assert.equal(await rowsIn(url, 'expectations', `last_due = ${DUE} and last_verdict = 'missed' and next_due > ${DUE}`), count)
    assert.equal(await rowsIn(url, 'incidents', `opened_due = ${DUE} and closed_due is null`), count)
  }

  for (const [count, share] of [
    [2, 0.2],
    [3, 0.1],
  ] as const)
    test(`${count} evaluators that tick at the same instant share what is due, and judge each once`, async (t) => {
      const url = await aDatabase()
      const evaluators = await Promise.all(times(count, () => anEvaluator(t, url)))
      const [first] = evaluators
      assert.ok(first)
      await owing(url, first, MANY)
      await Promise.all(evaluators.map(({ world }) => world.tick()))
      const judged = evaluators.map(({ judged }) => judged)
      t.diagnostic(judged.join(' + '))
      assert.equal(
        judged.reduce((sum, n) => sum + n, 0),
        MANY,
        'each is told of by the one that wrote it',
      )
      await assertAllMissedOnce(url, MANY)
      for (const n of judged) assert.ok(n >= MANY * share, `${judged}`)
      assert.deepEqual(
        evaluators.flatMap(({ world }) => world.errors),
        [],
      )
    })

  test('what a node was judging when it was killed is judged by another one within a minute', async (t) => {
    const url = await aDatabase()
    const other = await anEvaluator(t, url)
    await owing(url, other, 30)
    const dying = await aFrozenNode(t, url, 10)
    await other.world.tick()
    assert.equal(other.judged, 20, 'what the first one holds is left to it')
    dying.kill('SIGKILL')
    await untilForgotten(url)
    other.world.clock.set(DUE + MINUTE + SETTLED)
    await other.world.tick()
    assert.equal(other.judged, 30)
    await assertAllMissedOnce(url, 30)
  })

  test('a connection that breaks in the middle of a transaction fails that, and the node lives on', async (t) => {
    const url = await aDatabase()
    const store = await openStore(url, () => undefined)
    t.after(() => store.close())
    const { id } = await anExpectation(store, await anEvent(store, 'job'), HOURLY)
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    t.after(() => holder.end())
    await holder.query('begin')
    await holder.query('select 1 from expectations for update')
    const waiting = assert.rejects(store.pauseExpectation(id, DUE, BY))
    while ((await query(url, ofConnections('pg_terminate_backend(pid)', "wait_event_type = 'Lock'"))).length === 0)
      await pause(10)
    await waiting
    await holder.query('rollback')
    assert.ok(await store.pauseExpectation(id, DUE, BY))
  })

  test('five nodes that start at once on an empty database all come up, and each migration ran once', async (t) => {
    const url = await aDatabase()
    const nodes = await Promise.all(times(5, () => startServer({ DATABASE_URL: url })))
    t.after(() => Promise.all(nodes.map((node) => node.kill('SIGKILL'))))
    for (const node of nodes) assert.equal((await fetch(`${node.url}/affirm/hello`)).status, 200)
    const { entries } = JSON.parse(readFileSync('migrations/postgresql/meta/_journal.json', 'utf8')) as { entries: unknown[] }
    assert.equal(await rowsIn(url, 'drizzle.__drizzle_migrations'), entries.length)
    assert.equal(await rowsIn(url, 'events'), 1)
    assert.equal(await rowsIn(url, 'affirmations'), 5)
    assert.deepEqual(await Promise.all(nodes.map((node) => node.kill('SIGTERM'))), [0, 0, 0, 0, 0])
  })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, type TestContext, test } from 'node:test'
import pg from 'pg'
import { DAY, HOUR, type Millis } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { BY } from '../support/author.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, query, rowsIn, settle, verdictsOf } from './contract/steps.ts'

const MIDNIGHT = at('00:00')
const open = (url: string): Promise<Store> =>
  openStore(url, (error) => {
    throw error
  })
const partitionsIn = async (url: string): Promise<string[]> =>
  (
    await query<{ name: string }>(
      url,
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'affirmations'::regclass order by 1",
    )
  ).map(({ name }) => name)

async function pruneAll(store: Store, affirmations: Millis): Promise<number> {
  let steps = 0
  while (await store.prune({ affirmations, verdicts: 0 }, 10)) steps += 1
  return steps
}

describe('affirmations on postgresql lie in a partition a day', () => {
  let postgres: TestPostgres
  let made = 0
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  async function aStore(t: TestContext): Promise<{ store: Store; url: string }> {
    made += 1
    const url = await postgres.url(`partitions_${made}`)
    const store = await open(url)
    t.after(() => store.close())
    return { store, url }
  }

  test('made for whatever day an affirmation is of, and for tomorrow beforehand', async (t) => {
    const { store, url } = await aStore(t)
    assert.deepEqual(await partitionsIn(url), [])
    await store.makeRoom(MIDNIGHT + HOUR)
    assert.deepEqual(await partitionsIn(url), ['affirmations_2026_03_01', 'affirmations_2026_03_02'])
    const event = await anEvent(store, 'job')
    await affirm(store, event, { at: MIDNIGHT - 1 }, { at: MIDNIGHT }, { at: MIDNIGHT + 40 * DAY })
    assert.deepEqual(await partitionsIn(url), [
      'affirmations_2026_02_28',
      'affirmations_2026_03_01',
      'affirmations_2026_03_02',
      'affirmations_2026_04_10',
    ])
    assert.equal(await rowsIn(url, 'affirmations_2026_03_01'), 1)
  })

  test('made once when eight nodes need it at the same moment, and nothing is lost', async (t) => {
    const { store, url } = await aStore(t)
    const event = await anEvent(store, 'job')
    const nodes = await Promise.all(Array.from({ length: 8 }, () => open(url)))
    await store.environment('prod')
    const answers = await Promise.all(
      nodes.flatMap((node, n) =>
        Array.from({ length: 5 }, (_, day) =>
          affirm(node, event, { at: MIDNIGHT + day * DAY + n }, { at: MIDNIGHT + day * DAY, id: 'x' }),
        ),
      ),
    )
    assert.equal(answers.flat().filter((answer) => answer === 'stored').length, 41)
    assert.equal(await rowsIn(url, 'affirmations'), 41)
    assert.equal((await partitionsIn(url)).length, 5)
    await Promise.all(nodes.map((node) => node.close()))
  })

  test('dropped when the last instant of the day is older than affirmations are kept, with their client ids', async (t) => {
    const { store, url } = await aStore(t)
    const event = await anEvent(store, 'job')
    const days = Array.from({ length: 4 }, (_, day) => ({ at: MIDNIGHT + day * DAY + HOUR, id: `of day ${day}` }))
    await affirm(store, event, ...days)
    assert.equal(await pruneAll(store, MIDNIGHT + DAY - 1), 0)
    await pruneAll(store, MIDNIGHT + 2 * DAY + 2 * HOUR)
    assert.deepEqual(await partitionsIn(url), ['affirmations_2026_03_03', 'affirmations_2026_03_04'])
    assert.equal(await rowsIn(url, 'affirmations'), 2)
    const again = await affirm(store, event, ...days.map(({ id }) => ({ id, at: MIDNIGHT + 3 * DAY })))
    assert.deepEqual(again, ['stored', 'stored', 'duplicate', 'duplicate'])
  })

  test('one that comes for a day that was dropped gets it back, until it is dropped again', async (t) => {
    const { store, url } = await aStore(t)
    const event = await anEvent(store, 'job')
    for (let round = 0; round < 3; round += 1) {
      assert.deepEqual(await affirm(store, event, { at: MIDNIGHT, id: 'late' }), ['stored'])
      assert.ok((await pruneAll(store, MIDNIGHT + DAY)) > 0)
      assert.equal(await rowsIn(url, 'affirmations'), 0)
    }
  })

  test('a day that somebody reads is left for the next time, and who stores meanwhile waits no longer than a second', async (t) => {
    const { store, url } = await aStore(t)
    const event = await anEvent(store, 'job')
    await affirm(store, event, { at: MIDNIGHT }, { at: MIDNIGHT + 2 * DAY })
    const reader = new pg.Client({ connectionString: url })
    await reader.connect()
    await reader.query('begin')
    await reader.query('select count(*) from affirmations')
    const [dropped] = await Promise.all([pruneAll(store, MIDNIGHT + DAY), affirm(store, event, { at: MIDNIGHT + 2 * DAY })])
    assert.equal(dropped, 0)
    assert.equal(await rowsIn(url, 'affirmations'), 3)
    await reader.end()
    assert.ok((await pruneAll(store, MIDNIGHT + DAY)) > 0)
    assert.equal(await rowsIn(url, 'affirmations'), 2)
  })

  test('clearing an event frees its client ids, whatever day they are of', async (t) => {
    const { store } = await aStore(t)
    const [event, kept] = [await anEvent(store, 'job'), await anEvent(store, 'kept')]
    const told = Array.from({ length: 50 }, (_, i) => ({
      at: MIDNIGHT + (i % 5) * DAY,
      id: `${i}`,
      env: ['prod', 'test'][i % 2] ?? '',
    }))
    for (const one of [event, kept]) await affirm(store, one, ...told)
    let cleared = 0
    for (let gone = -1; gone !== 0; cleared += gone) gone = await store.clearAffirmations(event, MIDNIGHT + 3 * DAY, 7, BY)
    assert.equal(cleared, 30)
    const again = await affirm(store, event, ...told)
    assert.equal(again.filter((answer) => answer === 'stored').length, 30)
    assert.ok((await affirm(store, kept, ...told)).every((answer) => answer === 'duplicate'))
  })

  test('what was there before there were partitions is kept: rows, client ids, numbers, and its own day may still be added to', async () => {
    const url = await postgres.url('older')
    const folder = 'migrations/postgresql'
    const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as {
      entries: { tag: string; when: number }[]
    }
    const older = journal.entries.slice(0, 2)
    for (const { tag } of older)
      for (const statement of readFileSync(`${folder}/${tag}.sql`, 'utf8').split('--> statement-breakpoint'))
        await query(url, statement)
    await query(url, 'create schema drizzle')
    await query(url, 'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)')
    for (const { tag, when } of older)
      await query(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${tag}', ${when})`)
    await query(url, "insert into environments (name) values ('prod')")
    await query(
      url,
      `insert into events (key, name, description, tags, created_at) values ('af_job', 'job', '', '[]', ${MIDNIGHT})`,
    )
    await query(
      url,
      `insert into affirmations (event_id, env_id, at, status, source, client_id)
       select 1, 1, ${MIDNIGHT} + i * 1000, 0, 'old', case when i % 2 = 0 then 'id ' || i end from generate_series(1, 1000) i`,
    )
    await query(url, `insert into listening (node, span_from, span_to) values ('old', 0, ${at('00:10')})`)

    const store = await open(url)
    const event = (await store.findEvent('job')) ?? assert.fail()
    assert.equal(await rowsIn(url, 'affirmations'), 1_000)
    assert.deepEqual(
      await affirm(store, event, { id: 'id 2' }, { id: 'id 3' }, { at: MIDNIGHT + 1 }, { at: Date.parse('2100-01-01') }),
      ['duplicate', 'stored', 'stored', 'stored'],
    )
    const [numbers] = await query<{ distinct: number; all: number }>(
      url,
      'select count(distinct id) as distinct, count(*) as all from affirmations',
    )
    assert.deepEqual(numbers, { distinct: 1_003, all: 1_003 })
    assert.equal(await settle(store, at('23:00')), 2, 'what was judged before the upgrade is known')
    assert.deepEqual(await partitionsIn(url), ['affirmations_2100_01_01', 'affirmations_before'])
    await pruneAll(store, Date.parse('2099-12-31'))
    assert.deepEqual(await partitionsIn(url), ['affirmations_2100_01_01'])
    assert.deepEqual(await affirm(store, event, { at: Date.parse('2100-01-01') }), ['stored'])
    await store.close()
  })

  test('however long a commit takes: an affirmation is counted by the verdict or is news that corrects it', async (t) => {
    const { store, url } = await aStore(t)
    const slow = await open(url)
    t.after(() => slow.close())
    const event = await anEvent(store, 'job')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    // A trigger that holds the statement up after the row is in: as a slow disk does, or a standby that does not answer.
    await store.makeRoom(MIDNIGHT)
    await query(
      url,
      'create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$',
    )
    await query(url, 'create trigger hold after insert on affirmations_2026_03_01 for each row execute function hold()')
    const affirmed = affirm(slow, event, { at: at('00:04:59') })
    const sleeping = "select count(*) as n from pg_stat_activity where wait_event = 'PgSleep'"
    while ((await query<{ n: number }>(url, sleeping))[0]?.n !== 1);
    await store.judgeUpTo(at('00:05'))
    await judgeUpTo(store, at('00:05'))
    await affirmed
    await settle(store, at('00:06'))
    assert.deepEqual(
      (await verdictsOf(store, expectation)).map(({ verdict }) => verdict),
      ['met'],
    )
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { DAY, type Millis } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { BY, SOMETIME } from '../support/author.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, query, rowsIn, settle, verdictsOf } from './contract/steps.ts'

type Before = { affirmations: Millis; verdicts: Millis }
const NOTHING: Before = { affirmations: 0, verdicts: 0 }
const PRUNED = ['affirmations', 'verdicts', 'incidents', 'terms', 'listening', 'removed']
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

async function aStore(t: TestContext, engine: TestEngine): Promise<{ store: Store; url: string }> {
  const url = await engine.url()
  const store = await openStore(url, (error) => {
    throw error
  })
  t.after(() => store.close())
  return { store, url }
}

/** All rows that pruning may take, whoever's they are. */
async function allRows(url: string): Promise<number> {
  const counts = PRUNED.map((table) => `(select count(*) from ${table})`)
  const [row] = await query<{ n: number }>(url, `select ${counts.join(' + ')} as n`)
  return row?.n ?? assert.fail()
}

/** Prunes until nothing is left to do; how many rows each step took. */
async function stepsOf(store: Store, url: string, before: Before, limit: number): Promise<number[]> {
  const steps: number[] = []
  for (let rows = await allRows(url); await store.prune(before, limit); ) {
    const left = await allRows(url)
    steps.push(rows - left)
    rows = left
  }
  return steps
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const valuesOf = async (store: Store, event: Awaited<ReturnType<typeof anEvent>>) =>
  (await store.affirmationsUpwards(event, {}, { limit: 1_000, cursor: null })).items.map(({ value }) => value)

function pruning(name: EngineName): void {
  describe(`pruning on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('an empty store has nothing to prune, and one that keeps everything neither', async (t) => {
      const { store, url } = await aStore(t, engine)
      assert.equal(await store.prune({ affirmations: at('23:00'), verdicts: at('23:00') }, 10), false)
      const event = await anEvent(store, 'job')
      await anExpectation(store, event)
      await affirm(store, event, { at: 1 })
      await judgeUpTo(store, at('00:05'))
      const rows = await allRows(url)
      assert.equal(await store.prune(NOTHING, 10), false)
      assert.equal(await allRows(url), rows)
    })

    test('old verdicts go in steps, and the expectation lives on', async (t) => {
      const { store, url } = await aStore(t, engine)
      const event = await anEvent(store, 'job')
      const expectations = await Promise.all(times(20, () => anExpectation(store, event, { schedule: '*/5 * * * *' })))
      await affirm(store, event, ...times(3, (i) => ({ at: at('00:10') + i, status: 'fail' as const, isNews: true })))
      await settle(store, at('00:11'))
      await judgeUpTo(store, at('01:00'))
      const limit = 30
      const steps = await stepsOf(store, url, { affirmations: 0, verdicts: at('00:30') }, limit)
      assert.equal(sum(steps), 20 * (5 + 3))
      assert.ok(
        Math.max(...steps) <= 3 * limit,
        `a step takes the limit and what else these expectations had at that due: ${steps}`,
      )
      for (const expectation of expectations) {
        const dues = (await verdictsOf(store, expectation)).map(({ due }) => due)
        assert.deepEqual(
          dues,
          times(7, (i) => at('00:30') + i * 300_000),
        )
        assert.equal((await store.findExpectation(expectation.id))?.nextDue, at('01:05'))
      }
    })

    test('closed incidents and spans go with the verdicts of their time, open ones stay', async (t) => {
      const { store, url } = await aStore(t, engine)
      const event = await anEvent(store, 'job')
      const open = await anExpectation(store, event, { schedule: '0 * * * *', atLeast: 9 })
      const closed = await Promise.all(times(45, () => anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })))
      await affirm(store, event, { at: at('00:08') })
      for (let i = 0; i < 45; i += 1) await store.extendSpan(await store.openSpan('a', at('00:00') + i), at('00:01') + i)
      await store.extendSpan(await store.openSpan('a', at('00:05')), at('05:00'))
      await judgeUpTo(store, at('00:10'))
      for (const { id } of closed) await store.pauseExpectation(id, at('00:11'), BY)
      await judgeUpTo(store, at('01:00'))
      assert.equal(await rowsIn(url, 'incidents'), 46)
      const steps = await stepsOf(store, url, { affirmations: 0, verdicts: at('04:00') }, 10)
      assert.ok(Math.max(...steps) <= 30, `${steps}`)
      assert.equal(await rowsIn(url, 'verdicts'), 0)
      assert.equal(await rowsIn(url, 'incidents'), 1)
      assert.equal((await store.openIncidents([open.id])).length, 1)
      assert.deepEqual(await store.spans({ from: 0, to: at('23:00') }), [{ from: at('00:05'), to: at('05:00') }])
    })

    test('the rows of a deleted event go in steps of the limit, and nobody else loses one', async (t) => {
      const { store, url } = await aStore(t, engine)
      const [event, kept] = [await anEvent(store, 'job'), await anEvent(store, 'kept')]
      await anExpectation(store, event)
      const alive = await anExpectation(store, kept)
      for (const one of [event, kept])
        await affirm(store, one, ...times(100, (i) => ({ at: at('00:01') + i, env: `env ${i % 3}` })))
      await judgeUpTo(store, at('00:45'))
      await store.deleteEvent(event.id, SOMETIME, BY)
      const born = await anEvent(store, 'job')
      await affirm(store, born, {})
      const steps = await stepsOf(store, url, NOTHING, 30)
      assert.ok(Math.max(...steps) <= 33, `${steps}`)
      assert.equal(
        sum(steps),
        100 + 45 + 1 + 1 + 2,
        'affirmations, verdicts, an incident, terms, and the notes of what was deleted',
      )
      assert.equal(await rowsIn(url, 'removed'), 0)
      assert.equal((await store.affirmations(kept, {}, { limit: 1_000, cursor: null })).items.length, 100)
      assert.equal((await store.affirmations(born, {}, { limit: 1_000, cursor: null })).items.length, 1)
      assert.equal((await verdictsOf(store, alive)).length, 45)
      assert.equal((await store.openIncidents([alive.id])).length, 1)
    })

    test('so do those of a deleted expectation, its edited terms and its incidents included', async (t) => {
      const { store, url } = await aStore(t, engine)
      const event = await anEvent(store, 'job')
      const [expectation, other] = [await anExpectation(store, event), await anExpectation(store, event)]
      await affirm(store, event, { at: at('00:05') }, { at: at('00:09:30'), status: 'fail', isNews: true })
      await judgeUpTo(store, at('00:20'))
      await settle(store, at('00:20'))
      const { terms } = expectation
      await store.editExpectation(expectation.id, { terms, env: 'staging', tags: [], nextDue: at('00:21'), at: at('00:20') }, BY)
      await judgeUpTo(store, at('00:40'))
      await store.deleteExpectation(expectation.id, SOMETIME, BY)
      const steps = await stepsOf(store, url, NOTHING, 7)
      assert.ok(Math.max(...steps) <= 14, `${steps}`)
      for (const table of ['verdicts', 'incidents', 'terms'])
        assert.equal(await rowsIn(url, table, `expectation_id = ${expectation.id}`), 0, table)
      assert.equal((await verdictsOf(store, other)).length, 41)
      assert.equal(await rowsIn(url, 'affirmations'), 2)
    })

    test('a client id that was pruned may come again', async (t) => {
      const { store, url } = await aStore(t, engine)
      const event = await anEvent(store, 'job')
      await affirm(store, event, { at: at('00:30'), id: 'a' })
      assert.deepEqual(await affirm(store, event, { at: at('00:30') + 2 * DAY, id: 'a' }), ['duplicate'])
      await stepsOf(store, url, { affirmations: at('01:00') + DAY, verdicts: 0 }, 10)
      assert.deepEqual(await affirm(store, event, { at: at('00:30') + 2 * DAY, id: 'a' }), ['stored'])
    })

    test('who writes meanwhile waits for one step at most', {
      skip: name === 'postgresql' && 'there writers wait for nobody',
    }, async (t) => {
      const { store } = await aStore(t, engine)
      const [old, event] = [await anEvent(store, 'old'), await anEvent(store, 'job')]
      await affirm(store, old, ...times(20_000, (i) => ({ at: i })))
      await store.deleteEvent(old.id, SOMETIME, BY)
      let [steps, isDone, longest] = [0, false, 0]
      const pruned = (async () => {
        while (await store.prune(NOTHING, 500)) steps += 1
        isDone = true
      })()
      let written = 0
      while (!isDone) {
        const [before, start] = [steps, performance.now()]
        await affirm(store, event, {})
        assert.ok(steps - before <= 1, `${steps - before} steps went before one append`)
        longest = Math.max(longest, performance.now() - start)
        written += 1
      }
      await pruned
      t.diagnostic(`${written} appends beside ${steps} steps of 500 rows, the longest took ${Math.round(longest)} ms`)
      assert.ok(written >= steps / 2 && steps >= 40)
    })
  })
}

for (const name of ENGINES) pruning(name)

describe('old affirmations on sqlite (on postgresql whole days go: see partitions.test.ts)', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  test('affirmations go by when they happened, of every event and environment, the instant itself stays', async (t) => {
    const { store, url } = await aStore(t, engine)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    const told = times(30, (i) => ({ at: at('00:59') + i, env: ['prod', 'staging'][i % 2] ?? '', value: 'old' }))
    await affirm(store, one, { at: at('01:00'), value: 'edge' }, ...told, { at: at('02:00'), value: 'new' })
    await affirm(store, two, ...told, { at: at('01:00') - 1, value: 'last old' }, { at: at('01:00'), value: 'edge' })
    const steps = await stepsOf(store, url, { affirmations: at('01:00'), verdicts: 0 }, 10)
    assert.ok(Math.max(...steps) <= 10, `${steps}`)
    assert.equal(sum(steps), 61)
    assert.deepEqual(await valuesOf(store, one), ['edge', 'new'])
    assert.deepEqual(await valuesOf(store, two), ['edge'])
  })

  test('one that arrives late and is too old already goes too, whatever was pruned before', async (t) => {
    const { store, url } = await aStore(t, engine)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    const before = { affirmations: at('01:00'), verdicts: 0 }
    for (let round = 0; round < 3; round += 1) {
      await affirm(store, two, { at: at('00:30'), id: 'again' }, { at: at('00:10') })
      await affirm(store, one, { at: at('00:30') }, { at: at('01:30') })
      assert.equal(sum(await stepsOf(store, url, before, 10)), 3, `round ${round}`)
    }
    assert.equal(await rowsIn(url, 'affirmations'), 3)
  })

  test('the events are all looked at, however many there are', async (t) => {
    const { store, url } = await aStore(t, engine)
    const events = []
    for (let i = 0; i < 1_100; i += 1) events.push(await anEvent(store, `job ${i}`))
    for (const i of [0, 499, 500, 1_099])
      await affirm(store, events[i] ?? assert.fail(), { at: at('00:30') }, { at: at('01:30') })
    for (let round = 0; round < 2; round += 1) {
      await stepsOf(store, url, { affirmations: at('01:00'), verdicts: 0 }, 10)
      assert.equal(await rowsIn(url, 'affirmations'), 4)
      await affirm(store, events[0] ?? assert.fail(), { at: at('00:30') })
    }
    await stepsOf(store, url, { affirmations: at('01:00'), verdicts: 0 }, 10)
    assert.equal(await rowsIn(url, 'affirmations'), 4)
  })
})

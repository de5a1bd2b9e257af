import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Count, Expectation } from '../../../src/domain/expectation.ts'
import { MINUTE, SECOND } from '../../../src/domain/time.ts'
import type { Where } from '../../../src/domain/where.ts'
import type { Store } from '../../../src/store/store.ts'

import {
  affirm,
  anEvent,
  anExpectation,
  at,
  FIRST,
  judgeUpTo,
  type Open,
  outcomes,
  START,
  said,
  times,
  verdictsOf,
} from './steps.ts'

export function counting(open: Open): void {
  const hourly = { schedule: '0 * * * *', lookback: '30m' }
  /** What the verdict of 01:00 has counted. */
  const observedBy = async (store: Store, { id }: Expectation): Promise<number | undefined> => {
    await judgeUpTo(store, at('01:30'))
    return (await store.lastVerdicts([id], 1)).get(id)?.[0]?.observed
  }

  test('a window is half-open: its start counts, its end does not', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await affirm(store, event, { at: at('00:30') - 1 }, { at: at('00:30') }, { at: at('01:00') - 1 }, { at: at('01:00') })
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('so is a window with grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, grace: '10m', atLeast: 9 })
    await affirm(store, event, { at: at('00:30') - 1 }, { at: at('00:30') }, { at: at('01:10') - 1 }, { at: at('01:10') })
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('without a lookback every affirmation is in exactly one window', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '2m', atLeast: 3 })
    const instants = times(90, (i) => START + i * 20 * SECOND)
    await affirm(store, event, ...instants.filter((_, i) => i % 7 < 4).map((at) => ({ at })))
    await judgeUpTo(store, at('00:32'))
    const verdicts = await verdictsOf(store, expectation)
    verdicts.slice(1).forEach(({ window }, i) => {
      assert.equal(window.from, verdicts[i]?.window.to)
    })
    const last = verdicts.at(-1)?.window.to ?? 0
    const kept = await store.affirmations(event, { to: last }, FIRST)
    assert.equal(
      verdicts.reduce((sum, { observed }) => sum + observed, 0),
      kept.items.length,
    )
  })

  test('only what is ok, of that event and of that environment', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 9 })
    const when = at('00:45')
    await affirm(store, event, ...(['ok', 'fail', 'start', 'log'] as const).map((status) => ({ at: when, status })))
    await affirm(store, event, { at: when, env: 'staging' }, { at: when, env: 'Prod' })
    await affirm(store, other, { at: when })
    assert.equal(await observedBy(store, expectation), 1)
  })

  test('sources: each counts once, by its exact text', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, count: 'sources', atLeast: 9 })
    const sources = ['a', 'a', 'A', 'b', 'é', 'e\u0301', 'a ', '']
    await affirm(store, event, ...sources.map((source) => ({ at: at('00:45'), source })))
    await affirm(store, event, { at: at('00:45'), source: 'failed', status: 'fail' }, { at: at('01:00'), source: 'too late' })
    assert.equal(await observedBy(store, expectation), 7)
  })

  test('sources with grace: of the whole span, not the sum of two', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, count: 'sources', grace: '10m', atLeast: 9 })
    await affirm(
      store,
      event,
      { at: at('00:45'), source: 'a' },
      { at: at('01:05'), source: 'a' },
      { at: at('01:06'), source: 'b' },
    )
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('where: what the value and the source say', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const where = { source: 'web-*', path: '$.rows', atLeast: 10 }
    const affirmations = await anExpectation(store, event, { ...hourly, where, atLeast: 9 })
    const sources = await anExpectation(store, event, { ...hourly, where, count: 'sources', atLeast: 9 })
    const told = ['10', '9', '"10"', '1e3', 'null', '10.5'].map((rows, i) => ({
      at: at('00:40') + i,
      source: 'web-1',
      value: `{"rows":${rows}}`,
    }))
    await affirm(
      store,
      event,
      ...told,
      { at: at('00:45'), source: 'db-1', value: '{"rows":99}' },
      { at: at('00:45'), source: 'web-1' },
    )
    await affirm(store, event, { at: at('01:00'), source: 'web-2', value: '{"rows":99}' })
    assert.equal(await observedBy(store, affirmations), 3)
    assert.equal(await observedBy(store, sources), 1)
  })

  test('where with grace: counted up to the due first, then up to the end of the grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, where: { source: 'a' }, grace: '10m', atLeast: 2 })
    await affirm(
      store,
      event,
      { at: at('00:45'), source: 'a' },
      { at: at('00:46'), source: 'b' },
      { at: at('01:05'), source: 'a' },
    )
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
    assert.deepEqual(said(await judgeUpTo(store, at('01:10'))), ['01:00 met 2'])
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['met'])
  })

  test('where counts windows of many thousands, many of them at one instant', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const where = { path: '$', equals: 1 }
    const affirmations = await anExpectation(store, event, { ...hourly, where })
    const sources = await anExpectation(store, event, { ...hourly, where, count: 'sources' })
    const told = times(12_000, (i) => ({ at: at('00:31') + Math.floor(i / 4_000), source: `s${i % 100}`, value: `${i % 3}` }))
    await affirm(store, event, ...told)
    assert.equal(await observedBy(store, affirmations), 4_000)
    assert.equal(await observedBy(store, sources), 100)
  })

  test('tallied in pieces of any size: the same sums, by time, by source and one by one', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const told = times(600, (i) => ({
      at: START + Math.floor(i / 40) * 61_000,
      source: `s${i % 3}`,
      value: `${i % 2}`,
      status: i % 50 === 7 ? ('fail' as const) : ('ok' as const),
    }))
    await affirm(store, event, ...told, { at: START + 1, env: 'staging' })
    const tallied = async (rows: number, count: Count, where: Where | null) => {
      const sums = new Map<string, number>()
      const failures: number[] = []
      for (let from: number | null = START; from !== null; ) {
        const asked = { from, to: at('02:00'), grain: MINUTE, count, where }
        const piece = await store.tally(event.id, 'prod', asked, rows)
        for (const { at, source, n } of piece.tallies) {
          const key = `${at - (at % MINUTE)} ${source}`
          sums.set(key, (sums.get(key) ?? 0) + n)
        }
        failures.push(...piece.failures)
        from = piece.next
      }
      return { sums: [...sums].toSorted(), failures }
    }
    for (const [count, where, counted] of [
      ['affirmations', null, 588],
      ['sources', null, 588],
      ['affirmations', { source: 's1' }, 196],
      ['affirmations', { path: '$', equals: 1 }, 288],
    ] as const) {
      const whole = await tallied(10_000, count, where)
      assert.equal(
        whole.sums.reduce((sum, [, n]) => sum + n, 0),
        counted,
      )
      assert.equal(whole.failures.length, where?.source === undefined ? 12 : 4)
      for (const rows of [1, 39, 40, 41, 500]) assert.deepEqual(await tallied(rows, count, where), whole)
    }
  })
}

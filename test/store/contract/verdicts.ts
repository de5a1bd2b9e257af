import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/store/store.ts'

import { affirm, anEvent, anExpectation, at, judgeUpTo, type Open, readAll, said, settle } from './steps.ts'

export function listsOfVerdicts(open: Open): void {
  /** Three expectations with the same dues, one of them with reported failures at those very instants. */
  async function some(store: Store) {
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const good = await anExpectation(store, other, { schedule: '*/5 * * * *', atLeast: 0 })
    const bad = await anExpectation(store, event, { schedule: '*/5 * * * *' })
    const staging = await anExpectation(store, event, { schedule: '*/5 * * * *', env: 'staging' })
    const times = ['00:05', '00:10', '00:12', '00:15']
    await affirm(store, event, ...times.map((time) => ({ at: at(time), status: 'fail' as const, isNews: true })))
    await settle(store, at('00:15'))
    await judgeUpTo(store, at('00:15'))
    return { good, bad, staging }
  }

  test('newest due first, none twice and none lost from page to page', async (t) => {
    const store = await open(t)
    const { good, bad, staging } = await some(store)
    const expected = [
      `00:15 missed 0 of ${staging.id}`,
      `00:15! missed 0 of ${bad.id}`,
      `00:15 missed 0 of ${bad.id}`,
      `00:15 met 0 of ${good.id}`,
      `00:12! missed 0 of ${bad.id}`,
      ...['00:10', '00:05'].flatMap((time) => [
        `${time} missed 0 of ${staging.id}`,
        `${time}! missed 0 of ${bad.id}`,
        `${time} missed 0 of ${bad.id}`,
        `${time} met 0 of ${good.id}`,
      ]),
    ]
    for (const limit of [1, 2, 3, 4, 5, 12, 13, 14]) {
      const all = await readAll((page) => store.verdicts({}, page), limit)
      assert.deepEqual(
        all.map((one, i) => `${said(all)[i]} of ${one.expectation}`),
        expected,
      )
    }
  })

  test('are counted by the bucket of their dues, of one expectation in a half-open span', async (t) => {
    const store = await open(t)
    const { good, bad } = await some(store)
    const [day, ten] = [{ from: at('00:00'), to: at('00:20') }, 600_000]
    assert.deepEqual(await store.verdictTallies(bad.id, day, ten), [
      { from: at('00:00'), met: 0, missed: 2, unknown: 0 },
      { from: at('00:10'), met: 0, missed: 5, unknown: 0 },
    ])
    assert.deepEqual(await store.verdictTallies(good.id, { from: at('00:10'), to: at('00:15') }, ten), [
      { from: at('00:10'), met: 1, missed: 0, unknown: 0 },
    ])
    assert.deepEqual(await store.verdictTallies(999, day, ten), [])
  })

  test('are filtered by expectation, environment, outcome and a half-open span of dues', async (t) => {
    const store = await open(t)
    const { good, bad } = await some(store)
    const list = async (filter: Parameters<Store['verdicts']>[0]) =>
      (await readAll((page) => store.verdicts(filter, page), 2)).length
    assert.equal(await list({}), 13)
    assert.equal(await list({ expectation: bad.id }), 7)
    assert.equal(await list({ expectation: 999 }), 0)
    assert.equal(await list({ env: 'staging' }), 3)
    assert.equal(await list({ env: 'nowhere' }), 0)
    assert.equal(await list({ verdict: 'met' }), 3)
    assert.equal(await list({ verdict: 'unknown' }), 0)
    assert.equal(await list({ from: at('00:12') }), 5)
    assert.equal(await list({ to: at('00:12') }), 8)
    assert.equal(await list({ from: at('00:10'), to: at('00:15'), env: 'prod', verdict: 'missed', expectation: bad.id }), 3)
    assert.equal(await list({ expectation: good.id, verdict: 'missed' }), 0)
  })

  test('the last of each come oldest first, and those that have none have an empty list', async (t) => {
    const store = await open(t)
    const { good, bad } = await some(store)
    const fresh = await anExpectation(store, await anEvent(store, 'fresh'))
    const last = await store.lastVerdicts([good.id, bad.id, fresh.id], 3)
    assert.deepEqual(said(last.get(good.id) ?? []), ['00:05 met 0', '00:10 met 0', '00:15 met 0'])
    assert.deepEqual(said(last.get(bad.id) ?? []), ['00:12! missed 0', '00:15 missed 0', '00:15! missed 0'])
    assert.deepEqual(last.get(fresh.id), [])
    assert.deepEqual(said((await store.lastVerdicts([bad.id], 1)).get(bad.id) ?? []), ['00:15! missed 0'])
    assert.deepEqual(await store.lastVerdicts([], 3), new Map())
  })
}

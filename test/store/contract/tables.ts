import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventFilter, EventOrder, Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, names, type Open, readAll, START, times } from './steps.ts'

const ALL = { limit: 100, offset: 0 }

export function tablesForPeople(open: Open): void {
  const inOrder = async (store: Store, by: EventOrder, { isDown = false, ...filter }: EventFilter & { isDown?: boolean } = {}) =>
    names((await store.eventTable(filter, { by, isDown }, ALL)).items).join(' ')

  /** `b` is missed, `a` has not been judged, `C` is paused, `d` has nothing expected of it. */
  const filled = async (store: Store) => {
    const b = await anEvent(store, 'b')
    await anExpectation(store, b, { schedule: '*/30 * * * *', lookback: '5m' })
    await anExpectation(store, b, { schedule: '0 9 * * *' })
    await anExpectation(store, await anEvent(store, 'a', { tags: ['t'] }), { schedule: '0 2 * * *' })
    await anExpectation(store, await anEvent(store, 'C'), { paused: true })
    await anEvent(store, 'd')
    await judgeUpTo(store, at('00:30'))
  }

  test('events come in every order; what an event does not have comes last either way', async (t) => {
    const store = await open(t)
    await filled(store)
    assert.equal(await inOrder(store, 'event'), 'C a b d')
    assert.equal(await inOrder(store, 'event', { isDown: true }), 'd b a C')
    assert.equal(await inOrder(store, 'registered'), 'b a C d')
    assert.equal(await inOrder(store, 'expectations', { isDown: true }), 'b C a d')
    assert.equal(await inOrder(store, 'state'), 'b a C d')
    assert.equal(await inOrder(store, 'state', { isDown: true }), 'C a b d')
    assert.equal(await inOrder(store, 'due'), 'b a C d')
    assert.equal(await inOrder(store, 'due', { isDown: true }), 'a b C d')
  })

  test('the table is filtered, and says how many there are however few are shown', async (t) => {
    const store = await open(t)
    await filled(store)
    assert.equal(await inOrder(store, 'event', { state: 'missed' }), 'b')
    assert.equal(await inOrder(store, 'event', { state: 'paused' }), 'C')
    assert.equal(await inOrder(store, 'event', { tag: 't' }), 'a')
    assert.equal(await inOrder(store, 'event', { isUnexpected: true }), 'd')
    const part = await store.eventTable({}, { by: 'event', isDown: false }, { limit: 2, offset: 1 })
    assert.deepEqual([names(part.items), part.total], [['a', 'b'], 4])
    assert.deepEqual((await store.expectedNames()).toSorted(), ['C', 'a', 'b'])
  })

  test('environments tell how much is in them', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    await anExpectation(store, one)
    await anExpectation(store, two, { env: 'staging' })
    await anExpectation(store, two)
    await affirm(store, one, { at: at('00:10') }, { at: at('00:20') })
    await affirm(store, two, { at: at('00:15') })
    assert.deepEqual(await store.environmentsInUse(), [
      { name: 'prod', expectations: 2, events: 2, last: at('00:20') },
      { name: 'staging', expectations: 1, events: 0, last: null },
    ])
  })

  test('the audit log is read in both directions, by who and when', async (t) => {
    const store = await open(t)
    for (const i of times(5, (i) => i))
      await store.createEvent(
        { name: `e${i}`, key: `k${i}`, description: '', tags: [], createdAt: START + i },
        { ...BY, who: i % 2 === 0 ? 'user:ann' : 'key:ann' },
      )
    const said = (items: readonly { subject: string }[]) => items.map(({ subject }) => subject).join(' ')
    assert.equal(said(await readAll((page) => store.changes({}, page), 2)), 'e4 e3 e2 e1 e0')
    assert.equal(said(await readAll((page) => store.changesUpwards({}, page), 2)), 'e0 e1 e2 e3 e4')
    assert.equal(said(await readAll((page) => store.changesUpwards({ who: 'user:ann' }, page), 2)), 'e0 e2 e4')
    assert.equal(said(await readAll((page) => store.changes({ who: 'ann', from: START + 1, to: START + 3 }, page))), 'e2 e1')
  })

  test('lines of the audit log go when verdicts of their time do, in steps', async (t) => {
    const store = await open(t)
    for (const i of times(5, (i) => i))
      await store.createEvent({ name: `e${i}`, key: `k${i}`, description: '', tags: [], createdAt: START + i }, BY)
    let steps = 0
    while (await store.prune({ affirmations: 0, verdicts: START + 3 }, 2)) steps += 1
    assert.equal(steps, 2)
    assert.deepEqual(
      (await readAll((page) => store.changes({}, page))).map(({ subject }) => subject),
      ['e4', 'e3'],
    )
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BY } from '../../support/author.ts'
import { someTerms } from '../../support/world.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, type Open } from './steps.ts'
import { withdraw } from './withdrawals.ts'

const HOURLY = { schedule: '0 * * * *', lookback: '30m' }

export function awaitedWindows(open: Open): void {
  test('by the tag of the event or of the expectation, whole; neither paused nor wanting nothing', async (t) => {
    const store = await open(t)
    const [tagged, plain] = [await anEvent(store, 'tagged', { tags: ['a', 'person'] }), await anEvent(store, 'plain')]
    const byEvent = await anExpectation(store, tagged, HOURLY)
    const byItself = await anExpectation(store, plain, { ...HOURLY, tags: ['person'] })
    await anExpectation(store, plain, { ...HOURLY, tags: ['persons', 'Person', 'a person'] })
    await anExpectation(store, tagged, { ...HOURLY, paused: true })
    await anExpectation(store, tagged, { ...HOURLY, atLeast: 0, atMost: 0 })
    const awaited = await store.awaited('person')
    assert.deepEqual(
      awaited.map(({ expectation }) => expectation),
      [byEvent.id, byItself.id],
    )
    const of = { expectation: byEvent.id, eventId: tagged.id, envId: await store.environment('prod') }
    assert.deepEqual(awaited[0], { ...of, window: { from: at('00:30'), to: at('01:00') }, atLeast: 1, seen: 0 })
    assert.deepEqual(await store.awaited('nobody'), [])
  })

  test('what counts in the window so far: its start is in it, other environments and what was withdrawn are not', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['person'] })
    await anExpectation(store, event, HOURLY)
    await anExpectation(store, event, { ...HOURLY, count: 'sources', atLeast: 2 })
    await anExpectation(store, event, { ...HOURLY, where: { source: 'ben' } })
    const times = ['00:29:59.999', '00:30', '00:31', '00:32']
    await affirm(store, event, ...times.map((time) => ({ at: at(time), source: 'ann' })))
    await affirm(store, event, { at: at('00:33'), source: 'ben' }, { at: at('00:34'), env: 'staging' })
    await affirm(store, event, { at: at('00:35'), status: 'fail' })
    await withdraw(store, event, '00:32', '00:36')
    assert.deepEqual(
      (await store.awaited('person')).map(({ seen }) => seen),
      [3, 2, 1],
    )
  })

  test('without a lookback it starts where the last one ended; once it is late it ends with the grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['person'] })
    await anExpectation(store, event, { schedule: '0 * * * *', grace: '10m' })
    await judgeUpTo(store, at('01:10'))
    const windows = async () => (await store.awaited('person')).map(({ window }) => window)
    assert.deepEqual(await windows(), [{ from: at('01:10'), to: at('02:00') }])
    await judgeUpTo(store, at('02:00'))
    assert.deepEqual(await windows(), [{ from: at('01:10'), to: at('02:10') }])
    await affirm(store, event, { at: at('02:05') })
    assert.equal((await store.awaited('person'))[0]?.seen, 1)
  })

  test('what is owed by the old terms is awaited by them', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['person'] })
    const { id } = await anExpectation(store, event, { ...HOURLY, grace: '10m' })
    await judgeUpTo(store, at('01:00'))
    const terms = someTerms({ ...HOURLY, lookback: '5m', atLeast: 3 })
    await store.editExpectation(id, { terms, env: 'prod', tags: [], nextDue: at('02:00'), at: at('01:01') }, BY)
    const [late] = await store.awaited('person')
    assert.deepEqual([late?.window, late?.atLeast], [{ from: at('00:30'), to: at('01:10') }, 1])
    await judgeUpTo(store, at('01:10'))
    const [next] = await store.awaited('person')
    assert.deepEqual([next?.window, next?.atLeast], [{ from: at('01:55'), to: at('02:00') }, 3])
  })
}

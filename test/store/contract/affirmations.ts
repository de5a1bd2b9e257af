import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status } from '../../../src/domain/affirmation.ts'
import type { Event } from '../../../src/domain/event.ts'
import { HOUR, type Millis } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { affirm, anEvent, anExpectation, at, FIRST, type Open, readAll, times } from './steps.ts'

export function affirmations(open: Open): void {
  /** 30 rows on 4 instants in 3 environments. */
  async function aCrowd(store: Store): Promise<Event> {
    const event = await anEvent(store, 'crowd')
    await affirm(store, await anEvent(store, 'other'), ...times(5, (i) => ({ at: at('01:00') + (i % 4) })))
    const envs = ['prod', 'staging', 'test']
    const statuses: Status[] = ['log', 'ok', 'fail']
    const told = times(30, (i) => ({
      at: at('01:00') + ((i * 7) % 4),
      env: envs[i % 3] ?? '',
      status: statuses[i % 5] ?? 'start',
    }))
    await affirm(store, event, ...told)
    return event
  }
  const inOrder = (items: readonly { at: Millis; id: number }[]) => items.toSorted((a, b) => a.at - b.at || a.id - b.id)

  test('are read in both directions, equal instants and all, none twice and none lost', async (t) => {
    const store = await open(t)
    const event = await aCrowd(store)
    for (const limit of [1, 2, 3, 7, 29, 30, 31]) {
      const up = await readAll((page) => store.affirmationsUpwards(event, {}, page), limit)
      assert.equal(new Set(up.map(({ id }) => id)).size, 30)
      assert.deepEqual(up, inOrder(up))
      assert.deepEqual(await readAll((page) => store.affirmations(event, {}, page), limit), up.toReversed())
    }
  })

  test('lose nothing when newer ones arrive while they are read', async (t) => {
    const store = await open(t)
    const event = await aCrowd(store)
    const all = await readAll((page) => store.affirmations(event, {}, page))
    const first = await store.affirmations(event, {}, { limit: 10, cursor: null })
    await affirm(store, event, { at: at('02:00') }, { at: at('02:00'), env: 'new' })
    const rest = await store.affirmations(event, {}, { limit: 100, cursor: first.next })
    assert.deepEqual([...first.items, ...rest.items], all)
    assert.equal(rest.next, null)
  })

  test('as a stream: what comes later is after the cursor', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'stream')
    await affirm(store, event, ...times(3, () => ({ at: at('01:00') })))
    const first = await store.affirmationsUpwards(event, { from: at('01:00') }, { limit: 2, cursor: null })
    await affirm(store, event, { at: at('01:00'), value: '"same instant"' }, { at: at('01:01'), value: '"later"' })
    const rest = await store.affirmationsUpwards(event, { from: at('01:00') }, { limit: 9, cursor: first.next })
    assert.deepEqual(
      rest.items.map(({ value }) => value),
      [null, '"same instant"', '"later"'],
    )
  })

  test('are filtered by environment, status, source and a half-open span, alone and together', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(
      store,
      event,
      { at: at('01:00'), value: 'a' },
      { at: at('02:00'), value: 'b', status: 'fail', source: 'web_1' },
      { at: at('03:00'), value: 'c', status: 'start', source: 'web%1', env: 'staging' },
      { at: at('04:00'), value: 'd', status: 'log', source: 'web_1', env: 'staging' },
    )
    const list = async (filter: Parameters<Store['affirmations']>[1]) => {
      const down = await readAll((page) => store.affirmations(event, filter, page), 1)
      assert.deepEqual(await readAll((page) => store.affirmationsUpwards(event, filter, page), 2), down.toReversed())
      return down.map(({ value }) => value).join('')
    }
    assert.equal(await list({}), 'dcba')
    assert.equal(await list({ env: 'staging' }), 'dc')
    assert.equal(await list({ env: 'nowhere' }), '')
    assert.equal(await list({ status: 'fail' }), 'b')
    assert.equal(await list({ source: 'web_1' }), 'db')
    assert.equal(await list({ source: 'web%' }), '')
    assert.equal(await list({ from: at('02:00') }), 'dcb')
    assert.equal(await list({ to: at('02:00') }), 'a')
    assert.equal(await list({ from: at('02:00'), to: at('04:00'), env: 'prod', status: 'fail', source: 'web_1' }), 'b')
    assert.equal(await list({ from: at('03:00'), env: 'prod' }), '')
  })

  test('are counted in buckets of epoch time, ok and fail apart, empty buckets left out', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    await affirm(store, other, { at: at('01:00') })
    await affirm(
      store,
      event,
      { at: at('01:00') - 1 },
      { at: at('01:00') },
      { at: at('01:59:59.999') },
      { at: at('01:30'), status: 'fail' },
      { at: at('01:30'), status: 'start' },
      { at: at('02:30'), status: 'log' },
      { at: at('03:00'), env: 'staging' },
      { at: at('04:00'), status: 'fail' },
      { at: at('05:00') },
    )
    const window = { from: at('01:00'), to: at('05:00') }
    assert.deepEqual(await store.counts(event, undefined, window, HOUR), [
      { from: at('01:00'), ok: 2, fail: 1 },
      { from: at('03:00'), ok: 1, fail: 0 },
      { from: at('04:00'), ok: 0, fail: 1 },
    ])
    assert.deepEqual(await store.counts(event, 'staging', window, HOUR), [{ from: at('03:00'), ok: 1, fail: 0 }])
    assert.deepEqual(await store.counts(event, 'nowhere', window, HOUR), [])
  })

  test('the last one of an expectation is of its event and environment', async (t) => {
    const store = await open(t)
    const [event, silent] = [await anEvent(store, 'one'), await anEvent(store, 'silent')]
    const prod = await anExpectation(store, event)
    const staging = await anExpectation(store, event, { env: 'staging' })
    const never = await anExpectation(store, silent)
    await affirm(store, event, { at: at('01:00'), source: 'a' }, { at: at('01:00'), source: 'b', status: 'log' })
    await affirm(store, event, { at: at('00:30'), source: 'early' }, { at: at('03:00'), source: 's', env: 'staging' })
    assert.deepEqual(
      await store.lastAffirmations([prod.id, staging.id, never.id]),
      new Map([
        [prod.id, { at: at('01:00'), source: 'b' }],
        [staging.id, { at: at('03:00'), source: 's' }],
      ]),
    )
    assert.deepEqual(await store.lastAffirmations([]), new Map())
  })

  test('clearing takes steps of the limit, and only what is of that event and before that instant', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    await affirm(store, other, { at: at('00:30') })
    await affirm(store, event, ...times(25, (i) => ({ at: at('00:30') + i, env: i % 2 === 0 ? 'prod' : 'staging' })), {
      at: at('01:00'),
    })
    const steps: number[] = []
    while (steps.at(-1) !== 0) steps.push(await store.clearAffirmations(event, at('01:00'), 10, BY))
    assert.deepEqual(steps, [10, 10, 5, 0])
    assert.deepEqual(
      (await store.affirmations(event, {}, FIRST)).items.map((one) => one.at),
      [at('01:00')],
    )
    assert.equal((await store.affirmations(other, {}, FIRST)).items.length, 1)
  })
}

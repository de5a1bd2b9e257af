import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Delivery } from '../../../src/domain/delivery.ts'
import { MINUTE, SECOND } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { aChannel } from '../../support/told.ts'
import { anEvent, anExpectation, at, judgeUpTo, type Open } from './steps.ts'

const LEASE = 3 * MINUTE
export const HOURLY = { schedule: '0 * * * *', lookback: '30m' }
export const NOW = at('01:00')
/** When what was missed at {@link NOW} has waited for others. */
export const READY = NOW + 3 * SECOND

/** Expectations of these names that are missed at {@link NOW}, and a channel that is owed it. */
export async function missed(store: Store, names: readonly string[], channel = 'ops') {
  const { id } = await aChannel(store, channel)
  const expectations: number[] = []
  for (const name of names) expectations.push((await anExpectation(store, await anEvent(store, name), HOURLY)).id)
  await judgeUpTo(store, NOW)
  return { channel: id, expectations }
}

const claim = (store: Store, now = READY, but: readonly number[] = []) => store.claimDeliveries(now, now + LEASE, 100, but)
export async function claimOne(store: Store, now = READY): Promise<Delivery> {
  const [one] = await claim(store, now)
  return one ?? assert.fail('nothing is to be told')
}

export function outbox(open: Open): void {
  test('a miss is owed with its verdict, once, and waits a moment for others', async (t) => {
    const store = await open(t)
    const { channel, expectations } = await missed(store, ['a'])
    assert.deepEqual(await claim(store, READY - 1), [])
    const [one, ...more] = await claim(store)
    assert.deepEqual(more, [])
    assert.deepEqual([one?.kind, one?.channel, one?.expectation, one?.due], ['missed', channel, expectations[0], NOW])
    assert.deepEqual(await store.outboxState(), { waiting: 1, oldest: NOW })
  })

  test('who claims has it until the lease is over; then it is somebody else’s, and what the first one says of it is refused', async (t) => {
    const store = await open(t)
    const { channel } = await missed(store, ['a'])
    const first = await claimOne(store)
    assert.deepEqual(await claim(store, READY + LEASE - 1), [])
    const second = await claimOne(store, READY + LEASE)
    assert.deepEqual([second.id, second.key, second.attempts], [first.id, first.key, 2])
    assert.equal(await store.noteSending(first), false)
    assert.equal(await store.settleDelivery(first, { state: 'sent', said: 'ok' }, READY), false)
    await store.noteParts(first, 3, READY)
    await store.releaseDeliveries([first], 0)
    assert.equal(await store.noteSending(second), true)
    assert.equal(await store.settleDelivery(second, { state: 'sent', said: 'ok' }, READY), true)
    assert.equal(await store.settleDelivery(second, { state: 'failed', said: '', reason: 'no' }, READY), false)
    const settled = await store.findDelivery(first.id)
    assert.deepEqual([settled?.state, settled?.parts, settled?.said, settled?.channel], ['sent', 0, 'ok', channel])
  })

  test('of one channel and expectation only the first that waits is claimed; others do not wait for it', async (t) => {
    const store = await open(t)
    const { channel, expectations } = await missed(store, ['a', 'b'])
    const [expectation = 0] = expectations
    await store.addDelivery({ channel, kind: 'reminder', about: {}, expectation }, NOW)
    const claimed = await claim(store)
    assert.deepEqual(
      claimed.map(({ kind, expectation }) => [kind, expectation]),
      expectations.map((id) => ['missed', id]),
    )
    assert.deepEqual(await claim(store), [])
    for (const one of claimed) await store.settleDelivery(one, { state: 'sent', said: 'ok' }, READY)
    assert.deepEqual(
      (await claim(store)).map(({ kind }) => kind),
      ['reminder'],
    )
  })

  test('channels that are left out keep theirs; one that rests gives nothing until then', async (t) => {
    const store = await open(t)
    const { channel } = await missed(store, ['a'])
    assert.deepEqual(await claim(store, READY, [channel]), [])
    await store.restChannel(channel, READY + 1_000)
    assert.deepEqual(await claim(store, READY + 999), [])
    assert.equal((await claim(store, READY + 1_000)).length, 1)
  })

  test('what was not tried after all goes back as if nobody had had it', async (t) => {
    const store = await open(t)
    await missed(store, ['a'])
    await store.releaseDeliveries([await claimOne(store)], READY + 5_000)
    assert.deepEqual(await claim(store, READY + 4_999), [])
    assert.equal((await claimOne(store, READY + 5_000)).attempts, 1)
  })

  test('what a channel knows is settled together with the delivery', async (t) => {
    const store = await open(t)
    const { channel, expectations } = await missed(store, ['a'])
    const [expectation = 0] = expectations
    const one = await claimOne(store)
    const telling = {
      channel,
      expectation,
      told: 'missed' as const,
      thread: 't',
      incident: one.incident ?? 0,
      flood: null,
      since: READY,
      remindAt: null,
      about: {},
    }
    await store.settleDelivery(one, { state: 'sent', said: 'ok', telling }, READY)
    assert.deepEqual(await store.tellingsOf([{ channel, expectation }]), [telling])
    assert.deepEqual(await store.tellingsOf([{ channel: channel + 1, expectation }]), [])
    assert.equal(await store.settleOrphans(READY, 10), 0, 'it is open')
    await store.deleteExpectation(expectation, READY, BY)
    assert.equal(await store.settleOrphans(READY, 10), 1)
    const end = await claimOne(store)
    assert.equal(end.kind, 'recovered')
    await store.settleDelivery(end, { state: 'withheld', reason: 'why not', telling: null }, READY)
    assert.deepEqual(await store.tellingsOf([{ channel, expectation }]), [])
  })

  test('a channel fails since the first try that failed, until one arrives', async (t) => {
    const store = await open(t)
    const { channel } = await missed(store, ['a'])
    const failures = async () => {
      const found = await store.findChannel(channel)
      return [found?.failingSince, found?.failures]
    }
    for (const later of [0, 10, 20]) {
      const nextAt = READY + later + 10
      await store.settleDelivery(await claimOne(store, READY + later), { state: 'waiting', nextAt, said: '500' }, READY + later)
    }
    assert.deepEqual(await failures(), [READY, 3])
    await store.settleDelivery(await claimOne(store, READY + 30), { state: 'sent', said: 'ok' }, READY + 30)
    assert.deepEqual(await failures(), [null, 0])
  })
}

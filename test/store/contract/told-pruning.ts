import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChannel } from '../../support/told.ts'
import type { Open } from './steps.ts'

/** What was told is forgotten in time; what is owed never is. */
export function toldPruning(open: Open): void {
  test('what ended long ago goes in small steps; what waits, or is withheld for a while, stays', async (t) => {
    const store = await open(t)
    const { id: channel } = await aChannel(store, 'ops')
    const states = ['sent', 'failed', 'withheld', 'held', 'waiting']
    for (const [at] of states.entries()) await store.addDelivery({ channel, kind: 'missed', about: {}, expectation: at + 1 }, at)
    for (const [i, one] of (await store.claimDeliveries(10, 20, 10, [])).entries()) {
      if (states[i] === 'sent') await store.settleDelivery(one, { state: 'sent', said: 'ok' }, 11)
      if (states[i] === 'failed') await store.settleDelivery(one, { state: 'failed', reason: 'gone', said: '410' }, 11)
      if (states[i] === 'withheld') await store.settleDelivery(one, { state: 'withheld', reason: 'over' }, 11)
      if (states[i] === 'held') await store.settleDelivery(one, { state: 'withheld', reason: 'm', heldBy: 'maintenance' }, 11)
    }
    const left = async () =>
      (await store.deliveries({}, { limit: 10, cursor: null })).items.map(({ id }) => states[id - 1]).reverse()
    assert.equal(await store.clearTold(1, 1), true)
    assert.equal(await store.clearTold(1, 1), false)
    assert.deepEqual(await left(), ['failed', 'withheld', 'held', 'waiting'])
    while (await store.clearTold(1_000, 1));
    assert.deepEqual(await left(), ['held', 'waiting'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { claimOne, HOURLY, missed, NOW, READY } from './outbox.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, type Open, settle } from './steps.ts'

const LATER = READY + 10 * MINUTE
const claimAll = (store: Store, now = READY) => store.claimDeliveries(now, now + MINUTE, 100, [])

async function switched(store: Store, id: number, isEnabled: boolean): Promise<void> {
  const found = await store.findChannel(id)
  assert.ok(found)
  const { id: _, createdAt: __, failingSince: ___, failures: ____, ...draft } = found
  await store.changeChannel(id, { ...draft, isEnabled }, { at: READY, by: BY }, () => ({}))
}

/** Three missed at once, told together; the flood that it is. */
async function flooded(store: Store) {
  const { channel, expectations } = await missed(store, ['a', 'b', 'c'])
  await store.joinFlood(channel, await claimAll(store), READY)
  const first = await claimOne(store, LATER)
  assert.equal(first.kind, 'flood')
  return { channel, expectations, first, flood: first.flood ?? 0 }
}

export function dampers(open: Open): void {
  test('a flood is one message; who joins it is withheld with the reason, and known to the channel', async (t) => {
    const store = await open(t)
    const { channel, expectations, flood } = await flooded(store)
    const { items } = await store.deliveries({ channel, kind: 'missed' }, { limit: 10, cursor: null })
    assert.deepEqual(
      items.map(({ state, reason, flood }) => [state, reason, flood]),
      expectations.map(() => ['withheld', 'told with others, in one message', flood]),
    )
    assert.deepEqual(
      (await store.tellingsOf(expectations.map((expectation) => ({ channel, expectation })))).map(({ told }) => told),
      ['flood', 'flood', 'flood'],
    )
    assert.deepEqual(await store.floodMembers(flood, 2), {
      items: expectations.slice(0, 2).map((expectation) => ({ expectation, isOpen: true })),
      count: 3,
      open: 3,
    })
  })

  test('a flood goes on while more come, is over when none did, and ends when all are met', async (t) => {
    const store = await open(t)
    const { expectations, first, flood } = await flooded(store)
    await store.settleDelivery(first, { state: 'sent', said: 'ok' }, LATER)
    await store.settleFloods(READY, LATER)
    assert.equal((await store.findFlood(flood))?.overAt, null, 'one came just then')
    await store.settleFloods(READY + 1, LATER)
    await store.settleFloods(READY + 1, LATER)
    assert.deepEqual(
      (await claimAll(store, LATER)).map(({ kind }) => kind),
      ['flood-over'],
    )
    for (const id of expectations) await store.deleteExpectation(id, LATER, BY)
    await store.settleOrphans(LATER, 10)
    await store.settleFloods(READY + 1, LATER + 1)
    assert.deepEqual(
      (await claimAll(store, LATER + 1)).map(({ kind }) => kind),
      ['flood-recovered'],
    )
    assert.equal((await store.findFlood(flood))?.endedAt, LATER + 1)
  })

  test('a flood whose message never arrives ends with it: the next miss is told by another', async (t) => {
    const store = await open(t)
    const { channel, expectations, first, flood } = await flooded(store)
    await store.settleDelivery(first, { state: 'failed', said: '410', reason: 'it was refused' }, LATER)
    assert.equal((await store.findFlood(flood))?.endedAt, LATER)
    assert.deepEqual(await store.tellingsOf(expectations.map((expectation) => ({ channel, expectation }))), [])
    await store.settleFloods(LATER, LATER)
    assert.deepEqual(await claimAll(store, LATER), [])
  })

  test('where the message that it is over never arrives, who joined after the first one is known to nobody', async (t) => {
    const store = await open(t)
    const { channel, expectations, first, flood } = await flooded(store)
    await store.settleDelivery(first, { state: 'sent', said: 'ok' }, LATER)
    const { id: d } = await anExpectation(store, await anEvent(store, 'd'), HOURLY)
    const about = { event: 'd', env: 'prod' }
    await store.addDelivery({ channel, kind: 'missed', about, expectation: d, incident: 1 }, LATER)
    await store.joinFlood(channel, await claimAll(store, LATER), LATER)
    await store.settleFloods(LATER + 1, LATER)
    const over = await claimOne(store, LATER)
    assert.deepEqual([over.kind, over.flood], ['flood-over', flood])
    await store.settleDelivery(over, { state: 'failed', said: '400', reason: 'it was refused' }, LATER)
    const known = await store.tellingsOf([...expectations, d].map((expectation) => ({ channel, expectation })))
    assert.deepEqual(known.map(({ expectation }) => expectation).sort(), expectations)
    assert.equal((await store.findFlood(flood))?.endedAt, null, 'what it told first has its end')
  })

  test('what a channel was told of many at once goes with it', async (t) => {
    const store = await open(t)
    const { channel, flood } = await flooded(store)
    await store.deleteChannel(channel, { at: LATER, by: BY }, () => ({}))
    assert.equal((await store.findFlood(flood))?.endedAt, LATER)
  })

  test('a channel that is switched off and on again is owed what is open and what it does not know', async (t) => {
    const store = await open(t)
    const { channel } = await missed(store, ['a'])
    await switched(store, channel, false)
    assert.deepEqual(await claimAll(store), [])
    await switched(store, channel, true)
    await switched(store, channel, true)
    const owed = await claimAll(store, LATER)
    assert.deepEqual(
      owed.map(({ kind, due, about }) => [kind, due, about.why]),
      [['missed', NOW, 'still open, and not told here before']],
    )
  })

  test('a flood that waits when its channel is switched off is told anew when it is on', async (t) => {
    const store = await open(t)
    const { channel, flood } = await flooded(store)
    await switched(store, channel, false)
    assert.notEqual((await store.findFlood(flood))?.endedAt, null)
    await switched(store, channel, true)
    assert.deepEqual(
      (await claimAll(store, LATER)).map(({ kind }) => kind),
      ['missed', 'missed', 'missed'],
    )
  })

  test('what a damper withholds is listed until it lifts, once', async (t) => {
    const store = await open(t)
    const { expectations } = await missed(store, ['a'])
    await store.settleDelivery(await claimOne(store), { state: 'withheld', reason: 'new disks', heldBy: 'maintenance' }, READY)
    const [held] = await store.heldDeliveries(0, 10)
    assert.ok(held)
    assert.deepEqual([held.expectation, held.heldBy], [expectations[0], 'maintenance'])
    assert.deepEqual(await store.heldDeliveries(held.id, 10), [])
    assert.equal(await store.liftDelivery(held, { why: 'over' }, LATER), true)
    assert.equal(await store.liftDelivery(held, { why: 'over' }, LATER), false)
    assert.deepEqual(await store.heldDeliveries(0, 10), [])
    const [again, ...more] = await claimAll(store, LATER + MINUTE)
    assert.deepEqual([again?.kind, again?.incident, again?.about.why, more], ['missed', held.incident, 'over', []])
  })

  test('a reminder is written once, by whoever moves it on', async (t) => {
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
      remindAt: LATER,
      about: {},
    }
    await store.settleDelivery(one, { state: 'sent', said: 'ok', telling }, READY)
    assert.deepEqual(await store.dueReminders(LATER - 1, 10), [])
    const [due] = await store.dueReminders(LATER, 10)
    assert.deepEqual(due, telling)
    assert.equal(await store.remind(telling, LATER + MINUTE, true, LATER), true)
    assert.equal(await store.remind(telling, LATER + MINUTE, true, LATER), false)
    assert.deepEqual(
      (await claimAll(store, LATER)).map(({ kind }) => kind),
      ['reminder'],
    )
  })

  test('what nobody could judge is told once, in one message with how often; what late news says of it, too', async (t) => {
    const store = await open(t)
    const { expectations } = await missed(store, ['a', 'b'])
    for (const one of await claimAll(store)) await store.settleDelivery(one, { state: 'sent', said: 'ok' }, READY)
    await judgeUpTo(store, at('03:00'), { spans: [] })
    const { untold } = await store.unjudged()
    assert.deepEqual(
      untold.map(({ expectation, times, firstDue, lastDue }) => [expectation, times, firstDue, lastDue]),
      expectations.map((id) => [id, 2, at('02:00'), at('03:00')]),
    )
    const blind = { from: at('01:10'), to: at('02:50') }
    assert.equal(await store.tellUnjudged({ untold, settled: [] }, blind, LATER), 1)
    assert.equal(await store.tellUnjudged({ untold, settled: [] }, blind, LATER), 0)
    assert.deepEqual(await store.unjudged(), { untold: [], settled: [], lastToldAt: LATER })
    const [told] = await claimAll(store, LATER)
    assert.deepEqual([told?.kind, told?.about.count, told?.about.blind], ['blind', 2, blind])
    assert.deepEqual(
      told?.about.items?.map(({ event, text }) => [event, text]),
      [
        ['a', 'could not be judged, 2 times'],
        ['b', 'could not be judged, 2 times'],
      ],
    )
  })

  test('what late news told before people were told is not told; of several due instants the rest is', async (t) => {
    const store = await open(t)
    const { expectations } = await missed(store, ['a', 'b'])
    const [a = 0] = expectations
    for (const one of await claimAll(store)) await store.settleDelivery(one, { state: 'sent', said: 'ok' }, READY)
    await judgeUpTo(store, at('03:00'), { spans: [] })
    const arrives = async (times: readonly string[]) => {
      const event = await store.findEvent('a')
      assert.ok(event)
      await affirm(store, event, ...times.map((time) => ({ at: at(time), isNews: true })))
      await settle(store, at('03:20'))
    }
    await arrives(['01:45'])
    const { untold } = await store.unjudged()
    assert.deepEqual(
      untold.map(({ expectation, times }) => [expectation, times]),
      expectations.map((id) => [id, id === a ? 1 : 2]),
    )
    await store.tellUnjudged({ untold, settled: [] }, null, LATER)
    await arrives(['02:45'])
    const { settled } = await store.unjudged()
    assert.deepEqual(
      settled.map(({ expectation, settledAs }) => [expectation, settledAs]),
      [[a, 'met']],
    )
    await store.tellUnjudged({ untold: [], settled }, null, LATER)
    assert.deepEqual((await store.unjudged()).settled, [])
    const told = (await claimAll(store, LATER)).find(({ kind }) => kind === 'blind-settled')
    assert.deepEqual(
      told?.about.items?.map(({ text }) => text),
      ['met'],
    )
  })

  test('news of one due instant does not say that all are known', async (t) => {
    const store = await open(t)
    await missed(store, ['a'])
    await judgeUpTo(store, at('03:00'), { spans: [] })
    const { untold } = await store.unjudged()
    await store.tellUnjudged({ untold, settled: [] }, null, LATER)
    const event = await store.findEvent('a')
    assert.ok(event)
    const textAfter = async (time: string, now: number) => {
      await affirm(store, event, { at: at(time), isNews: true })
      await settle(store, at('03:20'))
      const { settled } = await store.unjudged()
      await store.tellUnjudged({ untold: [], settled }, null, now)
      const { items } = await store.deliveries({ kind: 'blind-settled' }, { limit: 1, cursor: null })
      return items[0]?.about.items?.map(({ text }) => text)
    }
    assert.deepEqual(await textAfter('01:45', LATER), ['met once; 1 of 2 still not known'])
    assert.deepEqual(await textAfter('02:45', LATER + 1), ['met'])
  })
}

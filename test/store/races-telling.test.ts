import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Delivery } from '../../src/domain/delivery.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { missed, READY } from './contract/outbox.ts'

const NODES = 8
const ROUNDS = 6
const JOBS = 40
const names = Array.from({ length: JOBS }, (_, i) => `job_${i}`)
const fail = (error: Error): never => {
  throw error
}

const firstOf = (stores: readonly Store[]): Store => stores[0] ?? assert.fail('no store')

describe('eight nodes that tell people by one PostgreSQL', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('postgresql')
  })
  after(() => engine.stop())

  async function nodes(t: TestContext): Promise<Store[]> {
    const url = await engine.url()
    const first = await openStore(url, fail)
    const stores = [first, ...(await Promise.all(Array.from({ length: NODES - 1 }, () => openStore(url, fail))))]
    t.after(() => Promise.all(stores.map((store) => store.close())))
    return stores
  }
  const claimAtOnce = async (stores: readonly Store[], now: number): Promise<Delivery[]> =>
    (await Promise.all(stores.map((store) => store.claimDeliveries(now, now + MINUTE, 7, [])))).flat()

  test('each delivery is in one pair of hands, and of each expectation one only', async (t) => {
    const stores = await nodes(t)
    const one = firstOf(stores)
    const { channel, expectations } = await missed(one, names)
    for (const expectation of expectations) await one.addDelivery({ channel, kind: 'reminder', about: {}, expectation }, READY)
    const kinds: string[] = []
    const done = new Set<number>()
    while (done.size < 2 * JOBS) {
      const claimed = await claimAtOnce(stores, READY)
      assert.equal(new Set(claimed.map(({ expectation }) => expectation)).size, claimed.length)
      for (const { id } of claimed) assert.ok(!done.has(id), 'nobody has it twice')
      for (const { id } of claimed) done.add(id)
      kinds.push(...claimed.map(({ kind, expectation }) => `${expectation} ${kind}`))
      await Promise.all(claimed.map((delivery) => one.settleDelivery(delivery, { state: 'sent', said: 'ok' }, READY)))
    }
    for (const expectation of expectations)
      assert.ok(kinds.indexOf(`${expectation} missed`) < kinds.indexOf(`${expectation} reminder`), 'in order')
  })

  test('of eight that settle one try one is heard', async (t) => {
    const stores = await nodes(t)
    const one = firstOf(stores)
    await missed(one, names)
    for (let round = 0; round < ROUNDS; round++) {
      const claimed = await one.claimDeliveries(READY, READY + MINUTE, 1, [])
      const settle = (store: Store) => claimed.map((one) => store.settleDelivery(one, { state: 'sent', said: 'ok' }, READY))
      const heard = await Promise.all(stores.flatMap(settle))
      assert.equal(heard.filter((isHeard) => isHeard).length, 1)
    }
  })

  test('a flood that several begin at once is one, with every miss in it once', async (t) => {
    const stores = await nodes(t)
    const one = firstOf(stores)
    const { channel } = await missed(one, names)
    await Promise.all(
      stores.map(async (store) => {
        const claimed = await store.claimDeliveries(READY, READY + MINUTE, JOBS / NODES, [])
        if (claimed.length > 0) await store.joinFlood(channel, claimed, READY)
      }),
    )
    const left = await one.claimDeliveries(READY, READY + MINUTE, JOBS, [])
    if (left.length > 0) await one.joinFlood(channel, left, READY)
    const { items } = await one.deliveries({ kind: 'flood' }, { limit: 10, cursor: null })
    assert.equal(items.length, 1)
    const members = await one.floodMembers(items[0]?.flood ?? 0, 100)
    assert.deepEqual([members.count, members.open, members.items.length], [JOBS, JOBS, JOBS])
  })

  test('of eight that remind, lift, or end a flood at once one does', async (t) => {
    const stores = await nodes(t)
    const one = firstOf(stores)
    const { channel, expectations } = await missed(one, names.slice(0, 3))
    const [first, second, third] = await one.claimDeliveries(READY, READY + MINUTE, 3, [])
    assert.ok(first && second && third)
    const [expectation = 0] = expectations
    const known = { channel, expectation, told: 'missed' as const, thread: 't', incident: first.incident ?? 0, flood: null }
    const telling = { ...known, since: READY, remindAt: READY, about: {} }
    await one.settleDelivery(first, { state: 'sent', said: 'ok', telling }, READY)
    await one.settleDelivery(second, { state: 'withheld', reason: 'disks', heldBy: 'maintenance' }, READY)
    await one.joinFlood(channel, [third], READY)
    const [held] = await one.heldDeliveries(0, 10)
    assert.ok(held)
    await Promise.all(
      stores.flatMap((store) => [
        store.remind(telling, READY + MINUTE, true, READY),
        store.liftDelivery(held, { why: 'over' }, READY),
        store.settleFloods(READY + 1, READY),
      ]),
    )
    const { items } = await one.deliveries({}, { limit: 100, cursor: null })
    const waiting = items.filter(({ state }) => state === 'waiting').map(({ kind }) => kind)
    assert.deepEqual(waiting.sort(), ['flood', 'flood-over', 'missed', 'reminder'])
  })
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { BY_SELF, DELIVERIES_FAILING, DISK_FILLING, failingEventOf, NEVER, TICK_LATE } from '../../src/domain/self.ts'
import { HOUR, iso, MINUTE, type Millis, minuteOf, SECOND } from '../../src/domain/time.ts'
import { aWatching } from '../../src/services/watch.ts'
import { BY } from '../support/author.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, switchOff, tryOnce, watchUntil } from '../support/watched.ts'
import { aWorld, type World } from '../support/world.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const REFUSED = { state: 'failed', reason: 'the service refuses it', said: '400' } as const
const THERE = { state: 'sent', said: '200' } as const
const GIB = 1024 ** 3
/** Where the data would lie: a folder that is there. */
const said = { DATABASE_URL: 'file:./watched.db' }

const affirmed = async ({ store }: Pick<World, 'store'>, name: string) => {
  const event = await store.findEvent(name)
  return event === null ? [] : (await store.affirmations(event, {}, { limit: 1_000, cursor: null })).items
}
const names = async ({ store }: World): Promise<string[]> => (await store.eventNames()).sort()
const incidents = async ({ store }: World) =>
  (await store.incidents({}, { limit: 100, cursor: null })).items.map(({ event, closedAt }) => ({
    event,
    isOpen: closedAt === null,
  }))

for (const name of ENGINES)
  describe(`a server that looks after itself, on ${name}`, () => {
    let engine: TestEngine
    let world: World
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    beforeEach(async () => {
      world = aWorld(await engine.open(), NOON, { said, isStrict: true })
    })
    const pass = (duration: number) => watchUntil(world, world.clock.now() + duration)

    test('says nothing while all is well', async () => {
      const ops = await aChannel(world.store, 'ops', NOON)
      await tryOnce(world.store, ops.id, THERE, NOON)
      await pass(10 * MINUTE)
      assert.deepEqual(await names(world), [])
      assert.deepEqual(world.errors, [])
    })

    test('affirms that the tick is late, once in each minute that it is, also in strict mode', async () => {
      await pass(2 * MINUTE)
      const end = world.clock.now() + 5 * MINUTE
      while (world.clock.now() < end) {
        world.clock.pass(15 * SECOND)
        await world.watching.tick(world.clock.now())
      }
      const late = await affirmed(world, TICK_LATE)
      assert.deepEqual(
        late.map(({ at, value }) => `${iso(at).slice(11, 19)} ${value}`),
        [
          '12:07:00 {"behind":298}',
          '12:06:00 {"behind":238}',
          '12:05:00 {"behind":178}',
          '12:04:00 {"behind":118}',
          '12:03:15 {"behind":73}',
        ],
      )
      assert.match(late[0]?.source ?? '', /^self:./)
      assert.deepEqual((await world.store.findEvent(TICK_LATE))?.tags, ['self'])
      await pass(10 * MINUTE)
      assert.equal((await affirmed(world, TICK_LATE)).length, 5)
    })

    test('an expectation on it is missed when it was late, and met again', async () => {
      await world.expects(TICK_LATE, { schedule: '*/5 * * * *', lookback: '5m', atLeast: 0, atMost: 0 })
      await pass(6 * MINUTE)
      world.sleepUntil(world.clock.now() + 3 * MINUTE)
      await world.watching.tick(world.clock.now())
      await pass(8 * MINUTE)
      assert.deepEqual(await incidents(world), [{ event: TICK_LATE, isOpen: false }])
    })

    test('affirms that deliveries fail when the oldest waits for more than five minutes', async () => {
      const ops = await aChannel(world.store, 'ops', NOON)
      const { id, attempts } = await world.store.addDelivery({ channel: ops.id, kind: 'reminder', about: {} }, NOON)
      await world.store.addDelivery({ channel: ops.id, kind: 'reminder', about: {} }, NOON + MINUTE)
      await pass(5 * MINUTE)
      assert.deepEqual(await affirmed(world, DELIVERIES_FAILING), [])
      await pass(15 * SECOND)
      const [first, ...more] = await affirmed(world, DELIVERIES_FAILING)
      assert.deepEqual([first?.value, more], ['{"waiting":2,"oldest":315}', []])
      await world.store.claimDeliveries(world.clock.now(), world.clock.now() + HOUR, 2, [])
      for (const delivery of [id, id + 1])
        await world.store.settleDelivery(
          { id: delivery, attempts: attempts + 1, channel: ops.id, expectation: null },
          THERE,
          world.clock.now(),
        )
      await pass(5 * MINUTE)
      assert.equal((await affirmed(world, DELIVERIES_FAILING)).length, 1)
    })

    describe('a channel that keeps failing', () => {
      test('has an incident of its own, which closes by itself when the channel works again', async () => {
        const ops = await aChannel(world.store, 'ops <b>', NOON)
        const event = failingEventOf(ops.id)
        for (let i = 0; i < 3; i++)
          await tryOnce(world.store, ops.id, { state: 'waiting', nextAt: NOON + HOUR, said: '500' }, NOON)
        await pass(5 * MINUTE)
        assert.deepEqual(await names(world), [])
        await pass(90 * SECOND)
        assert.deepEqual(await incidents(world), [{ event, isOpen: true }])
        assert.match((await world.store.findEvent(event))?.description ?? '', /"ops <b>"/)
        assert.equal((await affirmed(world, event))[0]?.value, `{"channel":"ops <b>","failures":3,"since":"${iso(NOON)}"}`)
        await pass(5 * MINUTE)
        assert.deepEqual(await incidents(world), [{ event, isOpen: true }])
        await tryOnce(world.store, ops.id, THERE, world.clock.now())
        await pass(3 * MINUTE)
        assert.deepEqual(await incidents(world), [{ event, isOpen: false }])
      })

      test('is one that something was given up for, at once', async () => {
        const ops = await aChannel(world.store, 'ops', NOON)
        await tryOnce(world.store, ops.id, REFUSED, NOON)
        await pass(2 * MINUTE)
        assert.deepEqual(await incidents(world), [{ event: failingEventOf(ops.id), isOpen: true }])
      })

      test('is not one that is switched off', async () => {
        const ops = await aChannel(world.store, 'ops', NOON)
        await tryOnce(world.store, ops.id, REFUSED, NOON)
        await switchOff(world.store, ops, NOON)
        await pass(2 * MINUTE)
        assert.deepEqual(await names(world), [])
      })

      test('is told on every other channel, and never on itself', async () => {
        const [ops, mail, off] = [
          await aChannel(world.store, 'ops', NOON),
          await aChannel(world.store, 'mail', NOON, { match: { events: ['etl_*'] } }),
          await aChannel(world.store, 'off', NOON, { isEnabled: false }),
        ]
        await tryOnce(world.store, ops.id, REFUSED, NOON)
        await pass(3 * MINUTE)
        const told = (await world.store.deliveries({ kind: 'missed' }, { limit: 10, cursor: null })).items
        assert.deepEqual(
          told.map(({ channel }) => channel),
          [mail.id],
        )
        assert.ok(!told.some(({ channel }) => channel === ops.id || channel === off.id))
      })

      test('two of them tell each other in vain, and once', async () => {
        const both = [await aChannel(world.store, 'ops', NOON), await aChannel(world.store, 'mail', NOON)]
        for (const { id } of both) await tryOnce(world.store, id, REFUSED, NOON)
        await pass(8 * MINUTE)
        assert.equal((await incidents(world)).filter(({ isOpen }) => isOpen).length, 2)
        const told = (await world.store.deliveries({ kind: 'missed' }, { limit: 100, cursor: null })).items
        assert.deepEqual(told.map(({ channel, about }) => [channel, about.event]).sort(), [
          [both[0]?.id, failingEventOf(both[1]?.id ?? 0)],
          [both[1]?.id, failingEventOf(both[0]?.id ?? 0)],
        ])
      })

      test('what was changed by hand is left as it is; what was deleted is declared anew while it fails', async () => {
        const ops = await aChannel(world.store, 'ops', NOON)
        const event = failingEventOf(ops.id)
        await world.declaring.registerEvent({ name: event, description: '', tags: ['self'] }, NOON, BY_SELF)
        const ours = { event, env: 'prod', tags: ['self'], paused: false, terms: NEVER }
        const own = await world.declaring.expect(ours, NOON, BY_SELF)
        await world.declaring.change(own, { ...ours, terms: { ...NEVER, atMost: 3 } }, NOON)
        await pass(2 * MINUTE)
        await tryOnce(world.store, ops.id, REFUSED, world.clock.now())
        await pass(2 * MINUTE)
        const there = () => world.store.listExpectations({ eventId: own.eventId }, { limit: 10, cursor: null })
        assert.deepEqual(
          (await there()).items.map(({ id, terms }) => [id, terms.atMost]),
          [[own.id, 3]],
        )
        await world.declaring.remove(own, world.clock.now())
        await pass(MINUTE)
        const [anew, ...more] = (await there()).items
        assert.deepEqual([anew?.tags, anew?.terms.atMost, more], [['self'], 0, []])
      })

      test('is noted in the audit log as declared by this server itself', async () => {
        const ops = await aChannel(world.store, 'ops', NOON)
        await tryOnce(world.store, ops.id, REFUSED, NOON)
        await pass(MINUTE)
        const { items } = await world.store.changes({ who: 'self' }, { limit: 10, cursor: null })
        assert.deepEqual(items.map(({ action }) => action).sort(), ['event.register', 'expectation.make'])
      })

      test('loses its event when it is deleted, and no other event goes with it', async () => {
        const [ops, mail] = [await aChannel(world.store, 'ops', NOON), await aChannel(world.store, 'mail', NOON)]
        for (const { id } of [ops, mail]) await tryOnce(world.store, id, REFUSED, NOON)
        await pass(2 * MINUTE)
        const by = { at: world.clock.now(), by: BY }
        const alike = [`x${failingEventOf(ops.id)}`, failingEventOf(999)]
        await world.declaring.registerEvent({ name: alike[0] ?? '', description: '', tags: ['self'] }, NOON)
        const other = { name: alike[1] ?? '', key: 'af_k3Jq8Zw2', description: '', tags: [], createdAt: NOON }
        await world.store.createEvent(other, null)
        await world.store.deleteChannel(ops.id, by, () => ({}))
        await pass(30 * SECOND)
        assert.deepEqual(await names(world), [failingEventOf(mail.id), ...alike].sort())
        await world.store.deleteChannel(mail.id, by, () => ({}))
        world.restart()
        await pass(30 * SECOND)
        assert.deepEqual(await names(world), [...alike].sort())
      })
    })
  })

describe('a channel that refuses what it is told', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  test('is told of on the other one, which hears when it works again, too; each try is counted', async () => {
    let isBroken = true
    const heard: string[] = []
    const world = aWorld(await engine.open(), NOON, {
      said,
      tell: async (channel, message) => {
        if (channel.name === 'ops' && isBroken) return { kind: 'never', said: '404' }
        heard.push(`${channel.name}: ${message.kind} ${message.subject?.event ?? ''}`)
        return { kind: 'sent', said: '200' }
      },
    })
    const ops = await aChannel(world.store, 'ops', NOON)
    await aChannel(world.store, 'mail', NOON, { match: { events: ['no_other'] } })
    await world.expects('job', { schedule: '0 13 * * *', lookback: '1m' })
    await world.passUntil(NOON + HOUR)
    await watchUntil(world, NOON + HOUR + 5 * MINUTE)
    assert.deepEqual(heard, [`mail: missed ${failingEventOf(ops.id)}`])
    isBroken = false
    await world.expects('other_job', { schedule: '6 13 * * *', lookback: '1m' })
    await watchUntil(world, NOON + HOUR + 10 * MINUTE)
    assert.deepEqual(heard.slice(1), ['ops: missed other_job', `mail: recovered ${failingEventOf(ops.id)}`])
    const counts = world.services.vitals.deliveries().map(({ name, outcome, count }) => `${name} ${outcome} ${count}`)
    assert.deepEqual(counts.sort(), ['mail sent 2', 'ops failed 1', 'ops sent 1'])
  })
})

describe('looking after itself', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  type Looks = { free?: number; waits?: Millis; fails?: boolean; name?: string }
  /** A node on the world's store that sees these troubles. */
  const aNode = ({ store, services, affirming, health }: World, looks: Looks) => {
    const logged: unknown[] = []
    const note = (fields: object) => void logged.push(fields)
    const failing = { id: 1, name: 'ops', failingSince: NOON - HOUR, failures: 9, isEnabled: true } as Awaited<
      ReturnType<typeof store.channels>
    >[number]
    const watching = aWatching({
      store: {
        ...store,
        channels: async () => (looks.fails ? [failing] : []),
        outboxState: async () => ({ waiting: looks.waits === undefined ? 0 : 1, oldest: looks.waits ?? null }),
      },
      affirming,
      declaring: services.declaring,
      health,
      disk: () =>
        looks.free === undefined ? Promise.reject(new Error('no disk')) : Promise.resolve({ free: looks.free, of: 100 * GIB }),
      node: looks.name ?? 'web-1',
      env: 'prod',
      log: { debug: note, info: note, warn: note, error: note },
    })
    return { logged, look: (at: Millis) => watching.tick(at) }
  }

  test('a disk that fills is told with its figures', async () => {
    const world = aWorld(await engine.open(), NOON)
    await aNode(world, { free: GIB }).look(NOON)
    assert.deepEqual(await affirmed(world, DISK_FILLING), [])
    await aNode(world, { free: GIB / 2 }).look(NOON)
    assert.equal((await affirmed(world, DISK_FILLING))[0]?.value, `{"free":${GIB / 2},"of":${100 * GIB}}`)
  })

  test('one thing that cannot be looked at keeps no other from being told', async () => {
    const world = aWorld(await engine.open(), NOON)
    const node = aNode(world, { waits: NOON - HOUR })
    await node.look(NOON)
    assert.equal((await affirmed(world, DELIVERIES_FAILING)).length, 1)
    assert.equal(node.logged.length, 1)
  })

  test('what could not be stored is tried again soon, and counts once', async () => {
    const world = aWorld(await engine.open(), NOON)
    const node = aNode(
      { ...world, affirming: { ...world.affirming, affirmOwn: () => Promise.reject(new Error('away')) } },
      { free: 1 },
    )
    await node.look(NOON)
    assert.equal(node.logged.length, 1)
    for (const second of [15, 30]) await aNode(world, { free: 1 }).look(NOON + second * SECOND)
    assert.equal((await affirmed(world, DISK_FILLING)).length, 1)
  })

  test('of nodes that see the same trouble one says it; each says its own', async () => {
    const world = aWorld(await engine.open(), NOON)
    const nodes = ['web-1', 'web-2'].map((name) => aNode(world, { name, free: 1, waits: NOON - HOUR, fails: true }))
    for (let at = NOON; at < NOON + 3 * MINUTE; at += 15 * SECOND) await Promise.all(nodes.map(({ look }) => look(at)))
    assert.equal((await affirmed(world, DELIVERIES_FAILING)).length, 3)
    assert.equal((await affirmed(world, DISK_FILLING)).length, 6)
    const event = await world.store.findEvent(failingEventOf(1))
    const { items } = await world.store.listExpectations({ eventId: event?.id ?? 0 }, { limit: 10, cursor: null })
    assert.equal(items.length, 1)
  })

  test('who registered the event expects something of it; when that node ends in between, another one does', async () => {
    const world = aWorld(await engine.open(), NOON)
    const declaring = { ...world.services.declaring, expect: () => Promise.reject(new Error('ended')) }
    await aNode({ ...world, services: { ...world.services, declaring } }, { free: GIB, fails: true }).look(NOON)
    const event = await world.store.findEvent(failingEventOf(1))
    const expected = async () =>
      (await world.store.listExpectations({ eventId: event?.id ?? 0 }, { limit: 10, cursor: null })).items.length
    const other = aNode(world, { free: GIB, fails: true })
    for (let second = 15; second < 60; second += 15) await other.look(NOON + second * SECOND)
    assert.equal(await expected(), 0)
    for (let second = 60; second < 180; second += 15) await other.look(NOON + second * SECOND)
    assert.equal(await expected(), 1)
  })

  test('however often it looks and whatever it sees, each trouble is affirmed at most once in a minute', async () => {
    const look = fc.record({ rest: fc.integer({ min: 1, max: 50 }), isBad: fc.boolean(), isNew: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 40 }), async (looks) => {
        const world = aWorld(await engine.open(), NOON)
        const bad: Looks = { free: 1, waits: NOON - HOUR, fails: true }
        const seen: Looks = {}
        let node = aNode(world, seen)
        let at = NOON
        for (const { rest, isBad, isNew } of looks) {
          at += rest * SECOND
          Object.assign(seen, { free: GIB, waits: undefined, fails: false }, isBad ? bad : {})
          if (isNew) node = aNode(world, seen)
          await node.look(at)
        }
        for (const name of [DISK_FILLING, DELIVERIES_FAILING, failingEventOf(1)]) {
          const minutes = (await affirmed(world, name)).map(({ at }) => minuteOf(at))
          assert.equal(new Set(minutes).size, minutes.length, name)
        }
      }),
      { numRuns: 10 },
    )
  })
})

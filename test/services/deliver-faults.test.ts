import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sent } from '../../src/domain/message.ts'
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import type { Tell } from '../../src/services/tell.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, aListener, type Listener } from '../support/told.ts'
import { aWorld, type World } from '../support/world.ts'

const SENT: Sent = { kind: 'sent', said: '200' }

describe('channels in trouble', () => {
  let engine: TestEngine
  let world: World
  let listener: Listener
  /** Instead of the listener, where a test wants it. */
  let tell: Tell | null
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    listener = aListener()
    tell = null
    world = aWorld(await engine.open(), '2026-03-01T00:00:00Z', { tell: (...told) => (tell ?? listener.tell)(...told) })
  })

  /** Missed all the time, from a minute from now on; each affirmed last by a host of its own. */
  const expectSome = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await world.expects(`job_${i}`, { lookback: '1m' })
      await world.affirm(`job_${i}`, { source: `host-${i}` })
    }
  }
  const look = () => world.delivering.loop.tick(world.clock.now())
  const passSeconds = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      world.clock.pass(SECOND)
      await look()
      await world.delivering.settled()
    }
  }

  test('one that hangs does not keep the others waiting, nor what comes after for them', async () => {
    await aChannel(world.store, 'hangs')
    await aChannel(world.store, 'works')
    await expectSome(2)
    const hanging: ((sent: Sent) => void)[] = []
    tell = (channel, message, progress) =>
      channel.name === 'works'
        ? listener.tell(channel, message, progress)
        : new Promise((resolve) => {
            hanging.push(resolve)
          })
    world.sleepUntil('2026-03-01T00:02:02Z')
    await world.listening.tick(world.clock.now())
    await world.store.addDelivery({ channel: 1, kind: 'blind', about: {} }, world.clock.now())
    await world.store.addDelivery({ channel: 2, kind: 'blind', about: {} }, world.clock.now())
    const untilTold = async (count: number) => {
      for (let turn = 0; listener.told.length < count && turn < 10_000; turn++) await nextTurn()
      assert.equal(listener.told.length, count)
    }
    await look()
    await untilTold(1)
    for (let n = 2; n <= 4; n++) {
      world.clock.pass(10 * SECOND)
      await world.store.addDelivery({ channel: 2, kind: 'blind', about: {} }, world.clock.now())
      await world.store.addDelivery({ channel: 1, kind: 'blind', about: {} }, world.clock.now())
      await look()
      await untilTold(n)
    }
    assert.equal(hanging.length, 1, 'the one that hangs is asked once at a time')
    tell = null
    for (const resolve of hanging) resolve(SENT)
    await world.delivering.settled()
    await passSeconds(2)
    assert.equal(listener.told.filter(({ channel }) => channel === 'hangs').length, 3)
    assert.equal((await world.store.outboxState()).waiting, 0)
  })

  test('after 429 with Retry-After nothing is sent there until then, be it new or not', async () => {
    const { id: channel } = await aChannel(world.store, 'ops')
    const asked: number[] = []
    listener.answers(() => {
      asked.push(world.clock.now())
      return asked.length === 1 ? { kind: 'again', said: '429', after: 2 * MINUTE } : SENT
    })
    const owe = () => world.store.addDelivery({ channel, kind: 'blind', about: {} }, world.clock.now())
    await owe()
    await owe()
    await passSeconds(60)
    await owe()
    await passSeconds(59)
    assert.equal(asked.length, 1)
    await passSeconds(5)
    assert.equal(asked.length, 4)
    assert.ok((asked[1] ?? 0) - (asked[0] ?? 0) >= 2 * MINUTE)
  })

  test('a process that starts while the channel rests leaves what waited alone', async () => {
    const { id: channel } = await aChannel(world.store, 'ops')
    listener.answers(() => ({ kind: 'again', said: '429', after: 10 * MINUTE }))
    for (let n = 0; n < 3; n++) await world.store.addDelivery({ channel, kind: 'blind', about: {} }, world.clock.now())
    await passSeconds(1)
    world.restart()
    listener.answers(() => SENT)
    await passSeconds(60)
    assert.deepEqual(listener.told, [])
  })

  test('after an hour of 500 everything arrives once, of each expectation in order', async () => {
    await aChannel(world.store, 'ops')
    await expectSome(3)
    listener.answers(() => ({ kind: 'again', said: '500', after: null }))
    const until = world.clock.now() + HOUR
    while (world.clock.now() < until) {
      const minute = Math.floor(world.clock.now() / MINUTE) % 30
      // Each is missed for a minute and met again, at a time of its own.
      for (let i = 0; i < 3; i++) if (minute !== 5 * i + 3) await world.affirm(`job_${i}`, { source: `host-${i}` })
      await world.passUntil(world.clock.now() + MINUTE)
    }
    assert.equal(listener.told.length, 0)
    listener.answers(() => SENT)
    for (let minute = 0; minute < 25; minute++) {
      for (let i = 0; i < 3; i++) await world.affirm(`job_${i}`, { source: `host-${i}` })
      await world.passUntil(world.clock.now() + MINUTE)
    }
    for (let i = 0; i < 3; i++) {
      const ofJob = listener.told.filter(({ message }) => message.subject?.event === `job_${i}`)
      assert.deepEqual(
        ofJob.map(({ message }) => message.kind),
        ['missed', 'recovered', 'missed', 'recovered'],
      )
    }
    assert.equal(new Set(listener.told.map(({ message }) => message.id)).size, 12)
  })
})

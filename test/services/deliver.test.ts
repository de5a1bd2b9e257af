import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, aListener, type Listener } from '../support/told.ts'
import { aWorld, type World } from '../support/world.ts'

const SOON = { lookback: '1m' }

for (const name of ENGINES)
  describe(`telling people, on ${name}`, () => {
    let engine: TestEngine
    let world: World
    let listener: Listener
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    beforeEach(async () => {
      listener = aListener()
      world = aWorld(await engine.open(), '2026-03-01T00:00:00Z', { tell: listener.tell })
    })

    const passMinutes = (minutes: number) => world.passUntil(world.clock.now() + minutes * MINUTE)
    /** Affirms in each of so many minutes, or does not. */
    const live = async (minutes: number, isAffirmed: (minute: number) => boolean, event = 'backup') => {
      for (let minute = 0; minute < minutes; minute++) {
        if (isAffirmed(minute)) await world.affirm(event)
        await passMinutes(1)
      }
    }
    const states = async () =>
      (await world.store.deliveries({}, { limit: 1000, cursor: null })).items.map(({ kind, state, reason }) => [
        kind,
        state,
        reason,
      ])

    test('a missed expectation reaches its channel once, and so does its end', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      await live(6, (minute) => minute !== 2 && minute !== 3)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)', 'ops: met again: backup (prod) after 2 minutes'])
      assert.deepEqual(world.errors, [])
      const [missed, recovered] = listener.told.map(({ message }) => message)
      assert.equal(missed?.thread, recovered?.thread)
      assert.deepEqual([missed?.alert, recovered?.alert], ['opens', 'closes'])
      assert.match(
        missed?.lines.join('\n') ?? '',
        /only 0 of 1, due 2026-03-01 00:03 UTC\nopen since .*\nexpected every minute.*\nlast affirmed 2 minutes ago by test/,
      )
    })

    test('what cannot be sent is tried again, later each time, with the same id, and told in order', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      const tried: string[] = []
      listener.answers((_, message) => {
        tried.push(message.id)
        return { kind: 'again', said: '500', after: null }
      })
      await live(20, (minute) => minute !== 2)
      assert.deepEqual(listener.news(), [])
      assert.equal(new Set(tried).size, 1)
      assert.ok(tried.length > 4 && tried.length < 14, `${tried.length} tries`)
      listener.answers(() => ({ kind: 'sent', said: 'ok' }))
      await live(12, () => true)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)', 'ops: met again: backup (prod) after 1 minute'])
    })

    test('what is refused for good fails, and its end is not told', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      listener.answers((_, { kind }) => (kind === 'missed' ? { kind: 'never', said: '410 gone' } : { kind: 'sent', said: 'ok' }))
      await live(5, (minute) => minute !== 2)
      assert.deepEqual(listener.news(), [])
      assert.deepEqual(await states(), [
        ['recovered', 'withheld', 'the channel was not told that it was missed'],
        ['missed', 'failed', 'it was refused'],
      ])
      assert.equal((await world.store.channels())[0]?.failures, 1)
    })

    test('what flaps is told in one message, then nothing, then what it came to', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      await live(14, (minute) => minute % 2 === 0)
      assert.deepEqual(listener.news(), [
        'ops: missed: backup (prod)',
        'ops: met again: backup (prod) after 1 minute',
        'ops: missed: backup (prod)',
        'ops: met again: backup (prod) after 1 minute',
        'ops: flapping: backup (prod) is missed and met again and again',
      ])
      await live(30, () => true)
      assert.deepEqual(listener.news(), ['ops: steady again: backup (prod) is met'])
      await live(4, (minute) => minute !== 0)
      assert.equal(listener.news().length, 2, 'then it is told as ever')
    })

    test('how much of it is flapping, or a flood, is as the operator says', async () => {
      const said = { AFFIRMATIVE_FLAPPING_CHANGES: '2', AFFIRMATIVE_FLAPPING_STEADY: '3m' }
      const flood = { AFFIRMATIVE_FLOOD_OF_ALL: '1', AFFIRMATIVE_FLOOD_QUIET: '1h' }
      world = aWorld(await engine.open(), '2026-03-01T00:00:00Z', { tell: listener.tell, said: { ...said, ...flood } })
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      await live(5, (minute) => minute !== 2)
      assert.deepEqual(listener.news(), [
        'ops: missed: backup (prod)',
        'ops: flapping: backup (prod) is missed and met again and again',
      ])
      await live(3, () => true)
      assert.deepEqual(listener.news(), ['ops: steady again: backup (prod) is met'])
      for (const event of ['load', 'copy']) await world.expects(event, SOON)
      await live(4, () => true)
      assert.deepEqual(listener.news(), ['ops: missed: 2 expectations at once'])
    })

    test('many misses at once are one message, then that they are over, then that all are met', async () => {
      await aChannel(world.store, 'ops')
      for (let i = 0; i < 8; i++) await world.expects(`job_${i}`, SOON)
      const affirm = async (which: (i: number) => boolean) => {
        for (let i = 0; i < 8; i++) if (which(i)) await world.affirm(`job_${i}`, { source: 'web-1' })
        await passMinutes(1)
      }
      await affirm(() => true)
      await affirm(() => true)
      await affirm(() => false)
      await affirm(() => false)
      assert.deepEqual(listener.news(), ['ops: missed: 8 expectations at once'])
      for (let i = 0; i < 4; i++) await affirm((i) => i !== 3)
      assert.deepEqual(listener.news(), ['ops: still missed: 1 of 8 expectations'])
      await affirm(() => true)
      await affirm(() => true)
      assert.deepEqual(listener.news(), ['ops: met again: all 8 expectations that were missed at once'])
      assert.equal(new Set(listener.told.map(({ message }) => message.thread)).size, 1)
    })

    test('what is open is reminded of until somebody has it', async () => {
      await aChannel(world.store, 'ops', { when: ['missed', 'recovered', 'reminder'], remindEvery: 5 * MINUTE })
      await world.expects('backup', SOON)
      await live(14, (minute) => minute < 2)
      assert.deepEqual(listener.news(), [
        'ops: missed: backup (prod)',
        'ops: still missed: backup (prod) for 5 minutes',
        'ops: still missed: backup (prod) for 10 minutes',
      ])
      const [open] = (await world.store.incidents({ isOpen: true }, { limit: 1, cursor: null })).items
      await world.store.acknowledge(open?.id ?? 0, { who: 'user:ann', note: null, over: null }, world.clock.now(), {
        who: 'user:ann',
        address: '',
      })
      await live(12, () => false)
      assert.deepEqual(listener.news(), [])
    })

    test('a deleted expectation leaves nobody with an alarm that never ends', async () => {
      await aChannel(world.store, 'ops')
      const { id } = await world.expects('backup', SOON)
      await live(5, (minute) => minute < 2)
      await world.declaring.remove(await world.declaring.expectation(id), world.clock.now())
      await passMinutes(1)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)', 'ops: not expected any more: backup (prod)'])
    })

    test('after an outage of ours one message says how long we were blind and what is not known; late news of it, too', async () => {
      await aChannel(world.store, 'ops')
      for (let i = 0; i < 30; i++) await world.expects(`job_${i}`, { lookback: '10m', schedule: '*/10 * * * *' })
      for (let i = 0; i < 30; i++) await world.affirm(`job_${i}`)
      await passMinutes(12)
      for (let i = 0; i < 30; i++) await world.affirm(`job_${i}`)
      world.sleepUntil(world.clock.now() + 20 * MINUTE)
      world.restart()
      for (let i = 0; i < 30; i++) await world.affirm(`job_${i}`)
      await passMinutes(12)
      const news = listener.news()
      assert.equal(news.length, 1, news.join('\n'))
      assert.match(news[0] ?? '', /^ops: nobody was listening for 2\d minutes: 30 expectations could not be judged$/)
      await world.affirm('job_3', { at: world.clock.now() - 20 * MINUTE })
      await passMinutes(2)
      assert.deepEqual(listener.news(), ['ops: late news: 1 expectation that could not be judged is known now'])
    })
  })

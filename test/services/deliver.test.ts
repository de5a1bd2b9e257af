import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { BY } from '../support/author.ts'
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

    // Hundreds of looks at the outbox say nothing more of the engine, and take PostgreSQL half a minute.
    const long = { skip: name === 'postgresql' && 'the same as on SQLite, and slow' }

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

    test('what cannot be sent is tried again, later each time, with the same id, and told in order', long, async () => {
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
      assert.deepEqual(listener.news(), [
        'ops: missed, and met again: backup (prod)',
        'ops: met again: backup (prod) after 1 minute',
      ])
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

    test('what flaps is told in one message, then nothing, then what it came to', long, async () => {
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

    test('what was refused is told again an hour later, while it is open', long, async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', { schedule: '*/30 * * * *', lookback: '30m' })
      listener.answers(() => ({ kind: 'never', said: '404' }))
      await passMinutes(31)
      listener.answers(() => ({ kind: 'sent', said: 'ok' }))
      await passMinutes(59)
      assert.deepEqual(listener.news(), [])
      await passMinutes(4)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)'])
    })

    test('a channel that comes later, or stands in for one that was deleted, is told of what is open', async () => {
      const { id } = await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      await live(4, (minute) => minute < 2)
      await world.store.deleteChannel(id, { at: world.clock.now(), by: BY }, () => ({}))
      await aChannel(world.store, 'night shift')
      await live(2, () => false)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)', 'night shift: missed: backup (prod)'])
    })

    test('a channel that counts what is met keeps no alarm from the default one', async () => {
      await aChannel(world.store, 'pager', { isDefault: true })
      await aChannel(world.store, 'counter', { when: ['met'] })
      await world.expects('backup', SOON)
      await live(4, (minute) => minute < 2)
      const news = listener.news()
      assert.deepEqual(
        news.filter((one) => one.startsWith('pager')),
        ['pager: missed: backup (prod)'],
      )
      assert.ok(news.includes('counter: met: backup (prod)'))
    })

    test('what is missed at once and stays so is reminded of as a whole; what comes later is told for itself', async () => {
      await aChannel(world.store, 'ops', { when: ['missed', 'recovered', 'reminder'], remindEvery: 10 * MINUTE })
      for (let i = 0; i < 7; i++) await world.expects(`job_${i}`, SOON)
      const affirm = async (which: (i: number) => boolean) => {
        for (let i = 0; i < 7; i++) if (which(i)) await world.affirm(`job_${i}`, { source: 'web-1' })
        await passMinutes(1)
      }
      await affirm(() => true)
      await affirm((i) => i === 6)
      await affirm((i) => i === 6)
      await affirm(() => false)
      await affirm(() => false)
      for (let i = 0; i < 12; i++) await affirm((i) => i === 6)
      assert.deepEqual(
        listener.news().filter((one) => !one.includes('met again')),
        [
          'ops: missed: 6 expectations at once',
          'ops: missed: job_6 (prod)',
          'ops: still missed: 6 of 6 expectations',
          'ops: still missed: 6 of 6 expectations',
        ],
      )
    })

    test('one outage is one message, however long it takes until all of it comes to light', long, async () => {
      await aChannel(world.store, 'ops')
      for (let i = 0; i < 20; i++) await world.expects(`job_${i}`, { schedule: `${i * 2} * * * *`, lookback: '50m' })
      await passMinutes(59)
      world.sleepUntil(world.clock.now() + 20 * MINUTE)
      world.restart()
      await passMinutes(55)
      const news = listener.news().filter((one) => one.includes('nobody was listening'))
      assert.ok(news.length >= 1 && news.length <= 2, news.join('\n'))
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

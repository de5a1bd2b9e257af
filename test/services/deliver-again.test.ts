import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { Unwritten } from '../../src/services/tell.ts'
import type { KnownChannel } from '../../src/store/store.ts'
import { BY } from '../support/author.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, aListener, type Listener } from '../support/told.ts'
import { aWorld, type World } from '../support/world.ts'

const SOON = { lookback: '1m' }
/** Between the minutes: what is affirmed now is in the window of the next one. */
const START = '2026-03-01T00:00:30Z'
const SENT = { kind: 'sent', said: 'ok' } as const
const REFUSED = { kind: 'never', said: '400' } as const

for (const name of ENGINES)
  describe(`what a channel did not hear is not lost, on ${name}`, () => {
    let engine: TestEngine
    let world: World
    let listener: Listener
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    beforeEach(async () => {
      listener = aListener()
      world = aWorld(await engine.open(), START, { tell: listener.tell })
    })

    const passMinutes = (minutes: number) => world.passUntil(world.clock.now() + minutes * MINUTE)
    /** Affirms these in each of so many minutes. */
    const live = async (minutes: number, ...events: string[]) => {
      for (let minute = 0; minute < minutes; minute++) {
        for (const event of events) await world.affirm(event, { source: 'web-1' })
        await passMinutes(1)
      }
    }
    const change = async (id: number, to: Partial<KnownChannel>) => {
      const { id: _, createdAt: __, ...draft } = (await world.store.findChannel(id)) as KnownChannel
      await world.store.changeChannel(id, { ...draft, ...to }, { at: world.clock.now(), by: BY }, () => ({}))
    }
    const jobs = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `job_${from + i}`)
    // Half an hour of looks says nothing more of the engine, and takes PostgreSQL a minute.
    const long = { skip: name === 'postgresql' && 'the same as on SQLite, and slow' }

    test('off while one incident ended and the next began: it hears the end, and of the next', async () => {
      const { id } = await aChannel(world.store, 'ops', {
        when: ['missed', 'recovered', 'reminder'],
        remindEvery: 3 * MINUTE,
      })
      await world.expects('backup', SOON)
      await live(2, 'backup')
      await live(1)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)'])
      await change(id, { isEnabled: false })
      await live(1, 'backup')
      await live(1)
      await change(id, { isEnabled: true })
      await live(6)
      const [end, next, ...more] = listener.news()
      assert.match(end ?? '', /^ops: met again: backup/)
      assert.equal(next, 'ops: missed: backup (prod)')
      assert.equal(more.length, 1, 'and is reminded of it')
    })

    test('where the message that it flaps is refused, it is not tried for ever, and how it came out is told', long, async () => {
      const said = { AFFIRMATIVE_FLAPPING_CHANGES: '4', AFFIRMATIVE_FLAPPING_STEADY: '5m' }
      world = aWorld(await engine.open(), START, { tell: listener.tell, said })
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      let refused = 0
      listener.answers((_, { kind }) => {
        if (kind === 'flapping') refused += 1
        return kind === 'flapping' ? REFUSED : SENT
      })
      for (let i = 0; i < 6; i++) await live(1, ...(i % 2 === 0 ? ['backup'] : []))
      await live(9)
      assert.ok(refused < 3, `${refused} tries`)
      assert.equal(listener.news().at(-1), 'ops: steady again: backup (prod) is missed')
    })

    test(
      'where the message that a flood is over is refused, those whom it named first are told an hour later',
      long,
      async () => {
        await aChannel(world.store, 'ops')
        for (const job of jobs(0, 12)) await world.expects(job, SOON)
        await live(2, ...jobs(0, 12))
        listener.answers((_, { kind }) => (kind === 'flood-over' ? REFUSED : SENT))
        await live(1, ...jobs(6, 12))
        await live(6)
        listener.answers(() => SENT)
        assert.deepEqual(listener.news(), ['ops: missed: 6 expectations at once'])
        await live(64)
        const again = ['ops: missed: 6 expectations at once', 'ops: still missed: 6 of 6 expectations']
        assert.deepEqual(listener.news(), again)
        const named = listener.told.at(-1)?.message.items.map(({ event }) => event)
        assert.deepEqual(named?.sort(), jobs(6, 12).sort())
        await live(3, ...jobs(0, 12))
        assert.equal(listener.news().length, 2, 'each of the two has its end')
      },
    )

    test('what is counted and not taken keeps no miss waiting', async () => {
      await aChannel(world.store, 'ops', { when: ['missed', 'recovered', 'met'] })
      await world.expects('backup', SOON)
      listener.answers((_, { kind }) => (kind === 'met' ? { kind: 'again', said: '500', after: null } : SENT))
      await live(4, 'backup')
      await live(2)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)'])
    })

    test('what nobody can write is a failure of its channel, and is tried again', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      await live(2, 'backup')
      listener.answers(() => {
        throw new Unwritten('no', { cause: new RangeError('too deep') })
      })
      await live(2)
      const [channel] = await world.store.channels()
      assert.ok((channel?.failures ?? 0) >= 2, `${channel?.failures} failures`)
      listener.answers(() => SENT)
      await live(1)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)'])
    })

    test('when something arrives again, what failed before is tried at once', async () => {
      await aChannel(world.store, 'ops')
      for (const event of ['backup', 'load']) await world.expects(event, SOON)
      listener.answers(() => ({ kind: 'again', said: '500', after: null }))
      await live(2, 'backup', 'load')
      await live(7, 'load')
      assert.deepEqual(listener.news(), [])
      listener.answers(() => SENT)
      await world.store.addDelivery({ channel: 1, kind: 'blind', about: {} }, world.clock.now())
      await world.passUntil(world.clock.now() + 10_000)
      assert.ok(listener.news().includes('ops: missed: backup (prod)'))
    })

    test('a clock that is set back holds no miss that it wrote before', async () => {
      await aChannel(world.store, 'ops')
      await world.store.addDelivery({ channel: 1, kind: 'blind', about: {} }, world.clock.now() + 100 * MINUTE)
      await passMinutes(1)
      assert.equal(listener.told.length, 1)
    })

    test('what a maintenance holds makes no flood of what is told', async () => {
      await aChannel(world.store, 'ops')
      for (const job of jobs(0, 7)) await world.expects(job, SOON)
      await live(2, ...jobs(0, 7))
      const now = world.clock.now()
      const plan = { kind: 'once' as const, from: now, to: now + HOUR }
      await world.services.maintaining.plan({ name: 'move', plan, match: { events: jobs(1, 7) } }, now, BY)
      await live(2)
      assert.deepEqual(listener.news(), ['ops: missed: job_0 (prod)'])
    })

    test('reminders come as often as is said by now, and rest during a maintenance', async () => {
      const { id } = await aChannel(world.store, 'ops', {
        when: ['missed', 'recovered', 'reminder'],
        remindEvery: 24 * HOUR,
      })
      await world.expects('backup', SOON)
      await live(2, 'backup')
      await live(2)
      assert.deepEqual(listener.news(), ['ops: missed: backup (prod)'])
      await change(id, { remindEvery: 2 * MINUTE })
      await live(4)
      assert.match(listener.news().join(), /^ops: still missed: backup/)
      const now = world.clock.now()
      const plan = { kind: 'once' as const, from: now, to: now + HOUR }
      await world.services.maintaining.plan({ name: 'move', plan, match: null }, now, BY)
      await live(6)
      assert.deepEqual(listener.news(), [])
    })
  })

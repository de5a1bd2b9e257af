import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { MINUTE, SECOND } from '../../src/domain/time.ts'
import { BY } from '../support/author.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, aListener, type Listener } from '../support/told.ts'
import { aWorld, type World } from '../support/world.ts'

const SOON = { lookback: '1m' }

for (const name of ENGINES)
  describe(`what is read for a message, on ${name}`, () => {
    let engine: TestEngine
    let world: World
    let listener: Listener
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    beforeEach(async () => {
      listener = aListener()
      const said = { AFFIRMATIVE_TIME_ZONE: 'Europe/Berlin' }
      world = aWorld(await engine.open(), '2026-03-01T12:00:00Z', { tell: listener.tell, said })
    })

    const passMinutes = (minutes: number) => world.passUntil(world.clock.now() + minutes * MINUTE)
    const messages = () => listener.told.map(({ message }) => message)

    test('what is in a flood twice is listed and counted once, with since when', async () => {
      await aChannel(world.store, 'ops')
      for (let i = 0; i < 8; i++) await world.expects(`job_${i}`, SOON)
      for (const isAffirmed of [true, true, false, true, false, false, false, false, false]) {
        for (let i = 0; i < 8; i++) if (isAffirmed) await world.affirm(`job_${i}`, { source: 'web-1' })
        await passMinutes(1)
      }
      assert.deepEqual(listener.news(), ['ops: missed: 8 expectations at once', 'ops: still missed: 8 of 8 expectations'])
      const over = messages()[1]
      assert.deepEqual(
        over?.items.map(({ event, text }) => [event, text]),
        Array.from({ length: 8 }, (_, i) => [`job_${i}`, 'missed since 12:05 UTC']),
      )
      assert.equal(over?.more, 0)
    })

    test('what flaps says how often it changed; times are told in the zone of the server, too', async () => {
      await aChannel(world.store, 'ops')
      await world.expects('backup', SOON)
      for (let minute = 0; minute < 8; minute++) {
        if (minute % 2 === 0) await world.affirm('backup')
        await passMinutes(1)
      }
      const flapping = messages().find(({ kind }) => kind === 'flapping')
      assert.equal(flapping?.lines[0], '5 changes within 20 minutes; nothing more is told of it until it is steady')
      assert.match(flapping?.lines.join('\n') ?? '', /due 2026-03-01 12:\d\d UTC \(13:\d\d in Europe\/Berlin\)/)
    })

    test('what a maintenance withholds says until when; what is told at its end says why then', async () => {
      await aChannel(world.store, 'ops')
      const plan = { kind: 'once' as const, from: world.clock.now(), to: world.clock.now() + 5 * MINUTE }
      await world.store.createMaintenance({ name: 'new disks', plan, match: null }, world.clock.now(), BY)
      await world.expects('backup', SOON)
      await passMinutes(4)
      const { items } = await world.store.deliveries({}, { limit: 10, cursor: null })
      assert.deepEqual([items.length, items[0]?.reason], [1, 'maintenance: new disks, until 12:05 UTC'])
      await passMinutes(2)
      assert.equal(messages()[0]?.lines[0], 'missed during a maintenance that is over now')
    })

    test('of a channel that does not work the others are told its name and what was answered, then that it works', async () => {
      const ops = await aChannel(world.store, 'ops')
      await aChannel(world.store, 'night', { match: { events: ['nothing'] } })
      await world.expects('backup', SOON)
      listener.answers(({ name }) =>
        name === 'ops' ? { kind: 'again', said: '500 out of order', after: null } : { kind: 'sent', said: '200' },
      )
      const pass = async (minutes: number) => {
        for (let i = 0; i < minutes * 2; i++) {
          await world.passUntil(world.clock.now() + 30 * SECOND)
          await world.watching.tick(world.clock.now())
        }
      }
      await pass(9)
      assert.deepEqual(listener.news(), ['night: channel ops does not work: 500 out of order'])
      assert.match(
        messages()[0]?.lines[0] ?? '',
        /^nothing arrives there since 2026-03-01 12:0\d UTC \(13:0\d in .*; \d+ tries failed$/,
      )
      assert.ok(messages()[0]?.lines.some((line) => line.endsWith(`/channels/${ops.id}`)))
      listener.answers(() => ({ kind: 'sent', said: '200' }))
      await pass(13)
      assert.ok(listener.news().some((said) => /^night: channel ops works again after/.test(said)))
    })
  })

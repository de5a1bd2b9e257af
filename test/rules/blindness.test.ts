import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { instant } from '../support/world.ts'

const RUNS = { sqlite: 12, postgresql: 4 }
const START = instant('2026-03-02T10:00:00Z')
const today = (time: string): string => `2026-03-02T${time}Z`
const short = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ due, verdict }) => `${new Date(due).toISOString().slice(11, 16)} ${verdict}`)

for (const name of ENGINES)
  describe(`blindness on ${name} (rule 7)`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    const aWorldNow = async () => aQuickWorld(await engine.open(), START)

    test('a process that was frozen over the due says unknown, not missed, and opens no incident', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '30m' })
      await world.passUntil(today('10:50:00'))
      world.sleepUntil(today('11:05:00'))
      await world.tick()
      const [verdict] = await world.verdictsOf(id)
      assert.equal(verdict?.verdict, 'unknown')
      assert.equal(verdict?.reason, 'not-listening')
      assert.equal(verdict?.blind, 10 * MINUTE)
      assert.deepEqual(await world.store.openIncidents([id]), [])
    })

    test('a process that was killed over the due says the same', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '30m' })
      await world.passUntil(today('10:50:00'))
      world.sleepUntil(today('11:05:00'))
      world.restart()
      await world.tick()
      assert.equal(await world.stateOf(id), 'unknown')
    })

    test('a restart of less than two minutes does not blind a day', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 10 * * *', lookback: '1d' })
      await world.passUntil('2026-03-03T09:59:10Z')
      world.sleepUntil('2026-03-03T10:01:05Z')
      world.restart()
      await world.tick()
      assert.equal(await world.stateOf(id), 'missed', 'silence was heard')
    })

    test('enough affirmations are met however blind we were; more than the maximum is missed', async () => {
      const world = await aWorldNow()
      const some = await world.expects('some', { schedule: '0 * * * *', lookback: '1h' })
      const none = await world.expects('none', { schedule: '0 * * * *', lookback: '1h', atLeast: 0, atMost: 0 })
      const quiet = await world.expects('quiet', { schedule: '0 * * * *', lookback: '1h', atLeast: 0, atMost: 0 })
      await world.affirm('some')
      await world.affirm('none')
      await world.passUntil(today('10:01:00'))
      world.sleepUntil(today('11:01:00'))
      await world.tick()
      assert.equal(await world.stateOf(some.id), 'met')
      assert.equal(await world.stateOf(none.id), 'missed')
      assert.equal(await world.stateOf(quiet.id), 'unknown', 'that nothing came proves nothing')
    })

    test('a clock that jumps two hours ahead gives unknown for what it jumped over', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '*/30 * * * *' })
      await world.passUntil(today('10:31:00'))
      world.clock.set(instant(today('12:31:00')))
      await world.passUntil(today('13:31:00'))
      assert.deepEqual(short(await world.verdictsOf(id)), [
        '10:30 missed',
        '11:00 unknown',
        '11:30 unknown',
        '12:00 unknown',
        '12:30 unknown',
        '13:00 missed',
        '13:30 missed',
      ])
    })

    test('a clock that was ahead for a minute and is right again: what is silent now is missed', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '2h' })
      await world.passUntil(today('10:31:00'))
      world.clock.set(instant(today('12:31:00')))
      await world.passUntil(today('12:32:00'))
      world.clock.set(instant(today('10:32:00')))
      await world.passUntil(today('13:01:00'))
      assert.deepEqual(short(await world.verdictsOf(id)), ['11:00 unknown', '12:00 unknown', '13:00 missed'])
    })

    test('a clock put back two hours judges nothing twice, and what comes meanwhile is late news', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '*/30 * * * *' })
      await world.passUntil(today('12:31:00'))
      const before = await world.verdictsOf(id)
      world.clock.set(instant(today('10:31:00')))
      await world.passUntil(today('10:45:00'))
      await world.affirm('e')
      await world.passUntil(today('12:40:00'))
      const after = await world.verdictsOf(id)
      assert.deepEqual(short(after), ['10:30 missed', '11:00 met', '11:30 missed', '12:00 missed', '12:30 missed'])
      assert.deepEqual(
        after.map(({ decidedAt }) => decidedAt),
        before.map(({ decidedAt }) => decidedAt),
      )
      await world.passUntil(today('13:01:00'))
      assert.equal((await world.verdictsOf(id)).length, 6, 'and then it goes on')
    })

    test('a clock put back while we were stopped: what comes meanwhile is late news all the same', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '*/30 * * * *' })
      await world.passUntil(today('12:31:00'))
      world.clock.set(instant(today('10:31:00')))
      world.restart()
      await world.tick()
      await world.passUntil(today('10:45:00'))
      await world.affirm('e')
      await world.passUntil(today('12:40:00'))
      assert.deepEqual(short(await world.verdictsOf(id)), [
        '10:30 missed',
        '11:00 met',
        '11:30 missed',
        '12:00 missed',
        '12:30 missed',
      ])
    })

    test('a pause and its end while the clock is put back judge nothing twice', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '*/30 * * * *' })
      await world.passUntil(today('12:01:00'))
      const before = await world.verdictsOf(id)
      world.clock.set(instant(today('10:31:00')))
      await world.declaring.pause(await world.declaring.expectation(id), world.clock.now())
      await world.declaring.resume(await world.declaring.expectation(id), world.clock.now())
      await world.affirm('e')
      await world.passUntil(today('12:02:00'))
      const after = await world.verdictsOf(id)
      assert.deepEqual(short(after), ['10:30 missed', '11:00 met', '11:30 missed', '12:00 missed'])
      assert.deepEqual(
        after.map(({ decidedAt }) => decidedAt),
        before.map(({ decidedAt }) => decidedAt),
      )
      assert.equal(await world.stateOf(id), 'missed')
      assert.equal((await world.store.openIncidents([id])).length, 1)
    })

    test('younger than its window it cannot miss; a long pause makes it young again, one of two minutes does not', async () => {
      const world = await aWorldNow()
      world.sleepUntil(today('10:10:00'))
      const long = await world.expects('long', { schedule: '0 * * * *', lookback: '1h' })
      const brief = await world.expects('brief', { schedule: '0 * * * *', lookback: '1h' })
      const pauseBoth = async (at: string) => {
        await world.passUntil(at)
        for (const { id } of [long, brief]) await world.declaring.pause(await world.declaring.expectation(id), world.clock.now())
      }
      const resume = async ({ id }: { id: number }, at: string) => {
        await world.passUntil(at)
        await world.declaring.resume(await world.declaring.expectation(id), world.clock.now())
      }
      await pauseBoth(today('12:20:00'))
      await resume(brief, today('12:22:00'))
      await resume(long, today('12:22:00.001'))
      await world.passUntil(today('14:01:00'))
      assert.deepEqual(short(await world.verdictsOf(brief.id)), ['11:00 unknown', '12:00 missed', '13:00 missed', '14:00 missed'])
      assert.deepEqual(short(await world.verdictsOf(long.id)), ['11:00 unknown', '12:00 missed', '13:00 unknown', '14:00 missed'])
    })

    test('our own outage never raises a false alarm and never hides a real one', async () => {
      const outage = fc.record({
        at: fc.integer({ min: 0, max: 9 * 3_600 }),
        long: fc.constantFrom(1, 5, 14, 16, 60, 119, 130, 600, 4_000),
        isKill: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(outage, { maxLength: 8 }), fc.constantFrom('10m', '1h', null), async (outages, lookback) => {
          const world = await aWorldNow()
          const grace = lookback === null ? '5m' : '0s'
          const healthy = await world.expects('healthy', { schedule: '0 * * * *', lookback, grace })
          const silent = await world.expects('silent', { schedule: '0 * * * *', lookback, grace })
          const starts = outages.toSorted((a, b) => a.at - b.at)
          let isUp = true
          const pass = async (until: number) => {
            // Its job ends every five minutes, and is lost when nobody listens.
            while (world.clock.now() < until) {
              const next = Math.min(until, Math.floor(world.clock.now() / (5 * MINUTE)) * 5 * MINUTE + 5 * MINUTE)
              if (isUp) await world.passUntil(next)
              else world.sleepUntil(next)
              if (isUp && next % (5 * MINUTE) === 0) await world.affirm('healthy')
            }
          }
          for (const { at, long, isKill } of starts) {
            await pass(START + at * SECOND)
            isUp = false
            await pass(world.clock.now() + long * SECOND)
            isUp = true
            if (isKill) world.restart()
            await world.tick()
          }
          await pass(START + 10 * HOUR)
          const wrong = (await world.verdictsOf(healthy.id)).filter(({ verdict }) => verdict === 'missed')
          assert.deepEqual(wrong, [], 'a false alarm')
          for (const { verdict, blind, window } of await world.verdictsOf(silent.id)) {
            const isSeen = blind <= Math.min((window.to - window.from) / 10, 2 * MINUTE)
            const isYoung = window.from < START
            assert.equal(verdict, isSeen && !isYoung ? 'missed' : 'unknown')
          }
        }),
        { numRuns: RUNS[name] },
      )
    })

    test('a gap between beats of 15 seconds is listening, one of a millisecond more is not', async () => {
      for (const [gap, blind] of [
        [15 * SECOND, 0],
        [15 * SECOND + 1, 15 * SECOND + 1],
      ] as const) {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '30m' })
        await world.passUntil(today('10:40:00'))
        world.clock.pass(gap)
        await world.passUntil(START + HOUR + MINUTE)
        const [verdict] = await world.verdictsOf(id)
        assert.equal(verdict?.blind, blind)
      }
    })
  })

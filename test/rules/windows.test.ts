import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { instant } from '../support/world.ts'

const RUNS = { sqlite: 15, postgresql: 4 }
const START = instant('2026-03-02T10:00:00Z')
/** 2026-03-02, the day of all tests here. */
const today = (time: string): string => `2026-03-02T${time}Z`

for (const name of ENGINES)
  describe(`windows on ${name} (rule 6)`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    const aWorldNow = async () => aQuickWorld(await engine.open(), START)

    test('an affirmation exactly at the due belongs to the next window, one a millisecond before to this one', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '1h', atLeast: 0 })
      await world.passUntil(today('10:59:59.999'))
      await world.affirm('e')
      await world.passUntil(today('11:00:00'))
      await world.affirm('e')
      await world.affirm('e')
      await world.passUntil(today('12:01:00'))
      const verdicts = await world.verdictsOf(id)
      assert.deepEqual(
        verdicts.map(({ observed }) => observed),
        [1, 2],
      )
    })

    test('an affirmation in the same second as the due, told before the verdict, is counted by its own instant', async () => {
      const world = await aWorldNow()
      const before = await world.expects('before', { schedule: '0 * * * *', lookback: '20m' })
      const behind = await world.expects('behind', { schedule: '0 * * * *', lookback: '20m' })
      await world.passUntil(today('11:00:00.400'))
      await world.affirm('before', { at: today('10:59:59.700') })
      await world.affirm('behind')
      await world.passUntil(today('11:00:03'))
      assert.equal(await world.stateOf(before.id), 'met')
      assert.equal(await world.stateOf(behind.id), 'missed')
    })

    test('too few at the due is late until the grace is over; enough in the grace is met', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m', grace: '10m', atLeast: 2 })
      await world.passUntil(today('10:50:00'))
      await world.affirm('e')
      assert.equal(await world.stateOf(id), 'waiting')
      await world.passUntil(today('11:00:03'))
      assert.equal(await world.stateOf(id), 'late')
      await world.passUntil(today('11:09:59.999'))
      await world.affirm('e')
      assert.deepEqual(await world.verdictsOf(id), [])
      await world.passUntil(today('11:10:03'))
      assert.equal(await world.stateOf(id), 'met')
      const [verdict] = await world.verdictsOf(id)
      assert.deepEqual(verdict?.window, { from: instant(today('10:40:00')), to: instant(today('11:10:00')) })
    })

    test('too few when the grace is over is missed, and an affirmation exactly at its end comes too late', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m', grace: '10m' })
      await world.passUntil(today('11:10:00'))
      await world.affirm('e')
      await world.passUntil(today('11:10:03'))
      assert.equal(await world.stateOf(id), 'missed')
    })

    test('without a lookback every affirmation is in exactly one window, whatever the grace and the stops', async () => {
      const lapse = fc.record({ at: fc.integer({ min: 0, max: 12 * 3_600 }), affirms: fc.boolean(), restarts: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(
          fc.array(lapse, { maxLength: 60 }),
          fc.constantFrom('0s', '3m', '14m59s'),
          fc.constantFrom('*/15 * * * *', '0 * * * *'),
          async (lapses, grace, schedule) => {
            const world = await aWorldNow()
            const { id } = await world.expects('e', { schedule, grace, atLeast: 2 })
            const told: number[] = []
            for (const { at, affirms, restarts } of lapses.toSorted((a, b) => a.at - b.at)) {
              await world.passUntil(START + at * SECOND)
              if (restarts) world.restart()
              if (affirms) told.push(world.clock.now())
              if (affirms) await world.affirm('e')
            }
            await world.passUntil(START + 14 * HOUR)
            const verdicts = await world.verdictsOf(id)
            verdicts.forEach(({ window }, i) => {
              assert.equal(window.from, verdicts[i - 1]?.window.to ?? START, 'windows join without gap and overlap')
            })
            for (const at of told) assert.equal(verdicts.filter(({ window }) => window.from <= at && at < window.to).length, 1)
            assert.equal(
              verdicts.reduce((sum, { observed }) => sum + observed, 0),
              told.length,
            )
          },
        ),
        { numRuns: RUNS[name] },
      )
    })

    test('what a window counted in its grace is not counted again after a pause', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('backup', { schedule: '0 3 * * *', grace: '1h' })
      await world.passUntil('2026-03-03T03:30:00Z')
      await world.affirm('backup')
      await world.passUntil('2026-03-03T10:00:00Z')
      assert.equal(await world.stateOf(id), 'met')
      await world.declaring.pause(await world.declaring.expectation(id), world.clock.now())
      assert.equal(await world.stateOf(id), 'paused')
      await world.passUntil('2026-03-03T10:01:00Z')
      await world.declaring.resume(await world.declaring.expectation(id), world.clock.now())
      await world.passUntil('2026-03-04T04:01:00Z')
      assert.equal(await world.stateOf(id), 'missed', 'the one of yesterday says nothing about today')
    })

    test('an edit in the grace to a denser schedule makes windows of no length, and they miss nothing', async () => {
      const world = await aWorldNow()
      const old = await world.expects('e', { schedule: '0 11 * * *', grace: '30m' })
      await world.passUntil(today('11:02:00'))
      await world.declaring.change(
        old,
        { ...old, paused: false, terms: { ...old.terms, expression: '*/10 * * * *', grace: 0 } },
        world.clock.now(),
      )
      await world.passUntil(today('11:41:00'))
      const verdicts = await world.verdictsOf(old.id)
      assert.deepEqual(
        verdicts.map(({ due, verdict, window }) => [(due - START) / MINUTE, verdict, (window.to - window.from) / MINUTE]),
        [
          [60, 'unknown', 24 * 60 + 30],
          [70, 'unknown', 0],
          [80, 'unknown', 0],
          [90, 'unknown', 0],
          [100, 'missed', 10],
        ],
      )
    })

    test('a window may reach back further than a day', async () => {
      const world = await aWorldNow()
      const { id } = await world.expects('e', { schedule: '0 10 * * *', lookback: '3d' })
      await world.affirm('e')
      await world.passUntil(START + 4 * DAY + MINUTE)
      const verdicts = await world.verdictsOf(id)
      assert.deepEqual(
        verdicts.map(({ verdict }) => verdict),
        ['met', 'met', 'met', 'missed'],
      )
    })
  })

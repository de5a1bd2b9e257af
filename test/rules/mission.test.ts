import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'

const clock = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ due, verdict }) => `${new Date(due).toISOString().slice(5, 16)} ${verdict}`)

for (const name of ENGINES)
  describe(`the mission's examples, word for word, on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    // 2026-03-06 is a Friday.
    test('"run at 0 1,7,16 * * 1-5, and each time look for 1 event with a lookback of 20 minutes"', async () => {
      const world = aQuickWorld(await engine.open(), '2026-03-06T00:00:00Z')
      const event = 'etl_3d3de3et_ran_with_no_problems'
      const { id } = await world.expects(event, { schedule: '0 1,7,16 * * 1-5', lookback: '20m' })
      for (const at of ['06T00:40:00', '06T06:39:59.999', '06T16:00:00', '09T00:59:59.999', '09T06:50:00']) {
        await world.passUntil(`2026-03-${at}Z`)
        await world.affirm(event)
      }
      await world.passUntil('2026-03-09T16:01:00Z')
      assert.deepEqual(clock(await world.verdictsOf(id)), [
        '03-06T01:00 met', // at 00:40 sharp: the first instant of the window
        '03-06T07:00 missed', // 20 minutes and a millisecond before
        '03-06T16:00 missed', // at 16:00 sharp: belongs to no window any more
        '03-09T01:00 met', // nothing ran at the weekend
        '03-09T07:00 met',
        '03-09T16:00 missed',
      ])
    })

    test('"*/5 * * * *, requires 4 events with a lookback of 5 minutes"', async () => {
      const world = aQuickWorld(await engine.open(), '2026-03-02T10:00:00Z')
      const event = 'app_xyz_health_check_good'
      const { id } = await world.expects(event, { schedule: '*/5 * * * *', lookback: '5m', atLeast: 4 })
      const affirmations = async (from: string, often: number) => {
        for (let n = 0; n < often; n++) {
          await world.passUntil(Date.parse(from) + n * MINUTE)
          await world.affirm(event)
        }
      }
      await affirmations('2026-03-02T10:00:30Z', 4)
      await affirmations('2026-03-02T10:05:00Z', 5)
      await affirmations('2026-03-02T10:10:30Z', 3)
      await affirmations('2026-03-02T10:15:00Z', 4)
      await world.passUntil('2026-03-02T10:20:03Z')
      const verdicts = await world.verdictsOf(id)
      assert.deepEqual(
        verdicts.map(({ due, verdict, observed }) => [new Date(due).getUTCMinutes(), verdict, observed]),
        [
          [5, 'met', 4],
          [10, 'met', 5],
          [15, 'missed', 3],
          [20, 'met', 4],
        ],
      )
    })

    test('a person signs off machine_learning_model_under_control with a button, once every 3 days', async () => {
      const world = aQuickWorld(await engine.open(), '2026-03-01T09:00:00Z')
      const event = 'machine_learning_model_under_control'
      const { id } = await world.expects(event, { schedule: '0 9 * * *', lookback: '3d' })
      const signOff = async (at: string) => {
        await world.passUntil(at)
        await world.affirm(event, { source: 'user:ann' })
      }
      await signOff('2026-03-02T14:00:00Z')
      await signOff('2026-03-05T08:59:00Z')
      await world.passUntil('2026-03-09T09:01:00Z')
      assert.deepEqual(clock(await world.verdictsOf(id)), [
        '03-02T09:00 unknown', // younger than its three days
        '03-03T09:00 met',
        '03-04T09:00 met',
        '03-05T09:00 met',
        '03-06T09:00 met',
        '03-07T09:00 met',
        '03-08T09:00 missed',
        '03-09T09:00 missed',
      ])
      assert.equal(await world.stateOf(id), 'missed')
      await signOff('2026-03-09T12:00:00Z')
      await world.passUntil('2026-03-10T09:01:00Z')
      assert.equal(await world.stateOf(id), 'met')
    })

    test('a negative event: any occurrence of problems_with_my_app is missed within a minute', async () => {
      const world = aQuickWorld(await engine.open(), '2026-03-02T10:00:00Z')
      const event = 'problems_with_my_app'
      const { id } = await world.expects(event, { schedule: '* * * * *', atLeast: 0, atMost: 0 })
      await world.passUntil('2026-03-02T10:03:21Z')
      assert.equal(await world.stateOf(id), 'met')
      await world.affirm(event)
      await world.passUntil('2026-03-02T10:04:21Z')
      assert.equal(await world.stateOf(id), 'missed', 'a minute later it is known')
      await world.passUntil('2026-03-02T10:05:03Z')
      assert.deepEqual(clock(await world.verdictsOf(id)), [
        '03-02T10:01 met',
        '03-02T10:02 met',
        '03-02T10:03 met',
        '03-02T10:04 missed',
        '03-02T10:05 met',
      ])
    })

    test('an environment counts its own affirmations only', async () => {
      const world = aQuickWorld(await engine.open(), '2026-03-02T10:00:00Z')
      const prod = await world.expects('backup', { schedule: '0 * * * *' })
      const staging = await world.expects('backup', { schedule: '0 * * * *' }, { env: 'staging' })
      await world.affirm('backup', { env: 'staging' })
      await world.passUntil('2026-03-02T11:01:00Z')
      assert.equal(await world.stateOf(prod.id), 'missed')
      assert.equal(await world.stateOf(staging.id), 'met')
    })
  })

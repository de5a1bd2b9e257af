import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { type ChartSpan, readChart } from '../../src/services/chart.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, instant, type World } from '../support/world.ts'

describe('what the chart of an event shows', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  const START = '2026-03-01T12:00:00Z'
  const chartOf = async (world: World, id: number | null, span: ChartSpan | null = null) => {
    const event = await world.declaring.event('pulse')
    const expectation = id === null ? null : await world.declaring.expectation(id)
    return readChart(world.store, { event, expectation, env: 'prod', span }, world.clock.now())
  }

  test('affirmations by the minute, the verdicts on them, the window that is open', async () => {
    const world = aWorld(await engine.open(), START)
    const { id } = await world.expects('pulse', { schedule: '*/5 * * * *', lookback: '5m' })
    await world.passUntil('2026-03-01T12:07:00Z')
    await world.affirm('pulse')
    await world.affirm('pulse', { status: 'fail' })
    await world.passUntil('2026-03-01T12:16:30Z')
    const chart = await chartOf(world, id)
    assert.equal(chart.span, '90m')
    assert.deepEqual(chart.window, { from: instant('2026-03-01T10:47:00Z'), to: instant('2026-03-01T12:17:00Z') })
    assert.deepEqual(chart.bars, [{ from: instant('2026-03-01T12:07:00Z'), ok: 1, fail: 1 }])
    assert.deepEqual(
      chart.windows?.map(({ due, reported, verdict }) => [due - instant(START), reported, verdict]),
      [
        [5 * MINUTE, false, 'missed'],
        [7 * MINUTE, true, 'missed'],
        [10 * MINUTE, false, 'met'],
        [15 * MINUTE, false, 'missed'],
      ],
    )
    assert.deepEqual(chart.open, { from: instant('2026-03-01T12:15:00Z'), to: instant('2026-03-01T12:20:00Z') })
    assert.deepEqual(chart.deaf, [])
  })

  test('times in which nobody listened, and only since the event is known', async () => {
    const world = aWorld(await engine.open(), START)
    const { id } = await world.expects('pulse', { schedule: '*/5 * * * *' })
    await world.passUntil('2026-03-01T12:10:00Z')
    world.sleepUntil('2026-03-01T12:20:00Z')
    world.restart()
    await world.passUntil('2026-03-01T12:25:00Z')
    const { deaf } = await chartOf(world, id)
    assert.deepEqual(deaf, [{ from: instant('2026-03-01T12:10:00Z'), to: instant('2026-03-01T12:20:00Z') }])
  })

  test('the span fits the schedule unless another is asked for', async () => {
    const world = aWorld(await engine.open(), START)
    const hourly = await world.expects('pulse', { schedule: '0 * * * *' })
    const daily = await world.expects('pulse', { schedule: '0 3 * * *' })
    await world.passUntil('2026-03-01T15:10:00Z')
    assert.equal((await chartOf(world, hourly.id)).span, '1d')
    assert.equal((await chartOf(world, daily.id)).span, '30d')
    assert.equal((await chartOf(world, daily.id, '90m')).span, '90m')
    assert.equal((await chartOf(world, null)).span, '1d')
  })

  test('too many verdicts to be told apart are counted by bar; each bar is one of at most 90', async () => {
    const world = aWorld(await engine.open(), START)
    const { id } = await world.expects('pulse', { schedule: '* * * * *' })
    await world.passUntil('2026-03-01T14:40:00Z')
    const chart = await chartOf(world, id, '1d')
    assert.equal(chart.windows, null)
    assert.equal(
      chart.tallies.reduce((sum, { missed }) => sum + missed, 0),
      159,
    )
    assert.ok((chart.window.to - chart.window.from) / chart.bucket <= 90)
  })

  test('nothing is open while it is paused', async () => {
    const world = aWorld(await engine.open(), START)
    const expectation = await world.expects('pulse', { schedule: '*/5 * * * *' })
    await world.passUntil('2026-03-01T12:07:00Z')
    assert.notEqual((await chartOf(world, expectation.id)).open, null)
    await world.declaring.pause(expectation, world.clock.now())
    assert.equal((await chartOf(world, expectation.id)).open, null)
  })
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const COUNT = 50

describe('a minute with more to judge than one piece holds', () => {
  let engine: TestEngine
  let world: World
  let ids: number[]

  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    world = aWorld(await engine.open(), NOON - 2 * MINUTE)
    ids = []
    for (let i = 0; i < COUNT; i++) ids.push((await world.expects(`job_${i}`, { schedule: '0 12 * * *', lookback: '1m' })).id)
    await world.listening.tick(world.clock.now())
    world.sleepUntil(NOON - MINUTE)
    await world.affirm('other', {})
    world.sleepUntil(NOON + 2_500)
  })

  const judged = async () => (await Promise.all(ids.map(world.verdictsOf))).flat()

  test('is judged piece by piece, small ones first, until nothing is owed', async () => {
    const seen: [string, number][] = []
    for (let left = ''; left !== 'idle'; seen.push([left, (await judged()).length]))
      left = await world.evaluation.tick(NOON + 2_500)
    assert.deepEqual(seen, [
      ['more', 20],
      ['more', COUNT],
      ['idle', COUNT],
    ])
  })

  test('goes on by the instant that it began with; what is reported meanwhile waits for its end', async () => {
    await world.evaluation.tick(NOON + 2_500)
    await world.affirm('job_0', { status: 'fail' })
    await world.evaluation.tick(NOON + 3_000)
    assert.equal((await judged()).filter(({ reported }) => reported).length, 0)
    await world.tick()
    await world.tick()
    assert.equal((await judged()).filter(({ reported }) => reported).length, 1)
  })

  test('is begun anew when it lasts past its minute: a failure that is reported meanwhile does not wait', async () => {
    await world.evaluation.tick(NOON + 2_500)
    world.sleepUntil(NOON + MINUTE + 2_500)
    await world.affirm('job_0', { status: 'fail' })
    await world.evaluation.tick(NOON + MINUTE + 2_500)
    assert.equal((await judged()).filter(({ reported }) => reported).length, 1)
  })

  test('is begun anew after a failure, and each due gets its one verdict', async () => {
    const { concludeOwed } = world.store
    let calls = 0
    world.store.concludeOwed = (...args) => {
      calls += 1
      return calls === 2 ? Promise.reject(new Error('the disk is away')) : concludeOwed(...args)
    }
    await world.evaluation.tick(NOON + 2_500)
    await assert.rejects(world.evaluation.tick(NOON + 2_500), /the disk is away/)
    await world.tick()
    world.store.concludeOwed = concludeOwed
    assert.equal((await judged()).length, COUNT)
  })
})

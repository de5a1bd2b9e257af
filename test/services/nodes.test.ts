import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { MINUTE } from '../../src/domain/time.ts'
import { aHealth } from '../../src/services/health.ts'
import { aListening } from '../../src/services/listen.ts'
import { openStore } from '../../src/store/open.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { aWorld } from '../support/world.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const fail = (error: Error): never => {
  throw error
}

describe('one node among several', () => {
  let postgres: TestPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  test('looks again within seconds while another has due expectations in hand, and judges them when that one dies', async () => {
    const url = await postgres.url('in_hand')
    const world = aWorld(await openStore(url, fail), NOON - 3 * MINUTE)
    const { id } = await world.expects('job', { schedule: '0 12 * * *', lookback: '1m' })
    await world.passUntil(NOON)
    world.sleepUntil(NOON + 2_500)
    const other = new pg.Client({ connectionString: url })
    other.on('error', () => undefined)
    await other.connect()
    await other.query('begin')
    await other.query('select id from expectations for update')
    await world.tick()
    assert.deepEqual(await world.verdictsOf(id), [])
    assert.ok(world.evaluation.pause(world.clock.now()) <= 5_000)
    assert.equal(world.health.lastJudged(), NOON - MINUTE, 'it does not say that all of noon is judged')
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
    const killer = new pg.Client({ connectionString: url })
    await killer.connect()
    await killer.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await killer.end()
    world.clock.pass(5_000)
    await world.tick()
    assert.deepEqual(
      (await world.verdictsOf(id)).map(({ verdict, due }) => [verdict, due]),
      [['missed', NOON]],
    )
    assert.ok(world.evaluation.pause(world.clock.now()) > 5_000)
    await world.store.close()
  })
})

describe('listening', () => {
  const opened = async () => {
    const spans: { from: number; to: number }[] = []
    const trouble = { is: false }
    let [storing, release]: [Promise<void>, () => void] = [Promise.resolve(), () => undefined]
    const hold = () => {
      storing = new Promise((resolve) => {
        release = resolve
      })
    }
    const health = aHealth()
    const store = {
      openSpan: async (_node: string, at: number) => {
        if (trouble.is) throw new Error('the database is away')
        return spans.push({ from: at, to: at })
      },
      extendSpan: async (id: number, to: number) => {
        if (trouble.is) throw new Error('the database is away')
        const span = spans[id - 1]
        if (span !== undefined) span.to = to
      },
    }
    return {
      spans,
      trouble,
      health,
      hold,
      release: () => release(),
      listening: aListening({ store, node: 'test', health, affirming: { flush: () => storing } }),
    }
  }

  test('ends where the last beat was stored: who could not store did not listen, though it soon could again', async () => {
    const { spans, trouble, listening } = await opened()
    await listening.beat(0)
    await listening.beat(5_000)
    trouble.is = true
    await assert.rejects(listening.beat(10_000))
    trouble.is = false
    await listening.beat(15_000)
    await listening.beat(20_000)
    assert.deepEqual(spans, [
      { from: 0, to: 5_000 },
      { from: 15_000, to: 20_000 },
    ])
  })

  test('ends, too, where an affirmation could not be stored between two beats', async () => {
    const { spans, health, listening } = await opened()
    await listening.beat(0)
    await listening.beat(5_000)
    health.failedToStore(7_000)
    await listening.beat(10_000)
    assert.deepEqual(spans, [
      { from: 0, to: 5_000 },
      { from: 10_000, to: 10_000 },
    ])
  })

  test('does not go on while what was affirmed waits for a database that takes nothing', async () => {
    const { spans, hold, release, listening } = await opened()
    await listening.tick(0)
    hold()
    const tick = listening.tick(5_000)
    await new Promise(setImmediate)
    assert.deepEqual(spans, [{ from: 0, to: 0 }])
    release()
    await tick
    assert.deepEqual(spans, [{ from: 0, to: 5_000 }])
  })
})

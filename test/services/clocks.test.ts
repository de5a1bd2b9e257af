import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Clock, systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { HOUR, MINUTE, minuteOf } from '../../src/domain/time.ts'
import { aHouse } from '../../src/house.ts'
import type { Log } from '../../src/log.ts'
import { aClocks } from '../../src/services/clocks.ts'
import { SETTLING } from '../../src/services/health.ts'
import { openStore } from '../../src/store/open.ts'
import { BY } from '../support/author.ts'
import { aFakeClock } from '../support/fake-clock.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { someTerms } from '../support/world.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const nothing = () => undefined
const QUIET: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** A node whose clock is ahead of the database's by `ahead`; each question takes `way` there and back. */
function apart(ahead: number, ways: number[] = [0]) {
  const ours = aFakeClock(NOON + ahead)
  const theirs = { ahead }
  const said: string[] = []
  const log: Log = {
    ...QUIET,
    warn: (_, text) => said.push(`warn: ${text.slice(0, 18)}`),
    info: (_, text) => said.push(`info: ${text.slice(0, 17)}`),
  }
  let asked = 0
  const store = {
    clock: async () => {
      const way = ways[asked++ % ways.length] ?? 0
      ours.pass(way)
      // Told as the answer leaves: a slow way back makes it old.
      return ours.now() - theirs.ahead - way
    },
  }
  return { ours, theirs, said, clocks: aClocks({ store, clock: ours, log }) }
}

describe('this clock and the database’s', () => {
  test('what is told is the database’s time, whichever way ours is off', async () => {
    for (const ahead of [HOUR, -HOUR, 0]) {
      const { clocks, ours } = apart(ahead)
      await clocks.compare()
      assert.equal(clocks.offset(), ahead)
      assert.equal(clocks.clock.now(), ours.now() - ahead)
    }
  })

  test('the answer that came quickest is believed', async () => {
    const { clocks } = apart(5_000, [900, 4, 300])
    await clocks.compare()
    assert.ok(Math.abs(clocks.offset() - 5_000) <= 2, `${clocks.offset()}`)
  })

  test('more than two seconds are told at once and each minute, and when it is over', async () => {
    const { clocks, ours, theirs, said } = apart(2_000)
    await clocks.compare()
    assert.deepEqual(said, [])
    theirs.ahead = 2_001
    for (let i = 0; i < 12; i++) {
      await clocks.loop.tick(0)
      ours.pass(10_000)
    }
    assert.deepEqual(said, ['warn: this clock differs', 'warn: this clock differs'])
    theirs.ahead = -1
    await clocks.compare()
    await clocks.compare()
    assert.deepEqual(said.slice(2), ['info: this clock agrees'])
  })

  test('of one machine they are the same', async () => {
    const clocks = aClocks({ store: { clock: async () => null }, clock: aFakeClock(NOON), log: QUIET })
    await clocks.compare()
    assert.equal(clocks.clock.now(), NOON)
  })

  test('where the database does not answer, what is known stays', async () => {
    let isAway = false
    const store = {
      clock: async () => {
        if (isAway) throw new Error('away')
        return NOON - HOUR
      },
    }
    const clocks = aClocks({ store, clock: aFakeClock(NOON), log: QUIET })
    await clocks.compare()
    isAway = true
    await assert.rejects(clocks.compare(), /away/)
    assert.equal(clocks.offset(), HOUR)
  })
})

describe('nodes with wrong clocks on one PostgreSQL', () => {
  let postgres: TestPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  test('judge the same dues, whichever way a clock is off', async () => {
    const stopping = new AbortController().signal
    for (const off of [HOUR, -HOUR]) {
      const store = await openStore(await postgres.url(off > 0 ? 'ahead' : 'behind'), (error) => {
        throw error
      })
      const clock: Clock = { ...systemClock, now: () => systemClock.now() + off }
      const clocks = aClocks({ store, clock, log: QUIET })
      await clocks.compare()
      const house = aHouse({ config: readConfig({}), version: 'test', store, clock: clocks.clock, clocks, log: QUIET, stopping })
      const { declaring } = house.services
      const since = systemClock.now() - 5 * MINUTE
      await declaring.registerEvent({ name: 'job', description: '', tags: [] }, since, BY)
      const terms = someTerms({ schedule: '* * * * *', lookback: '1m' })
      await declaring.expect({ event: 'job', env: 'prod', tags: [], paused: false, terms }, since, BY)
      const before = systemClock.now()
      while ((await house.evaluation.tick(clock.now())) === 'more');
      const { items } = await store.verdicts({}, { limit: 100, cursor: null })
      const dues = items.map(({ due }) => due).reverse()
      assert.deepEqual(
        dues,
        dues.map((_, i) => minuteOf(since) + (i + 1) * MINUTE),
      )
      const last = dues.at(-1) ?? 0
      assert.ok(last >= minuteOf(before - SETTLING) && last <= systemClock.now() - SETTLING, `${off}: judged up to ${last}`)
      await store.close()
    }
  })

  test('judge and note by the database’s clock', async () => {
    const url = await postgres.url('clocks')
    const stopping = new AbortController().signal
    const node = async (ahead: number) => {
      const store = await openStore(url, (error) => {
        throw error
      })
      const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
      const clocks = aClocks({ store, clock, log: QUIET })
      await clocks.compare()
      const house = aHouse({ config: readConfig({}), version: 'test', store, clock: clocks.clock, clocks, log: QUIET, stopping })
      return { store, clock: clocks.clock, wrong: clock, ...house }
    }
    const nodes = [await node(HOUR), await node(-HOUR)]
    const [ahead, behind] = nodes as [Awaited<ReturnType<typeof node>>, Awaited<ReturnType<typeof node>>]
    const { declaring, affirming } = ahead.services
    await declaring.registerEvent({ name: 'job', description: '', tags: [] }, ahead.clock.now(), BY)
    const terms = someTerms({ schedule: '* * * * *', lookback: '1m' })
    await declaring.expect({ event: 'job', env: 'prod', tags: [], paused: false, terms }, ahead.clock.now(), BY)
    const asked = { event: 'job', env: undefined, status: 'ok' as const, at: undefined, source: 'test', value: null, id: null }
    await affirming.affirm(asked, ahead.clock.now())
    await behind.services.affirming.affirm(asked, behind.clock.now())
    for (const { evaluation, wrong } of nodes) while ((await evaluation.tick(wrong.now())) === 'more');
    const event = await ahead.store.findEvent('job')
    assert.ok(event !== null)
    const { items } = await ahead.store.affirmations(event, {}, { limit: 10, cursor: null })
    assert.equal(items.length, 2)
    for (const { at } of items) assert.ok(Math.abs(at - Date.now()) < MINUTE, `${at}`)
    const { items: verdicts } = await ahead.store.verdicts({}, { limit: 100, cursor: null })
    assert.ok(
      verdicts.every(({ due }) => due <= Date.now()),
      'an hour ahead nothing is judged before its time',
    )
    assert.ok(verdicts.length <= 1)
    await Promise.all(nodes.map(({ store }) => store.close()))
  })
})

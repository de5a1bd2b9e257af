import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { DAY, type Millis, SECOND } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { BY } from '../support/author.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, noted, rowsIn, settle, times, verdictsOf } from './contract/steps.ts'
import { ANN, listed, theOne, withdraw } from './contract/withdrawals.ts'

const CALLERS = 8
const HOURLY = { schedule: '0 * * * *', lookback: '30m' }

for (const name of ENGINES)
  describe(`withdrawals on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    /** Stores of their own on PostgreSQL, the only one that SQLite allows eight times. */
    async function aCrowd(t: TestContext): Promise<{ url: string; one: Store; stores: Store[] }> {
      const url = await engine.url()
      const open = () => openStore(url, assert.fail)
      const one = await open()
      const stores = [one, ...(await Promise.all(times(CALLERS - 1, async () => (name === 'sqlite' ? one : open()))))]
      t.after(() => Promise.all([...new Set(stores)].map((store) => store.close())))
      return { url, one, stores }
    }

    test('of eight that take one back one does, and it is noted once', async (t) => {
      const { url, one, stores } = await aCrowd(t)
      const event = await anEvent(one, 'job')
      for (let round = 0; round < 10; round += 1) {
        const instant = at('00:40') + round
        await affirm(one, event, { at: instant })
        const { id } = await theOne(one, event, instant)
        const asked = { event, env: 'prod', at: instant, id, source: 'user:ann', by: ANN, now: at('00:45') }
        const answers = await Promise.all(stores.map((store) => store.withdraw(asked)))
        assert.equal(answers.filter((done) => done).length, 1)
      }
      assert.deepEqual([await rowsIn(url, 'withdrawals'), await rowsIn(url, 'news')], [10, 10])
      assert.equal((await noted(one, 'affirmation')).length, 10)
    })

    test('withdrawn while others judge and settle, it is counted by no verdict in the end', async (t) => {
      const { one, stores } = await aCrowd(t)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(times(60, () => anExpectation(one, event, HOURLY)))
      await affirm(one, event, ...times(4, (i) => ({ at: at('00:40') + i * SECOND })))
      const rows = await listed(one, event)
      await Promise.all(
        stores.map(async (store, i) => {
          const row = rows[i]
          if (row !== undefined) await store.withdraw({ ...row, event, source: 'user:ann', by: ANN, now: at('01:00') })
          else {
            await store.judgeUpTo(at('01:00'))
            await settle(store, at('01:00'))
            await judgeUpTo(store, at('01:00'), { limit: 7 })
            await settle(store, at('01:00'))
          }
        }),
      )
      await judgeUpTo(one, at('01:00'))
      await settle(one, at('01:01'))
      for (const expectation of expectations) {
        const [verdict] = await verdictsOf(one, expectation)
        assert.deepEqual([verdict?.verdict, verdict?.observed], ['missed', 0])
      }
      assert.equal((await one.openIncidents(expectations.map(({ id }) => id))).length, 60)
    })

    test('it goes with what it tells of: cleared, deleted, or too old', async (t) => {
      const { url, one } = await aCrowd(t)
      const [cleared, deleted] = [await anEvent(one, 'cleared'), await anEvent(one, 'deleted')]
      for (const event of [cleared, deleted]) {
        await affirm(one, event, { at: at('00:40') }, { at: at('00:41') })
        await withdraw(one, event, '00:40', '00:45')
        await withdraw(one, event, '00:41', '00:45')
      }
      assert.equal(await one.clearAffirmations(cleared, at('00:41'), 10, BY), 1)
      assert.equal((await theOne(one, cleared, at('00:41'))).withdrawn?.by, 'user:ann')
      assert.equal(await rowsIn(url, 'withdrawals'), 3)
      const prune = async (affirmations: Millis): Promise<number> => {
        while (await one.prune({ affirmations, verdicts: 0 }, 10));
        return rowsIn(url, 'withdrawals')
      }
      await one.deleteEvent(deleted.id, at('00:41'), BY)
      assert.equal(await prune(0), 1)
      assert.equal(await prune(at('00:41') + DAY), 1)
      assert.equal(await prune(at('00:41') + DAY + 1), 0)
      assert.equal((await noted(one, 'affirmation')).length, 4, 'the audit log keeps it')
    })
  })

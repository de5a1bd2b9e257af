import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Event } from '../../src/domain/event.ts'
import { dueAfter } from '../../src/domain/schedule.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Appended, Store } from '../../src/store/store.ts'
import { BY, SOMETIME } from '../support/author.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { someTerms } from '../support/world.ts'
import {
  affirm,
  anEvent,
  anExpectation,
  at,
  decideAt,
  judgeUpTo,
  readAll,
  rowsIn,
  rowsOf,
  settle,
  verdictsOf,
} from './contract/steps.ts'

const CALLERS = 8
const HOURLY = { schedule: '0 * * * *', lookback: '30m' }
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
const fail = (error: Error): never => {
  throw error
}

/** Eight callers of one database: stores of their own on PostgreSQL, many at once on the only store that SQLite allows. */
type Crowd = { url: string; one: Store; stores: Store[]; all: <T>(work: (store: Store, i: number) => Promise<T>) => Promise<T[]> }

async function aCrowd(t: TestContext, engine: TestEngine): Promise<Crowd> {
  const url = await engine.url()
  const one = await openStore(url, fail)
  const others =
    engine.name === 'sqlite' ? times(CALLERS - 1, () => one) : await Promise.all(times(CALLERS - 1, () => openStore(url, fail)))
  const stores = [one, ...others]
  t.after(() => Promise.all([...new Set(stores)].map((store) => store.close())))
  return { url, one, stores, all: (work) => Promise.all(stores.map(work)) }
}

const tally = (answers: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[String(answer)] = (counts[String(answer)] ?? 0) + 1
  return counts
}

function races(name: EngineName): void {
  describe(`many at once on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('of eight that register one name one makes the event', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      for (let round = 0; round < 10; round += 1) {
        const draft = { name: `job ${round}`, description: '', tags: [], createdAt: 0 }
        const answers = await all((store, i) => store.createEvent({ ...draft, key: `af_${round}_${i}` }, BY))
        const made = answers.filter((answer) => typeof answer !== 'string')
        assert.equal(made.length, 1)
        assert.deepEqual(tally(answers.filter((answer) => typeof answer === 'string')), { 'name-taken': CALLERS - 1 })
        assert.deepEqual(await one.findEvent(draft.name), made[0])
      }
      assert.equal((await one.eventNames()).length, 10)
    })

    test('of eight who acknowledge one incident at once one has it, and the others are told so', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const by = { who: 'anyone', address: '' }
      for (let round = 0; round < 10; round += 1) {
        const expectation = await anExpectation(one, await anEvent(one, `job ${round}`), HOURLY)
        await judgeUpTo(one, at('01:00'))
        const [incident] = await one.openIncidents([expectation.id])
        const id = incident?.id ?? assert.fail('nothing was opened')
        const take = (over: string | null) =>
          all((store, i) => store.acknowledge(id, { who: `user:${i}`, note: `${i}`, over }, at('01:01'), by))
        assert.deepEqual(tally(await take(null)), { done: 1, held: CALLERS - 1 })
        const first = await one.findIncident(id)
        assert.equal(`user:${first?.note}`, first?.acknowledgedBy)
        // One of the others takes it over. Who had it only says so once more, if that comes first.
        const taken = (await take(first?.acknowledgedBy ?? '')).filter((answer) => answer === 'done')
        assert.ok(taken.length === 1 || taken.length === 2)
        assert.notEqual((await one.findIncident(id))?.acknowledgedBy, first?.acknowledgedBy)
        const steps = (await one.incidentSteps({ id, openedAt: 0 })).filter(({ kind }) => kind === 'acknowledged')
        assert.equal(steps.length, 2)
      }
    })

    test('an incident that is closed and acknowledged at once is one or the other first, and never both wrong', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      for (let round = 0; round < 10; round += 1) {
        const event = await anEvent(one, `job ${round}`)
        const expectation = await anExpectation(one, event, { ...HOURLY, from: at('00:00') })
        await judgeUpTo(one, at('01:00'))
        const [incident] = await one.openIncidents([expectation.id])
        const id = incident?.id ?? assert.fail('nothing was opened')
        await affirm(one, event, { at: at('01:50') })
        const claim = { who: 'user:ben', note: null, over: null }
        const answers = await all(async (store, i) => {
          if (i % 2 === 0) return (await judgeUpTo(store, at('02:00'))).length > 0 ? 'judged' : 'idle'
          return store.acknowledge(id, claim, at('02:00'), { who: 'anyone', address: '' })
        })
        const found = await one.findIncident(id)
        assert.equal(found?.closedAt, at('02:00'))
        assert.equal(found?.acknowledgedBy, answers.includes('done') ? 'user:ben' : null)
        assert.equal((await one.incidentSteps({ id, openedAt: 0 })).length, answers.includes('done') ? 1 : 0)
      }
    })

    test('of eight events renamed to one name one gets it', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      for (let round = 0; round < 10; round += 1) {
        const events = await Promise.all(times(CALLERS, (i) => anEvent(one, `old ${round} ${i}`)))
        const to = { name: `new ${round}`, description: '', tags: [] }
        const answers = await all((store, i) => store.updateEvent(events[i]?.id ?? 0, to, SOMETIME, BY))
        assert.equal(answers.filter((answer) => answer === 'name-taken').length, CALLERS - 1)
      }
    })

    test('a new environment gets one number', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      for (let round = 0; round < 10; round += 1)
        assert.equal(new Set(await all((store) => store.environment(`env ${round}`))).size, 1)
      assert.equal((await one.environments()).length, 10)
    })

    test('a client id is stored once, whoever comes first', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      for (let round = 0; round < 20; round += 1) {
        const [row] = await rowsOf(one, event, [{ id: `id ${round}`, isNews: true }])
        assert.ok(row)
        const answers = await all((store) => store.append([row]))
        assert.deepEqual(tally(answers.flat()), { stored: 1, duplicate: CALLERS - 1 })
      }
      assert.equal((await one.affirmations(event, {}, { limit: 100, cursor: null })).items.length, 20)
      assert.equal(await settle(one, at('01:00')), 20)
    })

    test('a batch is stored once though it is sent in any order by all of them', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const rows = await rowsOf(
        one,
        event,
        times(500, (i) => ({ id: `id ${i}`, at: at('01:00') + i })),
      )
      const orders = [rows, rows.toReversed()]
      const answers = await all((store, i) => store.append(orders[i % 2] ?? []))
      assert.deepEqual(tally(answers.flat()), { stored: 500, duplicate: 500 * (CALLERS - 1) })
      assert.equal((await one.affirmations(event, {}, { limit: 1_000, cursor: null })).items.length, 500)
    })

    test('three hundred owed dues get one verdict, one advance and one incident each', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(times(300, () => anExpectation(one, event, HOURLY)))
      const told = (await all((store) => judgeUpTo(store, at('01:00'), { limit: 40 }))).flat()
      assert.equal(told.length, 300, 'each is told of by the one that wrote it')
      assert.equal(new Set(told.map(({ expectation }) => expectation)).size, 300)
      const kept = await readAll((page) => one.verdicts({}, page))
      assert.equal(kept.length, 300)
      assert.deepEqual(await one.nextCheck(), { at: at('02:00'), expectations: 300 })
      const incidents = await one.openIncidents(expectations.map(({ id }) => id))
      assert.equal(incidents.length, 300)
      assert.equal(new Set(incidents.map(({ expectation }) => expectation)).size, 300)
    })

    test('a backlog is caught up in order, each due once', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(times(10, () => anExpectation(one, event, { lookback: '1m' })))
      await all((store) => judgeUpTo(store, at('00:30'), { limit: 3 }))
      // Whoever was passed over while another one worked leaves the rest to the next tick.
      await judgeUpTo(one, at('00:30'))
      for (const expectation of expectations) {
        const dues = (await verdictsOf(one, expectation)).map(({ due }) => due)
        assert.deepEqual(
          dues,
          times(30, (i) => at('00:01') + i * MINUTE),
        )
      }
      assert.equal((await one.openIncidents(expectations.map(({ id }) => id))).length, 10)
    })

    test('news are settled once: amendments, extra verdicts and incidents', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const events = await Promise.all(times(10, (i) => anEvent(one, `job ${i}`)))
      const expectations = await Promise.all(events.flatMap((event) => times(3, () => anExpectation(one, event, HOURLY))))
      await judgeUpTo(one, at('01:00'))
      for (const event of events)
        await affirm(
          one,
          event,
          ...times(10, (i) => ({ at: at('00:31') + i, isNews: true })),
          ...times(5, (i) => ({ at: at('01:10') + i, status: 'fail' as const, isNews: true })),
        )
      const taken = await all((store) => settleAll(store, 7))
      assert.equal(
        taken.reduce((sum, n) => sum + n, 0),
        150,
      )
      for (const expectation of expectations) {
        const verdicts = await verdictsOf(one, expectation)
        assert.deepEqual(
          verdicts.map(({ verdict, reported, amended }) => [verdict, reported, amended?.from]),
          [['met', false, 'missed'], ...times(5, () => ['missed', true, undefined])],
        )
      }
      const incidents = await one.openIncidents(expectations.map(({ id }) => id))
      assert.equal(incidents.length, expectations.length)
    })

    test('late news that arrive while others are settled leave the verdict that all of them together give', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const limited = await Promise.all(times(5, () => anExpectation(one, event, { ...HOURLY, atLeast: 1, atMost: 40 })))
      await judgeUpTo(one, at('01:00'))
      await all(async (store, i) => {
        for (let n = 0; n < 6; n += 1) {
          await affirm(store, event, { at: at('00:40') + i * 10 + n, isNews: true })
          await settle(store, at('01:01'), 2)
        }
      })
      await settleAll(one, 200)
      for (const expectation of limited) {
        const [verdict] = await verdictsOf(one, expectation)
        assert.deepEqual([verdict?.verdict, verdict?.amended], ['missed', verdict?.amended])
        assert.ok((verdict?.observed ?? 0) > 40)
      }
      assert.equal((await one.openIncidents(limited.map(({ id }) => id))).length, 5)
    })

    test('what is due, late news and reported failures, all at once, agree with a recount', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(
        times(12, () => anExpectation(one, event, { schedule: '*/5 * * * *', lookback: '5m' })),
      )
      await all(async (store, i) => {
        for (let step = 1; step <= 6; step += 1) {
          const now = at('00:00') + step * 5 * MINUTE
          if (step % 2 === 0) await affirm(store, event, { at: now - MINUTE + i, isNews: true })
          await settle(store, now + 2_000, 3)
          await store.concludeOwed(now, now, 5, decideAt(now))
        }
      })
      await judgeUpTo(one, at('00:30'))
      await settleAll(one, 200)
      for (const expectation of expectations) {
        const verdicts = await verdictsOf(one, expectation)
        assert.deepEqual(
          verdicts.map(({ verdict }) => verdict),
          ['missed', 'met', 'missed', 'met', 'missed', 'met'],
        )
      }
      assert.deepEqual(await one.openIncidents(expectations.map(({ id }) => id)), [])
    })

    test('an append that meets the deletion of its event is stored and deleted, or told that it is gone', async (t) => {
      const { url, one, all } = await aCrowd(t, engine)
      let [stored, gone] = [0, 0]
      for (let round = 0; round < 25; round += 1) {
        const event = await anEvent(one, `job ${round}`)
        const [row] = await rowsOf(one, event, [{}])
        assert.ok(row)
        const answers: Appended[] = []
        const keepOn = async (store: Store) => {
          for (let n = 0; n < 6; n += 1) answers.push(...(await store.append([row, { ...row, clientId: `${Math.random()}` }])))
        }
        const deleted = await all((store, i) =>
          i === 3 ? store.deleteEvent(event.id, SOMETIME, BY) : keepOn(store).then(() => true),
        )
        assert.equal(deleted[3], true)
        const { stored: kept = 0, gone: lost = 0, ...rest } = tally(answers)
        assert.deepEqual(rest, {})
        assert.equal(await rowsIn(url, 'affirmations', `event_id = ${event.id}`), kept)
        stored += kept
        gone += lost
      }
      assert.ok(stored > 0 && gone > 0, `the race took place: ${stored} stored, ${gone} gone`)
      await all((store) => pruneAll(store, 10))
      assert.equal(await rowsIn(url, 'affirmations'), 0)
      assert.equal(await rowsIn(url, 'removed'), 0)
    })

    test('pruned by all of them at once, what was deleted leaves no row behind', async (t) => {
      const { url, one, all } = await aCrowd(t, engine)
      const kept = await anEvent(one, 'kept')
      await affirm(one, kept, {})
      for (let round = 0; round < 3; round += 1) {
        const event = await anEvent(one, 'job')
        await anExpectation(one, event)
        await affirm(one, event, ...times(600, (i) => ({ at: at('00:00') + i * 1_000 })))
        await judgeUpTo(one, at('01:40'))
        await one.deleteEvent(event.id, SOMETIME, BY)
        await all((store) => pruneAll(store, 20))
      }
      for (const table of ['expectations', 'verdicts', 'terms', 'incidents', 'removed'])
        assert.equal(await rowsIn(url, table), 0, table)
      assert.equal(await rowsIn(url, 'affirmations'), 1)
    })

    test('an expectation never outlives an event that is deleted meanwhile', async (t) => {
      const { url, one, all } = await aCrowd(t, engine)
      for (let round = 0; round < 25; round += 1) {
        const event = await anEvent(one, 'job')
        const work = async (store: Store, i: number): Promise<unknown> =>
          i === 3 ? store.deleteEvent(event.id, SOMETIME, BY) : anExpectation(store, event, HOURLY)
        await all((store, i) => work(store, i).catch(() => null))
        assert.equal(await one.findEvent('job'), null)
      }
      assert.equal(await rowsIn(url, 'expectations'), 0)
      assert.equal(await one.nextCheck(), null)
    })

    test('a pause that meets a verdict ends paused and owing nothing', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(times(40, () => anExpectation(one, event, { lookback: '1m' })))
      await all(async (store, i) => {
        if (i % 2 === 0) return judgeUpTo(store, at('00:10'), { limit: 5 })
        for (const { id } of expectations) await store.pauseExpectation(id, at('00:10'), BY)
        return []
      })
      assert.equal(await one.nextCheck(), null)
      for (const expectation of expectations) {
        const dues = (await verdictsOf(one, expectation)).map(({ due }) => due)
        assert.deepEqual(
          dues,
          times(dues.length, (i) => at('00:01') + i * MINUTE),
        )
      }
    })

    test('edits that meet verdicts: each due is judged by the terms of its time', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const expectations = await Promise.all(
        times(60, () => anExpectation(one, event, { schedule: '*/5 * * * *', lookback: '5m' })),
      )
      const terms = someTerms({ schedule: '0 * * * *', lookback: '1h', atLeast: 7 })
      await all(async (store, i) => {
        if (i % 2 === 0) return judgeUpTo(store, at('00:20'), { limit: 5 })
        const edit = { terms, env: 'prod', tags: [], nextDue: dueAfter(terms, at('00:12')), at: at('00:12') }
        const mine = expectations.filter((_, n) => n % 4 === (i - 1) / 2)
        for (const { id } of mine) await store.editExpectation(id, edit, BY)
        return []
      })
      await judgeUpTo(one, at('02:00'))
      for (const expectation of expectations) {
        const verdicts = await verdictsOf(one, expectation)
        // 00:15 and 00:20 may have been judged before the edit of 00:12 came; after it they are no dues.
        const judged = verdicts.filter(({ due }) => due !== at('00:15') && due !== at('00:20'))
        assert.deepEqual(
          judged.map(({ due, atLeast }) => [due, atLeast]),
          [
            [at('00:05'), 1],
            [at('00:10'), 1],
            [at('01:00'), 7],
            [at('02:00'), 7],
          ],
        )
      }
    })

    test('a span reaches as far as the furthest that was said', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const id = await one.openSpan('a', at('01:00'))
      await all((store, i) => store.extendSpan(id, at('01:00') + ((i * 5) % CALLERS) * 1_000))
      assert.deepEqual(await one.spans({ from: 0, to: at('02:00') }), [{ from: at('01:00'), to: at('01:00:07') }])
    })

    test('a step that fails takes nobody else with it', async (t) => {
      const { one, all } = await aCrowd(t, engine)
      const event = await anEvent(one, 'job')
      const noEvent: Event = { ...event, id: event.id + 1_000 }
      await anExpectation(one, event)
      const answers = await all(async (store, i) => {
        const rows = await rowsOf(
          store,
          event,
          times(40, (n) => ({ id: `${i} ${n}` })),
        )
        const [broken, stored]: [Promise<unknown>[], Promise<Appended[]>[]] = [[], []]
        for (const [n, row] of rows.entries()) {
          if (n % 4 === 0) broken.push(anExpectation(store, noEvent), store.concludeOwed(at('00:05'), at('00:05'), 1, breaks))
          broken.at(-1)?.catch(() => undefined)
          broken.at(-2)?.catch(() => undefined)
          stored.push(store.append([row]))
          // Gives way, so that some of these come while a step of somebody else is under way.
          await null
        }
        const settled = await Promise.allSettled(broken)
        assert.ok(settled.some(({ status }) => status === 'rejected'))
        return (await Promise.all(stored)).flat()
      })
      assert.deepEqual(tally(answers.flat()), { stored: CALLERS * 40 })
      assert.equal((await one.affirmations(event, {}, { limit: 1_000, cursor: null })).items.length, CALLERS * 40)
      assert.equal((await one.outline()).length, 1)
    })
  })
}

for (const name of ENGINES) races(name)

/** One node is stopped between what it has read and what it writes, so that the other one comes in between for certain. */
describe('two nodes on one PostgreSQL, one of them in the middle of a step', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('postgresql')
  })
  after(() => engine.stop())

  test('late news that come while a due is concluded correct its verdict', async (t) => {
    const { a, b, verdictsWait } = await twoNodes(t, engine)
    const event = await anEvent(a, 'job')
    const expectation = await anExpectation(a, event, HOURLY)
    const hold = await verdictsWait()
    const concluding = judgeUpTo(a, at('01:00'))
    await hold.waiting(1)
    await affirm(b, event, { at: at('00:45'), isNews: true })
    const settling = settle(b, at('01:00'))
    await Promise.race([settling, hold.waiting(2)])
    await hold.release()
    await Promise.all([concluding, settling])
    await settle(b, at('01:01'))
    const [verdict] = await verdictsOf(a, expectation)
    assert.deepEqual([verdict?.verdict, verdict?.observed, verdict?.amended?.from], ['met', 1, 'missed'])
    assert.deepEqual(await a.openIncidents([expectation.id]), [])
  })

  test('of two that settle news of one window the one that counted less does not have the last word', async (t) => {
    const { a, b, verdictsWait } = await twoNodes(t, engine)
    const event = await anEvent(a, 'job')
    const expectation = await anExpectation(a, event, { ...HOURLY, atLeast: 1, atMost: 1 })
    await judgeUpTo(a, at('01:00'))
    await affirm(a, event, { at: at('00:45'), isNews: true })
    const hold = await verdictsWait()
    const first = settle(a, at('01:01'))
    await hold.waiting(1)
    await affirm(b, event, { at: at('00:46'), isNews: true })
    const second = settle(b, at('01:01'))
    await Promise.race([second, hold.waiting(2)])
    await hold.release()
    await Promise.all([first, second])
    await settle(b, at('01:02'))
    const [verdict] = await verdictsOf(a, expectation)
    assert.deepEqual([verdict?.verdict, verdict?.reason, verdict?.observed], ['missed', 'too-many', 2])
    assert.equal((await a.openIncidents([expectation.id])).length, 1)
  })

  test('an edit that comes while a due is concluded holds from the next due on', async (t) => {
    const { a, b, verdictsWait } = await twoNodes(t, engine)
    const event = await anEvent(a, 'job')
    const expectation = await anExpectation(a, event, { schedule: '*/5 * * * *', lookback: '5m' })
    const hold = await verdictsWait()
    const concluding = judgeUpTo(a, at('00:05'))
    await hold.waiting(1)
    const terms = someTerms({ schedule: '0 * * * *', lookback: '1h', atLeast: 7 })
    const editing = b.editExpectation(expectation.id, { terms, env: 'prod', tags: [], nextDue: at('01:00'), at: at('00:06') }, BY)
    await Promise.race([editing, hold.waiting(2)])
    await hold.release()
    await Promise.all([concluding, editing])
    await judgeUpTo(a, at('01:00'))
    assert.deepEqual(
      (await verdictsOf(a, expectation)).map(({ due, atLeast }) => [due, atLeast]),
      [
        [at('00:05'), 1],
        [at('01:00'), 7],
      ],
    )
  })
})

/** `verdictsWait`: from then on whoever writes verdicts waits until `release`; `waiting(n)` resolves when so many wait for somebody. */
async function twoNodes(t: TestContext, engine: TestEngine) {
  const url = await engine.url()
  const [a, b] = [await openStore(url, fail), await openStore(url, fail)]
  const [holder, watcher] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })]
  await Promise.all([holder.connect(), watcher.connect()])
  t.after(() => Promise.all([holder.end(), watcher.end(), a.close(), b.close()]))
  const waiting = async (n: number): Promise<void> => {
    const text = "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    for (let found = 0; found < n; found = (await watcher.query<{ n: number }>(text)).rows[0]?.n ?? 0) await pause(10)
  }
  return {
    a,
    b,
    verdictsWait: async () => {
      await holder.query('begin')
      await holder.query('lock table verdicts in share row exclusive mode')
      return { waiting, release: () => holder.query('rollback') }
    },
  }
}

const breaks = (): never => {
  throw new Error('a bug')
}

async function settleAll(store: Store, limit: number): Promise<number> {
  let taken = 0
  for (let step = limit; step > 0; taken += step) step = await settle(store, at('01:20'), limit)
  return taken
}

async function pruneAll(store: Store, limit: number): Promise<void> {
  while (await store.prune({ affirmations: 0, verdicts: 0 }, limit));
}

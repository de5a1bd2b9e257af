import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { type Duration, MINUTE, type Millis, minuteOf, type Window } from '../../src/domain/time.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type Fault, startProxy, type TestProxy } from '../support/proxy.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { asSaid, type Callers, expectEachMinute, isHonest, isStored, someCallers } from './callers.ts'
import { type Rows, rowsOf } from './look.ts'
import { assertReady, live, type Trouble, until } from './troubles.ts'

/** No caller waits longer for an answer: a statement is given up after ten seconds. */
const LONGEST_ANSWER: Duration = 15_000
/** How long after it was due a verdict may take when the node had its troubles meanwhile. */
const LONGEST_LAG: Duration = 15_000

type Verdict = { expectation_id: number; due: Millis; verdict: string; window_from: Millis; window_to: Millis }

describe('a node whose database, or the way to it, is in trouble', { timeout: 240_000 }, () => {
  let postgres: TestPostgres
  let proxy: TestProxy
  let server: TestServer
  let callers: Callers
  let rows: Rows
  const troubles: Window[] = []
  let expectedFrom: Millis
  let looked = 0

  const endure = async (trouble: Trouble): Promise<void> => {
    troubles.push(await live(server, trouble))
  }
  const throughFault = (fault: Fault, lasts: Duration, isFelt: boolean): Promise<void> =>
    endure({ begin: () => proxy.set(fault), heal: () => proxy.set('none'), lasts, isFelt })

  before(async () => {
    postgres = await startPostgres()
    const database = await postgres.url('faults')
    rows = rowsOf(database)
    proxy = await startProxy(postgres.port)
    server = await startServer({ DATABASE_URL: proxy.url(database) })
    callers = someCallers(server.url)
    callers.start('single', 8, 20)
    callers.start('batch', 2, 200)
    callers.start('new', 1, 300)
    callers.start('job', 1, 500)
    callers.start('bare', 1, 500)
    await assertReady(server)
    // An event is known by its first affirmation.
    await until(() => new Set(callers.answers.filter(isStored).map(({ kind }) => kind)).size === 5, LONGEST_ANSWER)
    await expectEachMinute(server.url, 'job', '10s')
    await expectEachMinute(server.url, 'bare', '10s')
    await expectEachMinute(server.url, 'bare', '1m')
    expectedFrom = systemClock.now()
  })

  after(async () => {
    await server?.kill('SIGKILL')
    await callers?.stop()
    await proxy?.close()
    await postgres?.stop()
  })

  afterEach(() => {
    const answers = callers.answers.slice(looked)
    looked += answers.length
    assert.deepEqual(answers.filter((answer) => !isHonest(answer)).map(asSaid), [], 'every answer is a 2xx or an honest refusal')
    const slow = answers.filter(({ took }) => took > LONGEST_ANSWER)
    assert.deepEqual(slow.map(asSaid), [], 'nobody waits longer than promised')
  })

  test('a slow network is no trouble', () => throughFault({ delay: 200 }, 3_000, false))

  test('a network that rests for some seconds is no trouble', () => throughFault('hold', 4_000, false))

  test('half a minute of silence, while many hammer', async () => {
    const hammering = [callers.start('batch', 40, 50), callers.start('single', 100, 50)]
    await throughFault('black-hole', 30_000, true)
    await Promise.all(hammering.map((stop) => stop()))
  })

  test('connections cut and new ones refused', () =>
    endure({
      begin: () => {
        proxy.set('refuse')
        proxy.cut()
      },
      heal: () => proxy.set('none'),
      lasts: 4_000,
      isFelt: true,
    }))

  test('answers are lost: what had been committed counts once when it is sent again', async () => {
    const since = callers.answers.length
    const isUnheard = async () => (await rows.storedUnheard(callers.answers.slice(since))).length > 0
    const stop = callers.start('single', 40, 20)
    // Connections that were lost before have nothing on the way: then nothing is hit, and it has to happen again.
    for (let times = 0; times < 4 && !(await isUnheard()); times++) {
      await throughFault('half-open', 12_000, true)
      await until(isUnheard, LONGEST_ANSWER)
    }
    await stop()
    assert.ok(await isUnheard())
  })

  test('all backends terminated in the middle of load', () =>
    endure({
      begin: () =>
        rows.of('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null'),
      heal: () => undefined,
      lasts: 1_000,
      isFelt: false,
    }))

  const allWrites = async (setting: string): Promise<void> => {
    const end = await rows.hold(`alter system ${setting}`, 'select pg_reload_conf()')
    await end()
  }

  test('a database that may only be read', () =>
    endure({
      begin: () => allWrites('set default_transaction_read_only = on'),
      heal: () => allWrites('reset default_transaction_read_only'),
      lasts: 4_000,
      isFelt: true,
    }))

  test('a database that crashes and comes back', () =>
    endure({ begin: () => postgres.crash(), heal: () => postgres.start(), lasts: 2_000, isFelt: true }))

  test('tables that another session holds, so that connections run out', async () => {
    const newcomers = callers.start('new', 20, 50)
    let end: (() => Promise<void>) | undefined
    await endure({
      begin: async () => {
        end = await rows.hold('begin', 'lock table news, events in access exclusive mode')
      },
      heal: () => end?.(),
      lasts: 12_000,
      isFelt: true,
    })
    await newcomers()
  })

  describe('after all of it', () => {
    let ended: Millis
    let verdicts: Verdict[]

    before(async () => {
      ended = systemClock.now()
      await callers.stop()
      const isJudged = async () => {
        const [first] = await rows.of<{ due: Millis | null }>('select min(next_due) as due from expectations')
        return (first?.due ?? 0) > ended
      }
      await until(isJudged, LONGEST_LAG)
      verdicts = await rows.of<Verdict>('select * from verdicts order by expectation_id, due')
    })

    test('what was answered 2xx is there exactly once', async () => {
      const stored = await rows.of<{ client_id: string }>('select client_id from affirmations where client_id is not null')
      const once = new Set(stored.map(({ client_id }) => client_id))
      assert.equal(once.size, stored.length)
      const acknowledged = callers.answers.filter(isStored)
      assert.ok(acknowledged.length > 1_000, `the load was real: ${acknowledged.length}`)
      assert.deepEqual(
        acknowledged.flatMap(({ ids }) => ids).filter((id) => !once.has(id)),
        [],
      )
    })

    test('each minute was judged, once', () => {
      for (const id of [1, 2, 3]) {
        const dues = verdicts.filter(({ expectation_id }) => expectation_id === id).map(({ due }) => due)
        const [first = 0] = dues
        const minutes = Array.from({ length: (minuteOf(ended) - first) / MINUTE + 1 }, (_, n) => first + n * MINUTE)
        assert.ok(minutes.length > 1)
        assert.deepEqual(dues, minutes)
      }
    })

    test('what a job kept and told late is met in the end', () => {
      const settled = verdicts.filter(
        (one) => one.expectation_id === 1 && one.window_from >= expectedFrom && one.due < minuteOf(ended),
      )
      assert.deepEqual(
        settled.filter(({ verdict }) => verdict !== 'met'),
        [],
      )
    })

    test('no false alarm: nothing is missed, and unknown is only what the troubles darkened', () => {
      const isDark = ({ window_from, window_to }: Verdict) =>
        troubles.some(({ from, to }) => from < window_to && window_from < to)
      const wrong = verdicts.filter((one) => one.verdict === 'missed' || (one.verdict === 'unknown' && !isDark(one)))
      // A window that began before its expectation is unknown by its nature.
      assert.deepEqual(
        wrong.filter(({ window_from }) => window_from >= expectedFrom),
        [],
      )
    })
  })
})

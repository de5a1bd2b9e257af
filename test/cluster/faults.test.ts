import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import pg from 'pg'
import { systemClock } from '../../src/clock.ts'
import { type Duration, MINUTE, type Millis, minuteOf, type Window } from '../../src/domain/time.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type Fault, startProxy, type TestProxy } from '../support/proxy.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type Answer, type Callers, someCallers } from './callers.ts'
import { assertReady, live, type Trouble, until } from './troubles.ts'

const INT8 = 20
pg.types.setTypeParser(INT8, Number)

/** No caller waits longer for an answer: a statement is given up after ten seconds. */
const LONGEST_ANSWER: Duration = 15_000
/** How long after it was due a verdict may take when the node had its troubles meanwhile. */
const LONGEST_LAG: Duration = 15_000

type Verdict = { expectation_id: number; due: Millis; verdict: string; window_from: Millis; window_to: Millis }

const isHonest = ({ status, retryAfter }: Answer): boolean =>
  (status >= 200 && status < 300) || ((status === 503 || status === 429) && retryAfter !== null)

const asSaid = ({ kind, asked, took, status, retryAfter }: Answer): string =>
  `${kind} asked at ${new Date(asked).toISOString()}: ${status} after ${took} ms, retry-after ${retryAfter}`

describe('a node whose database, or the way to it, is in trouble', { timeout: 240_000 }, () => {
  let postgres: TestPostgres
  let proxy: TestProxy
  let server: TestServer
  let callers: Callers
  let database: string
  const troubles: Window[] = []
  let expectedFrom: Millis
  let looked = 0

  /** On a connection past the proxy. */
  const admin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: database })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const rows = <T extends pg.QueryResultRow>(query: string): Promise<T[]> =>
    admin(async (client) => (await client.query<T>(query)).rows)

  const expects = async (event: string, lookback: string): Promise<void> => {
    const response = await fetch(`${server.url}/api/v1/expectations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event, schedule: '* * * * *', atLeast: 1, lookback }),
    })
    assert.equal(response.status, 201, await response.text())
  }

  const endure = async (trouble: Trouble): Promise<void> => {
    troubles.push(await live(server, trouble))
  }
  const throughFault = (fault: Fault, lasts: Duration, isFelt: boolean): Promise<void> =>
    endure({ begin: () => proxy.set(fault), heal: () => proxy.set('none'), lasts, isFelt })

  before(async () => {
    postgres = await startPostgres()
    database = await postgres.url('faults')
    proxy = await startProxy(postgres.port)
    server = await startServer({ DATABASE_URL: proxy.url(database) })
    callers = someCallers(server.url)
    callers.start('single', 8, 20)
    callers.start('batch', 2, 200)
    callers.start('new', 1, 300)
    callers.start('job', 1, 500)
    callers.start('bare', 1, 500)
    await assertReady(server)
    await expects('job', '10s')
    await expects('bare', '10s')
    await expects('bare', '1m')
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

  test('more than a minute of silence, while many hammer', async () => {
    const hammering = [callers.start('batch', 40, 50), callers.start('single', 100, 50)]
    await throughFault('black-hole', 70_000, true)
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
    const from = callers.answers.length
    await throughFault('half-open', 12_000, true)
    const isTold = () => callers.answers.slice(from).some(({ duplicates }) => duplicates > 0)
    await until(isTold, LONGEST_ANSWER)
    assert.ok(isTold(), 'some that were refused had been committed')
  })

  test('all backends terminated in the middle of load', () =>
    endure({
      begin: () =>
        rows('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null'),
      heal: () => undefined,
      lasts: 1_000,
      isFelt: false,
    }))

  test('a database that may only be read', () =>
    endure({
      begin: () =>
        admin(async (client) => [
          await client.query('alter system set default_transaction_read_only = on'),
          await client.query('select pg_reload_conf()'),
        ]),
      heal: () =>
        admin(async (client) => [
          await client.query('alter system reset default_transaction_read_only'),
          await client.query('select pg_reload_conf()'),
        ]),
      lasts: 4_000,
      isFelt: true,
    }))

  test('a database that crashes and comes back', () =>
    endure({ begin: () => postgres.crash(), heal: () => postgres.start(), lasts: 2_000, isFelt: true }))

  test('a table that another session holds, so that connections run out', async () => {
    const holder = new pg.Client({ connectionString: database })
    await holder.connect()
    await endure({
      begin: async () => [await holder.query('begin'), await holder.query('lock table news in access exclusive mode')],
      heal: async () => [await holder.query('rollback'), await holder.end()],
      lasts: 12_000,
      isFelt: true,
    })
  })

  describe('after all of it', () => {
    let ended: Millis
    let verdicts: Verdict[]

    before(async () => {
      ended = systemClock.now()
      await callers.stop()
      const isJudged = async () => {
        const [last] = await rows<{ due: number | null }>('select min(next_due) as due from expectations')
        return (last?.due ?? 0) > ended
      }
      await until(isJudged, LONGEST_LAG)
      verdicts = await rows<Verdict>('select * from verdicts order by expectation_id, due')
    })

    test('what was answered 2xx is there exactly once', async () => {
      const stored = await rows<{ client_id: string }>('select client_id from affirmations where client_id is not null')
      const once = new Set(stored.map(({ client_id }) => client_id))
      assert.equal(once.size, stored.length)
      const acknowledged = callers.answers.filter(({ status }) => status < 300 && status > 0)
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

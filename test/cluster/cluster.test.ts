import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { MINUTE, type Millis } from '../../src/domain/time.ts'
import { VERDICTS } from '../../src/domain/verdict.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { aFastClock, type Pace } from './fast-clock.ts'
import { FATES, type Fate, NAMES } from './fates.ts'
import { wrongIncidents } from './incidents.ts'
import { EXPECTED, JOBS, PULSE } from './jobs.ts'
import { aJournal, type Journal } from './journal.ts'
import { type Load, work } from './load.ts'
import { type Nodes, someNodes } from './nodes.ts'
import { aCounter, duesOf, recount } from './recount.ts'
import { type Rows, readRows, type StoredExpectation } from './rows.ts'

/**
 * A minute takes a second, and the two seconds after which windows are judged take 33 ms: enough for a commit. Faster, and a busy machine
 * would not keep up; slower, and three hours would take longer than anybody waits.
 */
const SPEED = 60
const BASE = Date.parse('2026-03-02T00:00:00Z')
/** Expectations of each kind. */
const COPIES = 3
const END = 185
/** Dues are looked at up to here: their graces are over long before the end. */
const LAST_DUE = BASE + 180 * MINUTE
const SILENCE = { first: BASE + 72 * MINUTE, last: BASE + 90 * MINUTE, over: BASE + 92 * MINUTE }

const by = <T extends { expectation: number }>(rows: readonly T[], { id }: StoredExpectation): T[] =>
  rows.filter(({ expectation }) => expectation === id)

async function declare(url: string): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 201, await response.text())
  }
  for (const expected of EXPECTED) {
    await post('events', { name: expected.event })
    for (let i = 0; i < COPIES; i += 1) await post('expectations', expected)
  }
}

describe('three nodes on one PostgreSQL live through three hours in which they are killed and the database crashes', () => {
  const stopping = new AbortController()
  setMaxListeners(JOBS.length + NAMES.length, stopping.signal)
  const journal: Journal = aJournal()
  const tally: Load['tally'] = {}
  let postgres: TestPostgres
  let nodes: Nodes
  let codes: (number | null)[] = []
  let rows: Rows
  let crashes = 0

  async function live(pace: Pace): Promise<void> {
    const clock = aFastClock(pace)
    const load = { clock, journal, start: BASE, stopping: stopping.signal, tally }
    const working = [
      ...JOBS.map((job) => work(job, { ...load, nodes: nodes.called })),
      ...nodes.called.map((node) => work(PULSE, { ...load, nodes: [node] })),
    ]
    const happening: Promise<void>[] = []
    for (const fate of FATES) {
      await clock.sleep(BASE + fate.at * MINUTE - clock.now())
      happening.push(befall(fate, clock.now))
    }
    await clock.sleep(BASE + END * MINUTE - clock.now())
    stopping.abort()
    await Promise.all([...working, ...happening])
    // One more tick settles the news of the last minute.
    await clock.sleep(2 * MINUTE)
  }

  async function befall({ kill, start, freeze, thaw, crash }: Fate, now: () => Millis): Promise<void> {
    if (kill !== undefined) await nodes.kill(kill)
    if (start !== undefined) await nodes.start(start)
    if (freeze !== undefined) nodes.freeze(freeze)
    if (thaw !== undefined) nodes.thaw(thaw)
    if (crash === undefined) return
    await postgres.crash()
    const from = now()
    await pause(crash)
    journal.lost(from, now())
    await postgres.start()
    crashes += 1
  }

  before(async () => {
    const built = spawnSync('node_modules/.bin/tsc', ['-p', 'test/cluster'], { encoding: 'utf8' })
    assert.equal(built.status, 0, built.stdout)
    postgres = await startPostgres()
    const url = await postgres.url('cluster')
    const pace = { base: BASE, start: Date.now(), speed: SPEED }
    nodes = someNodes(NAMES, url, pace, aFastClock(pace), journal)
    await Promise.all(NAMES.map(nodes.start))
    await declare(nodes.called[0]?.url ?? '')
    await live(pace)
    codes = await nodes.stopAll()
    rows = await readRows(url)
  })
  after(async () => {
    stopping.abort()
    await nodes?.stopAll()
    await postgres?.stop()
  })

  test('callers are told nothing but that it is stored, or to send it again', () => {
    assert.deepEqual(Object.keys(tally).toSorted(), ['again', 'stored'])
  })

  test('every acknowledged affirmation is stored, and nothing twice', () => {
    const stored = new Set(rows.affirmations.map(({ id }) => id))
    assert.equal(stored.size, rows.affirmations.length)
    assert.deepEqual(
      [...journal.acknowledgements()].filter((id) => !stored.has(id)),
      [],
    )
  })

  test('every due of every expectation has one verdict', () => {
    for (const expectation of rows.expectations) {
      const judged = by(rows.verdicts, expectation).map(({ due }) => due)
      assert.deepEqual(
        judged.filter((due) => due <= LAST_DUE),
        duesOf(expectation, LAST_DUE),
        expectation.event,
      )
    }
  })

  test('each verdict agrees with a recount; blindness is unknown, and nothing else is', (t) => {
    const sight = { listening: journal.surelyListening(), outages: journal.outages() }
    const count = aCounter(rows)
    const counted = rows.expectations.map((expectation) => recount(expectation, by(rows.verdicts, expectation), count, sight))
    const decided = counted.reduce((sum, one) => sum + one.decided, 0)
    t.diagnostic(`${decided} of ${rows.verdicts.length} verdicts could only be one`)
    assert.deepEqual(
      counted.flatMap(({ wrong }) => wrong),
      [],
    )
    assert.ok(decided > rows.verdicts.length * 0.8, 'the recount knows most of them')
  })

  test('incidents open with a missed due and close with the next met one, one at a time', () => {
    for (const expectation of rows.expectations)
      assert.deepEqual(
        wrongIncidents(by(rows.incidents, expectation), by(rows.verdicts, expectation)),
        [],
        `${expectation.event} ${expectation.id}`,
      )
  })

  test('the job that fell silent is missed all that time, in one incident', () => {
    const silent = rows.expectations.filter(({ event }) => event === 'silent')
    assert.equal(silent.length, COPIES)
    for (const expectation of silent) {
      const meanwhile = by(rows.verdicts, expectation).filter(({ due }) => due >= SILENCE.first && due <= SILENCE.last)
      assert.deepEqual(new Set(meanwhile.map(({ verdict }) => verdict)), new Set(['missed']))
      const incident = by(rows.incidents, expectation).find(({ openedDue }) => openedDue === SILENCE.first)
      assert.equal(incident?.closedDue, SILENCE.over)
    }
  })

  test('late news are settled, the nodes stop cleanly, and each of them judged some', (t) => {
    assert.equal(rows.news, 0)
    assert.deepEqual(codes, [0, 0, 0], NAMES.map((name) => nodes.printed(name).slice(-600)).join('\n'))
    const judged = NAMES.map((name) =>
      [...nodes.printed(name).matchAll(/"judged":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0),
    )
    const figures = {
      acknowledged: journal.acknowledgements().size,
      stored: rows.affirmations.length,
      requests: tally,
      ...nodes.tally,
      crashes,
      ...Object.fromEntries(VERDICTS.map((name) => [name, rows.verdicts.filter(({ verdict }) => verdict === name).length])),
      amended: rows.verdicts.filter(({ amendedFrom }) => amendedFrom !== null).length,
      incidents: rows.incidents.length,
      judged,
    }
    t.diagnostic(JSON.stringify(figures))
    for (const some of judged) assert.ok(some > rows.verdicts.length / 20, `${judged}`)
  })
})

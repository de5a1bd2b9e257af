import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { MINUTE, type Millis } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { type Life, type LifeAnswer, type LifeTask, START, WEEK } from './life.ts'

const ended = ([code]: unknown[]): [LifeAnswer] => [{ trouble: `The process ended with ${code}.` }]

describe('a simulated life agrees with an oracle that recounts everything', () => {
  const seed = Number(process.env.SIMULATION_SEED ?? randomInt(1_000_000_000))
  const weeks = Number(process.env.SIMULATION_WEEKS ?? 13)
  const engines = new Map<EngineName, TestEngine>()
  before(async () => {
    for (const name of ENGINES) engines.set(name, await startEngine(name))
  })
  after(() => Promise.all([...engines.values()].map((engine) => engine.stop())))

  /** In a process of its own: the test runner follows every promise, and two million beats would take ten times as long. */
  const live = async (name: EngineName, end: Millis): Promise<Life> => {
    const child = fork('test/simulation/life.ts', {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
    })
    const task: LifeTask = { url: (await engines.get(name)?.url()) ?? '', seed, end }
    child.send(task)
    const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(ended)])) as [LifeAnswer]
    if ('trouble' in answer) assert.fail(`To live it again: SIMULATION_SEED=${seed} SIMULATION_WEEKS=${weeks}\n${answer.trouble}`)
    return answer.life
  }

  test('months of outages, late news, edits, pauses and clock jumps on SQLite', async (t) => {
    const { rows, told } = await live('sqlite', START + weeks * WEEK)
    t.diagnostic(`seed ${seed}: ${told.length} affirmations, ${rows.length} verdicts, ${JSON.stringify(tally(rows))}`)
    checkInvariants(rows)
    for (const outcome of ['met', 'missed', 'unknown'] as const)
      assert.ok(rows.filter(({ verdict }) => verdict === outcome).length > 10, `there were some ${outcome}`)
  })

  test('two weeks give the very same rows on both engines', async (t) => {
    const end = START + 2 * WEEK
    const [sqlite, postgresql] = await Promise.all([live('sqlite', end), live('postgresql', end)])
    t.diagnostic(`seed ${seed}: ${sqlite.rows.length} verdicts, ${JSON.stringify(tally(sqlite.rows))}`)
    checkInvariants(postgresql.rows)
    assert.deepEqual(postgresql, sqlite)
  })
})

function checkInvariants(rows: readonly Verdict[]): void {
  const names = rows.map(({ expectation, due, reported }) => `${expectation} ${due} ${reported}`)
  assert.equal(new Set(names).size, names.length, 'each (expectation, due, reported) is there once')
  for (const row of rows) {
    const { verdict, reason, blind, window, observed, atMost } = row
    if (verdict !== 'missed' || row.reported) continue
    const isOurs = blind > Math.min((window.to - window.from) / 10, 2 * MINUTE)
    const isTooMany = atMost !== null && observed > atMost
    assert.ok(!isOurs || isTooMany, `missed by our own outage: ${JSON.stringify(row)}`)
    assert.equal(reason === 'too-many', isTooMany)
  }
}

function tally(rows: readonly Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { verdict, amended, reported } of rows) {
    const name = reported ? 'reported' : amended === null ? verdict : `${amended.from} → ${verdict}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

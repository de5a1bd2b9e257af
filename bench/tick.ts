import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { MINUTE } from '../src/domain/time.ts'
import { conclude } from '../src/services/evaluate.ts'
import { openStore } from '../src/store/open.ts'

const EVENTS = 1_000
const START = Date.parse('2026-03-01T00:00:00Z')

function fill(path: string, expectations: number, affirmations: number): void {
  const db = new Database(path)
  db.transaction(() => {
    db.prepare("insert into environments (id, name) values (1, 'prod')").run()
    const event = db.prepare("insert into events (id, key, name, description, tags, created_at) values (?, ?, ?, '', '[]', 0)")
    for (let i = 1; i <= EVENTS; i++) event.run(i, `key${i}`, `event_${i}`)
    const affirmation = db.prepare("insert into affirmations (event_id, env_id, at, status, source) values (?, 1, ?, 0, 'bench')")
    for (let i = 0; i < affirmations; i++) affirmation.run(1 + (i % EVENTS), START - 600_000 + ((i * 997) % 600_000))
    const terms = db.prepare(
      "insert into terms (expectation_id, env_id, schedule, time_zone, at_least, counting, lookback, grace, ignore_failures) values (?, 1, '* * * * *', 'UTC', 1, 'affirmations', 300000, 0, 0)",
    )
    const expectation = db.prepare(
      "insert into expectations (id, event_id, tags, terms_id, terms_since, created_at, since, next_due, check_at, window_start, caught_up) values (?, ?, '[]', ?, 0, 0, 0, ?, ?, 0, 0)",
    )
    for (let i = 1; i <= expectations; i++) {
      const { lastInsertRowid } = terms.run(i)
      expectation.run(i, 1 + (i % EVENTS), lastInsertRowid, START, START)
    }
  })()
  db.close()
}

/** Everything due in one minute, judged as the evaluator does it, against one bare counting query over the same windows. */
export async function benchTick(dir: string, isQuick: boolean): Promise<{ what: string; figure: string; ratio: string }[]> {
  const [expectations, affirmations] = isQuick ? [1_000, 100_000] : [10_000, 1_000_000]
  const path = join(dir, 'tick.db')
  await (await openStore(`file:${path}`, () => undefined)).close()
  fill(path, expectations, affirmations)

  const bare = new Database(path, { readonly: true })
  const floorStart = performance.now()
  bare
    .prepare(
      'select e.id, (select count(*) from affirmations a where a.event_id = e.event_id and a.env_id = 1 and a.at >= ? and a.at < ? and a.status = 0) from expectations e',
    )
    .all(START - 5 * MINUTE, START)
  const floor = performance.now() - floorStart
  bare.close()

  const store = await openStore(`file:${path}`, () => undefined)
  const spans = [{ from: 0, to: START + MINUTE }]
  const start = performance.now()
  let longest = 0
  for (;;) {
    const piece = performance.now()
    const { claimed } = await store.concludeOwed(START, START, 200, (owed) => owed.map((one) => conclude(one, START, spans)))
    longest = Math.max(longest, performance.now() - piece)
    if (claimed === 0) break
  }
  const took = performance.now() - start
  await store.close()
  return [
    {
      what: `counting alone, ${expectations} windows over ${affirmations} affirmations`,
      figure: `${floor.toFixed(0)} ms`,
      ratio: '1.00',
    },
    {
      what: `the tick, ${expectations} due`,
      figure: `${took.toFixed(0)} ms, longest piece ${longest.toFixed(0)} ms`,
      ratio: (took / floor).toFixed(2),
    },
  ]
}

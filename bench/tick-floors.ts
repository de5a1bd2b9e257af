import { performance } from 'node:perf_hooks'
import { HOUR, type Millis } from '../src/domain/time.ts'
import { connect, openRaw, pathOf } from './raw.ts'

/** Judges everything due at `due` and answers how many milliseconds it took and how many there were. */
export type FloorTick = { tick(due: Millis): Promise<{ ms: number; judged: number }>; close(): Promise<void> }

const COUNT = `select x.id, x.terms_id as terms, x.next_due as due, (select count(*) from affirmations c
  where c.event_id = x.event_id and c.env_id = m.env_id and c.at >= x.next_due - m.lookback and c.at < x.next_due and c.status = 0) as n
from expectations x join terms m on m.id = x.terms_id where x.check_at <= `

type Counted = { id: number; terms: number; due: number; n: number }

const VERDICT =
  'insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)'
const ADVANCE = 'update expectations set next_due = ?, check_at = ?, last_due = ?, last_verdict = ? where id = ?'

/** What SQLite needs when nothing else is done: one counting query, and in one transaction the verdicts and next dues, prepared. */
function onSqlite(path: string): FloorTick {
  const db = connect(path)
  const count = db.prepare<[Millis], Counted>(`${COUNT} ?`)
  const insert = db.prepare<number[]>(`${VERDICT} values (?, ?, 0, ?, 'met', 'enough', ?, 0, ?, ?, ?)`)
  const advance = db.prepare<(number | string)[]>(ADVANCE)
  const write = db.transaction((rows: Counted[]) => {
    for (const { id, terms, due, n } of rows) insert.run(id, due, terms, n, due, due, due)
    for (const { id, due } of rows) advance.run(due + HOUR, due + HOUR, due, 'met', id)
  })
  return {
    tick: async (due) => {
      const begin = performance.now()
      const rows = count.all(due)
      write.immediate(rows)
      return { ms: performance.now() - begin, judged: rows.length }
    },
    close: async () => void db.close(),
  }
}

/** The same in plain SQL on PostgreSQL: the verdicts and next dues by one statement each. */
async function onPostgres(url: string): Promise<FloorTick> {
  const db = await openRaw(url)
  return {
    tick: async (due) => {
      const begin = performance.now()
      const rows = await db.rows<Counted>(`${COUNT} ${due}`)
      await db.exec('begin')
      await db.exec(
        `${VERDICT} select id, next_due, false, terms_id, 'met', 'enough', 1, 0, next_due, next_due, next_due from expectations where check_at <= ${due}`,
      )
      await db.exec(
        `update expectations set next_due = next_due + ${HOUR}, check_at = next_due + ${HOUR}, last_due = next_due, last_verdict = 'met' where check_at <= ${due}`,
      )
      await db.exec('commit')
      return { ms: performance.now() - begin, judged: rows.length }
    },
    close: db.close,
  }
}

/** What the database alone needs for a tick over the expectations of `expectHourly`. */
export const aFloorTick = async (url: string): Promise<FloorTick> =>
  url.startsWith('file:') ? onSqlite(pathOf(url)) : onPostgres(url)

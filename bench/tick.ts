import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { HOUR, MINUTE, type Millis } from '../src/domain/time.ts'
import { migrate, openRaw, pathOf, type Raw } from './database.ts'
import { fillTick, type Size, START } from './fill.ts'
import { load } from './load.ts'
import { type Running, startTickNode } from './programs.ts'
import { type Context, median, type Part, plain, type Row, row, say } from './report.ts'

/** A moment after the minute, when its windows are judged. */
const SETTLED = 2_500

type Ticked = { ms: number; pieces: number; longest: number; held: number; rss: number }

const COUNT = `select x.id, x.terms_id as terms, x.next_due as due, (select count(*) from affirmations c
  where c.event_id = x.event_id and c.env_id = m.env_id and c.at >= x.next_due - m.lookback and c.at < x.next_due and c.status = 0) as n
from expectations x join terms m on m.id = x.terms_id where x.check_at <= `

type Counted = { id: number; terms: number; due: number; n: number }

const VERDICT =
  'insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)'
const ADVANCE = 'update expectations set next_due = ?, check_at = ?, last_due = ?, last_verdict = ? where id = ?'

/** What SQLite needs for it when nothing else is done: one counting query, and in one transaction the verdicts and next dues, prepared. */
export function floorOnSqlite(path: string): (due: Millis) => Promise<number> {
  const db = new Database(path)
  db.pragma('synchronous = FULL')
  const count = db.prepare<[Millis], Counted>(`${COUNT} ?`)
  const insert = db.prepare<number[]>(`${VERDICT} values (?, ?, 0, ?, 'met', 'enough', ?, 0, ?, ?, ?)`)
  const advance = db.prepare<(number | string)[]>(ADVANCE)
  const write = db.transaction((rows: Counted[]) => {
    for (const { id, terms, due, n } of rows) insert.run(id, due, terms, n, due, due, due)
    for (const { id, due } of rows) advance.run(due + HOUR, due + HOUR, due, 'met', id)
  })
  return async (due) => {
    const begin = performance.now()
    write.immediate(count.all(due))
    return performance.now() - begin
  }
}

/** The same in plain SQL on PostgreSQL: the verdicts and next dues by one statement each. */
function floorOnPostgres(db: Raw): (due: Millis) => Promise<number> {
  return async (due) => {
    const begin = performance.now()
    await db.rows<Counted>(`${COUNT} ${due}`)
    await db.exec('begin')
    await db.exec(
      `${VERDICT} select id, next_due, false, terms_id, 'met', 'enough', 1, 0, next_due, next_due, next_due from expectations where check_at <= ${due}`,
    )
    await db.exec(
      `update expectations set next_due = next_due + ${HOUR}, check_at = next_due + ${HOUR}, last_due = next_due, last_verdict = 'met' where check_at <= ${due}`,
    )
    await db.exec('commit')
    return performance.now() - begin
  }
}

async function tick(node: Running, at: Millis): Promise<Ticked> {
  node.child.stdin?.write(`${JSON.stringify({ now: at })}\n`)
  return JSON.parse(await node.line()) as Ticked
}

async function twoDatabases({ dir, postgres }: Context, size: Size): Promise<[string, string]> {
  const name = `tick-${size.expectations}-${size.affirmations}`
  const make = async (): Promise<string> => {
    const url = postgres === null ? `file:${join(dir, `${name}.db`)}` : await postgres.fresh()
    await migrate(url)
    const db = await openRaw(url)
    await fillTick(db, size)
    await db.close()
    return url
  }
  const first = await make()
  if (postgres !== null) return [first, await make()]
  const copy = join(dir, `${name}-floor.db`)
  copyFileSync(pathOf(first), copy)
  return [first, `file:${copy}`]
}

/** Ticks as fast as they come while singles are sent: what those feel of it. */
async function underLoad(node: Running, from: Millis): Promise<{ p99: number; ms: number; perSecond: number }> {
  let isOver = false
  const loaded = load({ url: node.url, connections: 32, seconds: 3 }).finally(() => {
    isOver = true
  })
  const took: number[] = []
  for (let at = from; !isOver && took.length < 5; at += HOUR) took.push((await tick(node, at)).ms)
  const { p99, perSecond } = await loaded
  return { p99, perSecond, ms: median(took) }
}

async function measure(context: Context, size: Size): Promise<Row[]> {
  const isLargest = size.expectations === 100_000 && size.affirmations === 10_000_000
  const name = `${plain(size.expectations)} due over ${plain(size.affirmations)}`
  say(`tick, ${name}: filling`)
  const [url, floorUrl] = await twoDatabases(context, size)
  const db = await openRaw(floorUrl)
  const floorTick = context.postgres === null ? floorOnSqlite(pathOf(floorUrl)) : floorOnPostgres(db)
  const node = await startTickNode(url, START - MINUTE)
  const [floors, ours]: [number[], Ticked[]] = [[], []]
  const idle: number[] = []
  try {
    const hours = Math.max(2, context.rounds + 1)
    for (let hour = 0; hour < hours; hour++) {
      say(`tick, ${name}: round ${hour}`)
      const due = START + hour * HOUR
      floors.push(await floorTick(due))
      ours.push(await tick(node, due + SETTLED))
      for (let minute = 1; minute <= 20; minute++) idle.push((await tick(node, due + minute * MINUTE + SETTLED)).ms)
    }
    // The first one opens the incidents and warms both up.
    const [floor, took] = [median(floors.slice(1)), median(ours.slice(1).map(({ ms }) => ms))]
    const longest = Math.max(...ours.slice(1).map(({ held }) => held))
    await load({ url: node.url, connections: 32, seconds: 2 })
    const loaded = await underLoad(node, START + hours * HOUR + SETTLED)
    const { peak } = node.memory()
    const limit = context.postgres === null ? 1.5 : 3
    return [
      row({
        part: 'tick',
        what: name,
        figure: `${plain(took)} ms`,
        floor: `${plain(floor)} ms`,
        ratio: took / floor,
        ...(isLargest ? { atMost: limit } : {}),
      }),
      row({
        part: 'tick',
        what: `${name}, the event loop held at most`,
        figure: `${plain(longest)} ms`,
        measured: longest,
        atMost: 30,
        unit: ' ms',
      }),
      row({
        part: 'tick',
        what: `${name}, singles meanwhile, p99`,
        figure: `${plain(loaded.p99)} ms, ${plain(loaded.perSecond)}/s, tick ${plain(loaded.ms)} ms`,
        measured: loaded.p99,
        atMost: 25,
        unit: ' ms',
      }),
      row({
        part: 'tick',
        what: `${name}, nothing due`,
        figure: `${plain(median(idle))} ms`,
        measured: median(idle),
        atMost: 1,
        unit: ' ms',
      }),
      row({
        part: 'memory',
        what: `tick, ${name}, highest`,
        figure: `${plain(peak)} MiB`,
        measured: peak,
        atMost: 320,
        unit: ' MiB',
      }),
    ]
  } finally {
    await node.stop()
    await db.close()
  }
}

const SIZES: Size[] = [
  { expectations: 1_000, events: 1_000, affirmations: 1_000_000 },
  { expectations: 10_000, events: 10_000, affirmations: 1_000_000 },
  { expectations: 100_000, events: 10_000, affirmations: 1_000_000 },
  { expectations: 100_000, events: 10_000, affirmations: 10_000_000 },
]

/** The evaluator over everything due in one minute. */
export const ticks: Part = async (context) => {
  const rows: Row[] = []
  for (const size of context.isQuick ? SIZES.slice(0, 2) : SIZES) rows.push(...(await measure(context, size)))
  return rows
}

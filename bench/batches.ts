import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { prepareInsert, SOURCE } from './insert.ts'
import { load, QUIET } from './load.ts'
import { type Running, startProduct } from './programs.ts'
import { connect, migrate, openRaw, pathOf } from './raw.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, say } from './report.ts'

const NAMES = 1_000
const PATH = '/api/v1/affirmations'
const TYPE = 'application/x-ndjson'

const row = rowsOf('batches')
const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify({ event: `job_${i % NAMES}`, source: SOURCE })}\n`).join('')

/** Events a second, over 4 connections. */
const send = async ({ url }: Running, count: number, seconds: number): Promise<number> =>
  (await load({ url, paths: [PATH], connections: 4, seconds, body: linesOf(count), contentType: TYPE })).perSecond * count

/** Batches answer 200 even when every line of them was refused. */
async function mustBeTaken({ url }: Running, count: number): Promise<void> {
  const answer = await fetch(url + PATH, { method: 'POST', headers: { 'content-type': TYPE }, body: linesOf(count) })
  const { accepted } = (await answer.json()) as { accepted?: number }
  if (accepted !== count) throw new Error(`${accepted} of ${count} lines were accepted`)
}

/** Stores a thousand rows, one of each event, in a transaction. */
type Bulk = { thousand(at: number): Promise<void> | void; close(): Promise<void> | void }

async function bulkOn(url: string): Promise<Bulk> {
  await migrate(url, { from: Date.now(), to: Date.now() })
  if (url.startsWith('file:')) {
    const db = connect(pathOf(url))
    const insert = prepareInsert(db)
    const thousand = db.transaction((at: number) => {
      for (let i = 0; i < NAMES; i++) insert({ event: i + 1, at })
    })
    return { thousand, close: () => void db.close() }
  }
  const db = await openRaw(url)
  const rows = `select i + 1, 1, 0, '${SOURCE}'`
  return {
    thousand: (at) =>
      db.exec(`insert into affirmations (event_id, env_id, status, source, at) ${rows}, ${at} from ${db.series(NAMES)}`),
    close: db.close,
  }
}

/** Rows a second. */
async function bulk({ thousand }: Bulk, seconds: number): Promise<number> {
  const start = performance.now()
  let rows = 0
  for (; performance.now() - start < seconds * 1_000; rows += NAMES) await thousand(Date.now())
  return (rows * 1_000) / (performance.now() - start)
}

async function ofCount(count: number, ours: Running, floor: Bulk, { rounds, seconds, databases }: Context): Promise<Row> {
  const [floors, figures]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    floors.push(await bulk(floor, seconds))
    figures.push(await send(ours, count, seconds))
  }
  const [a, b] = [median(floors), median(figures)]
  return row({
    what: `NDJSON, ${plain(count)} a request, against ${databases.isPostgres ? 'insert … select' : "SQLite's prepared insert"}, 1,000 a transaction`,
    figure: `${plain(b)} events/s`,
    floor: `${plain(a)} rows/s`,
    ratio: b / a,
    ...(count === 1_000 && !databases.isPostgres ? { atLeast: 0.6 } : {}),
  })
}

async function singlesBeside(count: number, ours: Running, seconds: number): Promise<Row> {
  const [events, single] = await Promise.all([
    wait(QUIET).then(() => send(ours, count, seconds)),
    load({ url: ours.url, connections: 8, seconds, quiet: QUIET }),
  ])
  return row({
    what: `singles beside NDJSON of ${plain(count)} (${plain(events)} events/s), p99`,
    figure: `${plain(single.p99)} ms, ${plain(single.perSecond)}/s`,
    measured: single.p99,
    atMost: 50,
    unit: ' ms',
  })
}

/** Batches as NDJSON against the database's own bulk insert, and what single affirmations feel of them. */
export const batches: Part = async (context) => {
  const { databases, scale, seconds } = context
  const ours = await startProduct(await databases.fresh())
  const floor = await bulkOn(await databases.fresh())
  const rows: Row[] = []
  try {
    await mustBeTaken(ours, 10_000)
    await singlesBeside(NAMES, ours, scale === 'tiny' ? 1 : 2)
    await bulk(floor, 0.5)
    for (const count of [1_000, 100]) {
      say(`batches of ${count}`)
      rows.push(await ofCount(count, ours, floor, context))
    }
    for (const count of [1_000, 10_000]) {
      say(`singles beside batches of ${count}`)
      rows.push(await singlesBeside(count, ours, seconds))
    }
  } finally {
    await ours.stop()
    await floor.close()
  }
  return rows
}

import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { openStore } from '../src/store/open.ts'
import { prepareInsert, SOURCE } from './insert.ts'
import { load } from './load.ts'
import { startProduct } from './programs.ts'
import { median, type Part, plain, type Row, row, say } from './report.ts'

const NAMES = 1_000
const PATH = '/api/v1/affirmations'

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify({ event: `job_${i % NAMES}`, source: SOURCE })}\n`).join('')

/** Rows a second of better-sqlite3's own prepared insert, 1,000 a transaction, into the same tables and indexes. */
async function bulk(path: string, seconds: number): Promise<number> {
  await (await openStore(`file:${path}`, () => undefined)).close()
  const db = new Database(path)
  db.pragma('synchronous = FULL')
  const insert = prepareInsert(db)
  const thousand = db.transaction((at: number) => {
    for (let i = 0; i < NAMES; i++) insert({ event: i + 1, at })
  })
  const start = performance.now()
  let rows = 0
  for (; performance.now() - start < seconds * 1_000; rows += NAMES) thousand(1.7e12 + rows)
  const took = performance.now() - start
  db.close()
  return (rows * 1_000) / took
}

/** Batches as NDJSON against SQLite's own bulk insert, and what single affirmations feel of them. */
export const batches: Part = async ({ dir, rounds, seconds, postgres }) => {
  const rows: Row[] = []
  const databaseUrl = postgres === null ? `file:${join(dir, 'batches.db')}` : await postgres.fresh()
  const ours = await startProduct(databaseUrl)
  const send = (count: number, seconds: number) =>
    load({
      url: ours.url,
      paths: [PATH],
      connections: 4,
      seconds,
      body: linesOf(count),
      contentType: 'application/x-ndjson',
    }).then(({ perSecond }) => perSecond * count)
  try {
    await Promise.all([send(NAMES, 2), load({ url: ours.url, connections: 8, seconds: 2 })])
    for (const count of [1_000, 100]) {
      say(`batches of ${count}`)
      const floor: number[] = []
      const figure: number[] = []
      for (let round = 0; round < rounds; round++) {
        floor.push(await bulk(join(dir, `bulk-${count}-${round}.db`), seconds))
        figure.push(await send(count, seconds))
      }
      const [a, b] = [median(floor), median(figure)]
      rows.push(
        row({
          part: 'batches',
          what: `NDJSON, ${count} a request, against SQLite's prepared insert, 1,000 a transaction`,
          figure: `${plain(b)} events/s`,
          floor: `${plain(a)} rows/s`,
          ratio: b / a,
          ...(count === 1_000 && postgres === null ? { atLeast: 0.6 } : {}),
        }),
      )
    }
    for (const count of [1_000, 10_000]) {
      say(`singles beside batches of ${count}`)
      const [events, single] = await Promise.all([send(count, seconds + 1), load({ url: ours.url, connections: 8, seconds })])
      rows.push(
        row({
          part: 'batches',
          what: `singles beside NDJSON of ${count} (${plain(events)} events/s), p99`,
          figure: `${plain(single.p99)} ms, ${plain(single.perSecond)}/s`,
          measured: single.p99,
          atMost: 50,
          unit: ' ms',
        }),
      )
    }
  } finally {
    await ours.stop()
  }
  return rows
}

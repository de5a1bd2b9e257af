import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { HOUR } from '../src/domain/time.ts'
import { migrate, openRaw } from './database.ts'
import { fillBoard } from './fill.ts'
import { type Running, startTickNode } from './programs.ts'
import { type Context, median, type Part, plain, row, say } from './report.ts'

const NOW = Date.parse('2026-03-02T12:00:00Z')
const TIMES = 30
const WARMING = 15

const PAGES: [string, string, Record<string, string>?][] = [
  ['the board, first part', '/'],
  ['event page', '/events/event_0'],
  ['newest affirmations, 100', '/api/v1/events/event_0/affirmations?limit=100'],
  ['counts of an hour by the minute', `/api/v1/events/event_0/counts?bucket=1m&from=${NOW - HOUR}&to=${NOW}`],
  ['export, first piece', '/api/v1/events/event_0/affirmations', { accept: 'application/x-ndjson' }],
  ['expectations, 100', '/api/v1/expectations?limit=100'],
  ['verdicts, 100', '/api/v1/verdicts?limit=100'],
]

/** Milliseconds until the server begins to answer: with the whole of it ready, or with the first piece of a stream. */
async function ask(url: string, headers: Record<string, string> = {}): Promise<number> {
  const begin = performance.now()
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  const reader = headers.accept === undefined ? undefined : answer.body?.getReader()
  await reader?.read()
  const took = performance.now() - begin
  await (reader === undefined ? answer.arrayBuffer() : reader.cancel())
  return took
}

async function serve(context: Context, affirmations: number, scale: number): Promise<Running> {
  const { dir, postgres } = context
  const url = postgres === null ? `file:${join(dir, `board-${scale}.db`)}` : await postgres.fresh()
  await migrate(url)
  const db = await openRaw(url)
  await fillBoard(db, NOW, affirmations, scale)
  await db.close()
  return startTickNode(url, NOW)
}

/** What people and programs read, and the same of a database a tenth as large: no answer may grow with what it does not show. */
export const reading: Part = async (context) => {
  const affirmations = context.isQuick ? 100_000 : 1_000_000
  say('reading: filling')
  const [large, small] = [await serve(context, affirmations, 1), await serve(context, affirmations / 10, 10)]
  try {
    const rows = []
    for (const [what, path, headers] of PAGES) {
      say(`reading ${path}`)
      const [a, b]: [number[], number[]] = [[], []]
      for (let i = 0; i < TIMES + WARMING; i++) {
        a.push(await ask(large.url + path, headers))
        b.push(await ask(small.url + path, headers))
      }
      const [ours, tenth] = [median(a.slice(WARMING)), median(b.slice(WARMING))]
      const isBoard = path === '/'
      rows.push(
        row({
          part: 'reading',
          what: isBoard ? `${what}, 2,000 expectations × 30 verdicts` : `${what}, over ${plain(affirmations)} affirmations`,
          figure: `${plain(ours)} ms`,
          floor: `${plain(tenth)} ms of a tenth`,
          ratio: ours / tenth,
          ...(isBoard ? { measured: ours, atMost: 40, unit: ' ms' } : {}),
        }),
      )
    }
    return rows
  } finally {
    await Promise.all([large.stop(), small.stop()])
  }
}

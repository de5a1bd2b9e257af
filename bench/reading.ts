import { performance } from 'node:perf_hooks'
import { HOUR } from '../src/domain/time.ts'
import { fillBoard } from './fill.ts'
import { type Running, startTickNode } from './programs.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, type Scale, say } from './report.ts'

const NOW = Date.parse('2026-03-02T12:00:00Z')
const TIMES = 30
const WARM = 15

const AFFIRMATIONS: Record<Scale, number> = { full: 1_000_000, quick: 100_000, tiny: 10_000 }
const EXPECTATIONS: Record<Scale, number> = { full: 2_000, quick: 2_000, tiny: 400 }

type Question = { what: string; path: string; headers?: Record<string, string> }

const QUESTIONS: Question[] = [
  { what: 'the board, first part', path: '/' },
  { what: 'event page', path: '/events/event_0' },
  { what: 'newest affirmations, 100', path: '/api/v1/events/event_0/affirmations?limit=100' },
  { what: 'counts of an hour by the minute', path: `/api/v1/events/event_0/counts?bucket=1m&from=${NOW - HOUR}&to=${NOW}` },
  { what: 'export, first piece', path: '/api/v1/events/event_0/affirmations', headers: { accept: 'application/x-ndjson' } },
  { what: 'expectations, 100', path: '/api/v1/expectations?limit=100' },
  { what: 'verdicts, 100', path: '/api/v1/verdicts?limit=100' },
]

/** Milliseconds until the server begins to answer: with the whole of it ready, or with the first piece of a stream. */
async function ask({ url }: Running, { path, headers = {} }: Question): Promise<number> {
  const begin = performance.now()
  const answer = await fetch(url + path, { headers })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  const stream = headers.accept === undefined ? undefined : answer.body?.getReader()
  await stream?.read()
  const took = performance.now() - begin
  await (stream === undefined ? answer.arrayBuffer() : stream.cancel())
  return took
}

async function serve({ databases }: Context, expectations: number, affirmations: number): Promise<Running> {
  const url = await databases.fresh()
  await fillBoard(url, NOW, expectations, affirmations)
  return startTickNode(url, NOW)
}

async function inTurns(question: Question, large: Running, small: Running): Promise<{ ours: number; tenth: number }> {
  const [ours, tenth]: [number[], number[]] = [[], []]
  for (let i = 0; i < TIMES + WARM; i++) {
    ours.push(await ask(large, question))
    tenth.push(await ask(small, question))
  }
  return { ours: median(ours.slice(WARM)), tenth: median(tenth.slice(WARM)) }
}

const row = rowsOf('reading')

/** What people and programs read, and the same of a database a tenth as large: no answer may grow with what it does not show. */
export const reading: Part = async (context) => {
  const [affirmations, expectations] = [AFFIRMATIONS[context.scale], EXPECTATIONS[context.scale]]
  say('reading: filling')
  const large = await serve(context, expectations, affirmations)
  const small = await serve(context, expectations / 10, affirmations / 10).catch((error: unknown) =>
    large.stop().then(() => Promise.reject(error)),
  )
  const rows: Row[] = []
  try {
    for (const question of QUESTIONS) {
      say(`reading ${question.path}`)
      const { ours, tenth } = await inTurns(question, large, small)
      const figures = { figure: `${plain(ours)} ms`, floor: `${plain(tenth)} ms of a tenth`, ratio: ours / tenth }
      rows.push(
        question.path === '/'
          ? row({
              what: `${question.what}, ${plain(expectations)} expectations × 30 verdicts`,
              ...figures,
              measured: ours,
              atMost: 40,
              unit: ' ms',
            })
          : row({ what: `${question.what}, over ${plain(affirmations)} affirmations`, ...figures, atMost: 1.5 }),
      )
    }
    return rows
  } finally {
    await Promise.all([large.stop(), small.stop()])
  }
}

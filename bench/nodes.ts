import { performance } from 'node:perf_hooks'
import { HOUR, MINUTE } from '../src/domain/time.ts'
import { expectHourly, START, withHistory } from './fill.ts'
import { load, type Measured } from './load.ts'
import { type Running, startProduct, startTickNode } from './programs.ts'
import { openRaw } from './raw.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, type Scale, say } from './report.ts'
import { tick } from './tick.ts'

const NODES = [1, 2, 3]
const CONNECTIONS = 64
const DUE: Record<Scale, number> = { full: 100_000, quick: 10_000, tiny: 500 }
const AFFIRMATIONS: Record<Scale, number> = { full: 1_000_000, quick: 1_000_000, tiny: 20_000 }
/** How far into the tick one of two nodes is killed. */
const KILLED_AFTER = 0.3

const row = rowsOf('nodes')

const sum = (all: readonly Measured[]): string =>
  `${plain(all.reduce((total, { perSecond }) => total + perSecond, 0))}/s, p99 ${plain(Math.max(...all.map(({ p99 }) => p99)))} ms`

/** The same load on so many nodes together. */
async function storing({ databases, seconds }: Context, nodes: number): Promise<Row> {
  const url = await databases.fresh()
  const running: Running[] = []
  try {
    for (let i = 0; i < nodes; i++) running.push(await startProduct(url))
    const share = { connections: Math.floor(CONNECTIONS / nodes) }
    const all = () => Promise.all(running.map((node) => load({ url: node.url, ...share, seconds })))
    await all()
    return row({ what: `durable singles, ${CONNECTIONS} connections, nodes: ${nodes}`, figure: sum(await all()) })
  } finally {
    await Promise.all(running.map((node) => node.stop()))
  }
}

async function verdictsAt(url: string, due: number): Promise<number> {
  const db = await openRaw(url)
  const [found] = await db.rows<{ n: number | string }>(`select count(*) as n from verdicts where due = ${due}`)
  await db.close()
  return Number(found?.n ?? 0)
}

/** Until all that is due has its verdict, however often the node must look. */
async function until(node: Running, url: string, due: number, count: number): Promise<void> {
  do await tick(node, due)
  while ((await verdictsAt(url, due)) < count)
}

/** One node alone, two together, and one of two that is killed in the middle of it. */
async function ticking(context: Context): Promise<Row[]> {
  const [due, affirmations] = [DUE[context.scale], AFFIRMATIONS[context.scale]]
  const url = await withHistory(context, affirmations)
  await expectHourly(url, due, affirmations)
  const [one, other] = [await startTickNode(url, START - MINUTE), await startTickNode(url, START - MINUTE)]
  try {
    await until(one, url, START, due)
    await until(other, url, START + HOUR, due)
    const alone: number[] = []
    const together: number[] = []
    for (let hour = 2; hour < 8; hour += 2) {
      alone.push((await tick(one, START + hour * HOUR)).ms)
      const took = await Promise.all([one, other].map((node) => tick(node, START + (hour + 1) * HOUR)))
      together.push(Math.max(...took.map(({ ms }) => ms)))
    }
    const last = START + 8 * HOUR
    const dying = tick(one, last).catch(() => undefined)
    const living = tick(other, last)
    await new Promise((resolve) => setTimeout(resolve, median(together) * KILLED_AFTER))
    const death = performance.now()
    await one.kill()
    await Promise.all([dying, living])
    await until(other, url, last, due)
    const survived = performance.now() - death
    const name = `${plain(due)} due over ${plain(affirmations)}`
    return [
      row({ what: `${name}, one node`, figure: `${plain(median(alone))} ms` }),
      row({
        what: `${name}, two nodes at once`,
        figure: `${plain(median(together))} ms`,
        floor: `${plain(median(alone))} ms`,
        ratio: median(together) / median(alone),
      }),
      row({
        what: `${name}, one of two killed in the middle: all judged after`,
        figure: `${plain(survived)} ms`,
        measured: survived,
        atMost: 60_000,
        unit: ' ms',
      }),
    ]
  } finally {
    await one.stop()
    await other.stop()
  }
}

/** Several equal nodes on one PostgreSQL. */
export const nodes: Part = async (context) => {
  if (!context.databases.isPostgres) return []
  const rows: Row[] = []
  for (const count of NODES) {
    say(`singles, nodes: ${count}`)
    rows.push(await storing(context, count))
  }
  say('tick, several nodes')
  return [...rows, ...(await ticking(context))]
}

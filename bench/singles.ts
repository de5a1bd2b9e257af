import { join } from 'node:path'
import { openStore } from '../src/store/open.ts'
import { GENERATOR, load, type Measured } from './load.ts'
import { type Running, startFloor, startProduct } from './programs.ts'
import { type Context, median, type Part, plain, type Row, row, say } from './report.ts'

const middle = (all: readonly Measured[]): Measured => ({
  perSecond: median(all.map(({ perSecond }) => perSecond)),
  p50: median(all.map(({ p50 }) => p50)),
  p99: median(all.map(({ p99 }) => p99)),
})
const told = ({ perSecond, p50, p99 }: Measured): string => `${plain(perSecond)}/s, p50 ${plain(p50)} ms, p99 ${plain(p99)} ms`

/** All programs in turn, round after round, so that a slow moment of the machine is shared. */
async function interleaved<K extends string>(
  programs: Record<K, Running>,
  connections: number,
  { rounds, seconds }: Context,
): Promise<Record<K, Measured>> {
  const names = Object.keys(programs) as K[]
  const measured = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<K, Measured[]>
  for (let round = 0; round < rounds; round++)
    for (const name of names) measured[name].push(await load({ url: programs[name].url, connections, seconds }))
  return Object.fromEntries(names.map((name) => [name, middle(measured[name])])) as Record<K, Measured>
}

async function migrated(path: string): Promise<string> {
  const store = await openStore(`file:${path}`, () => undefined)
  await store.createEvent({ name: 'bench', key: 'af_Bench123', description: '', tags: [], createdAt: 0 })
  await store.environment('prod')
  await store.close()
  return path
}

function rowsOf(connections: number, m: Record<'http' | 'hono' | 'single' | 'ours', Measured>): Row[] {
  const isGoal = connections === 64
  const of = `${connections} connections`
  return [
    row({
      part: 'singles',
      what: `bare node:http, ${of}`,
      figure: told(m.http),
      floor: told(m.hono),
      ratio: m.http.perSecond / m.hono.perSecond,
    }),
    row({
      part: 'singles',
      what: `durable single, ${of}, against bare Hono`,
      figure: told(m.ours),
      floor: told(m.hono),
      ratio: m.ours.perSecond / m.hono.perSecond,
      ...(isGoal ? { atLeast: 1 } : {}),
    }),
    row({
      part: 'singles',
      what: `its p99, ${of}`,
      figure: `${plain(m.ours.p99)} ms`,
      floor: `${plain(m.hono.p99)} ms`,
      ratio: m.ours.p99 / m.hono.p99,
      ...(isGoal ? { atMost: 2 } : {}),
    }),
    row({
      part: 'singles',
      what: `against one transaction a request, ${of}`,
      figure: `${plain(m.ours.perSecond)}/s`,
      floor: `${plain(m.single.perSecond)}/s`,
      ratio: m.ours.perSecond / m.single.perSecond,
      ...(isGoal ? { atLeast: 8 } : {}),
    }),
  ]
}

async function onPostgres(context: Context, ours: Running): Promise<Row[]> {
  if (context.postgres === null) return []
  const url = await context.postgres.fresh()
  const product = await startProduct(url)
  await load({ url: product.url, seconds: 1 })
  const m = await interleaved({ sqlite: ours, postgres: product }, 64, context)
  await product.stop()
  const ratio = m.postgres.perSecond / m.sqlite.perSecond
  return [
    row({
      part: 'singles',
      what: 'on PostgreSQL, 64 connections, against SQLite',
      figure: told(m.postgres),
      floor: told(m.sqlite),
      ratio,
      atLeast: 0.7,
    }),
  ]
}

/** Durable singles against servers that store nothing, and against one transaction a request; memory under that load. */
export const singles: Part = async (context) => {
  const { dir, isQuick, seconds } = context
  const ours = await startProduct(`file:${join(dir, 'singles.db')}`)
  const atRest = ours.memory().now
  const floors = {
    http: await startFloor('http'),
    hono: await startFloor('hono'),
    single: await startFloor('one-transaction', await migrated(join(dir, 'one.db'))),
  }
  const rows: Row[] = []
  try {
    // Long enough that the compiler has seen all of it: who is measured first must not pay for that.
    for (const { url } of [...Object.values(floors), ours]) await load({ url, seconds: 2 })
    for (const connections of isQuick ? [64] : [1, 16, 64, 256]) {
      say(`singles, ${connections} connections`)
      rows.push(...rowsOf(connections, await interleaved({ ...floors, ours }, connections, context)))
    }
    const memory = ours.memory()
    rows.push(row({ part: 'memory', what: 'at rest after the start', figure: `${plain(atRest)} MiB` }))
    rows.push(
      row({
        part: 'memory',
        what: 'under the load of singles, highest',
        figure: `${plain(memory.peak)} MiB`,
        measured: memory.peak,
        atMost: 160,
        unit: ' MiB',
      }),
    )
    const paths = Array.from({ length: 1_000 }, (_, i) => `/affirm/job_${(i * 7_919) % 10_000}`)
    await load({ url: ours.url, paths, seconds: 1 })
    rows.push(
      row({
        part: 'singles',
        what: 'over 1,000 names, 64 connections',
        figure: told(await load({ url: ours.url, paths, seconds })),
      }),
    )
    rows.push(...(await onPostgres(context, ours)))
  } finally {
    await Promise.all([ours, ...Object.values(floors)].map((program) => program.stop()))
  }
  say(`singles were loaded by ${GENERATOR}`)
  return rows
}

import { openStore } from '../src/store/open.ts'
import { asFiles } from './databases.ts'
import { GENERATOR, load, type Measured } from './load.ts'
import { type Memory, type Running, startFloor, startProduct } from './programs.ts'
import { pathOf } from './raw.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, type Scale, say } from './report.ts'

const CONNECTIONS: Record<Scale, number[]> = { full: [1, 16, 64, 256], quick: [64], tiny: [64] }
/** What the targets are of. */
const GOAL = 64
/** autocannon would spend its time on making ten thousand requests for each connection. */
const NAMES = GENERATOR === 'wrk' ? 10_000 : 200

type Name = 'http' | 'hono' | 'one' | 'sqlite' | 'ours' | 'keyed'
type Programs = [name: Name, program: Running, apiKey?: string][]

const row = rowsOf('singles')
const told = ({ perSecond, p50, p99 }: Measured): string => `${plain(perSecond)}/s, p50 ${plain(p50)} ms, p99 ${plain(p99)} ms`

const middle = (all: readonly Measured[]): Measured => ({
  perSecond: median(all.map(({ perSecond }) => perSecond)),
  p50: median(all.map(({ p50 }) => p50)),
  p99: median(all.map(({ p99 }) => p99)),
})

/** All programs in turn, round after round, so that a slow moment of the machine is shared. */
async function interleaved(programs: Programs, connections: number, { rounds, seconds }: Context): Promise<Map<Name, Measured>> {
  const measured = new Map<Name, Measured[]>(programs.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const [name, { url }, apiKey = ''] of programs)
      measured.get(name)?.push(await load({ url, connections, seconds, apiKey }))
  return new Map([...measured].map(([name, all]) => [name, middle(all)]))
}

const NONE: Measured = { perSecond: Number.NaN, p50: Number.NaN, p99: Number.NaN }

/** The targets are of SQLite; PostgreSQL is held to what SQLite reaches in the same run. */
function against(connections: number, measured: Map<Name, Measured>): Row[] {
  const [http = NONE, hono = NONE, one = NONE, ours = NONE, keyed = NONE] = (
    ['http', 'hono', 'one', 'ours', 'keyed'] as const
  ).map((name) => measured.get(name))
  const sqlite = measured.get('sqlite')
  const isGoal = connections === GOAL && sqlite === undefined
  const of = `${connections} connections`
  const perSecond = (floor: Measured) => ({ floor: told(floor), ratio: ours.perSecond / floor.perSecond })
  return [
    row({
      what: `bare node:http, ${of}, against bare Hono`,
      figure: told(http),
      floor: told(hono),
      ratio: http.perSecond / hono.perSecond,
    }),
    row({ what: `durable, ${of}, against bare Hono`, figure: told(ours), ...perSecond(hono), ...(isGoal ? { atLeast: 1 } : {}) }),
    row({
      what: `its p99, ${of}`,
      figure: `${plain(ours.p99)} ms`,
      floor: `${plain(hono.p99)} ms`,
      ratio: ours.p99 / hono.p99,
      ...(isGoal ? { atMost: 2 } : {}),
    }),
    row({
      what: `against one transaction a request, ${of}`,
      figure: told(ours),
      ...perSecond(one),
      ...(isGoal ? { atLeast: 8 } : {}),
    }),
    row({
      what: `durable with an API key, ${of}, against without`,
      figure: told(keyed),
      floor: told(ours),
      ratio: keyed.perSecond / ours.perSecond,
      ...(isGoal ? { atLeast: 0.9 } : {}),
    }),
    ...(sqlite === undefined
      ? []
      : [
          row({
            what: `on PostgreSQL, ${of}, against SQLite`,
            figure: told(ours),
            ...perSecond(sqlite),
            ...(connections === GOAL ? { atLeast: 0.7 } : {}),
          }),
        ]),
  ]
}

/** A batch of names that are all new may take longer than others are made to wait: some at a time. */
async function register({ url }: Running, names: readonly string[]): Promise<void> {
  for (let i = 0; i < names.length; i += 500) {
    const some = names.slice(i, i + 500).map((event) => ({ event }))
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/v1/affirmations`, { method: 'POST', headers, body: JSON.stringify(some) })
    if (!answer.ok) throw new Error(`the names were not registered: ${answer.status} ${await answer.text()}`)
  }
}

/** Registers them first: that happens once, and is not what is measured. */
async function overManyNames(ours: Running, seconds: number): Promise<Row> {
  const names = Array.from({ length: NAMES }, (_, i) => `job_${(i * 7_919) % NAMES}`)
  await register(ours, names)
  const load64 = { url: ours.url, paths: names.map((name) => `/affirm/${name}`) }
  await load({ ...load64, seconds: 1 })
  return row({ what: `durable, over ${plain(NAMES)} names, 64 connections`, figure: told(await load({ ...load64, seconds })) })
}

function memoryRows(rest: Memory, after: Memory): Row[] {
  const memory = rowsOf('memory')
  return [
    memory({ what: 'at rest after the start', figure: `${plain(rest.now)} MiB` }),
    memory({ what: 'at rest after the load of singles', figure: `${plain(after.now)} MiB` }),
    memory({
      what: 'under the load of singles, highest',
      figure: `${plain(after.peak)} MiB`,
      measured: after.peak,
      atMost: 160,
      unit: ' MiB',
    }),
  ]
}

async function migrated(url: string): Promise<string> {
  const store = await openStore(url, () => undefined)
  await store.createEvent({ name: 'bench', key: 'af_Bench123', description: '', tags: [], createdAt: 0 }, null)
  await store.environment('prod')
  await store.close()
  return pathOf(url)
}

async function aKey({ url }: Running): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'bench', scopes: ['affirm'] })
  const answer = await fetch(`${url}/api/v1/keys`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`no key was made: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { secret: string }).secret
}

async function startAll({ databases, dir }: Context, programs: Programs): Promise<Running> {
  const files = databases.isPostgres ? asFiles(dir) : databases
  programs.push(['http', await startFloor('http')])
  programs.push(['hono', await startFloor('hono')])
  programs.push(['one', await startFloor('one-transaction', await migrated(await files.fresh()))])
  if (databases.isPostgres) programs.push(['sqlite', await startProduct(await files.fresh())])
  const ours = await startProduct(await databases.fresh())
  // The same program twice: with a key, and without.
  programs.push(['ours', ours], ['keyed', ours, await aKey(ours)])
  return ours
}

/** Durable singles against servers that store nothing, and against one transaction a request; memory under that load. */
export const singles: Part = async (context) => {
  const { scale, seconds } = context
  const programs: Programs = []
  try {
    const ours = await startAll(context, programs)
    const rest = ours.memory()
    const rows: Row[] = []
    // Long enough that the compiler has seen all of it: who is measured first must not pay for that.
    for (const [, { url }, apiKey = ''] of programs) await load({ url, apiKey, seconds: scale === 'tiny' ? 1 : 2 })
    for (const connections of CONNECTIONS[scale]) {
      say(`singles, ${connections} connections`)
      rows.push(...against(connections, await interleaved(programs, connections, context)))
    }
    const memory = memoryRows(rest, ours.memory())
    say('singles over many names')
    return [...rows, await overManyNames(ours, seconds), ...memory]
  } finally {
    await Promise.all(programs.map(([, program]) => program.stop()))
  }
}

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { batches } from './batches.ts'
import { asFiles, type Databases, embedded, onServer } from './databases.ts'
import { growth } from './growth.ts'
import { GENERATOR } from './load.ts'
import { nodes } from './nodes.ts'
import { path } from './path.ts'
import { type Plan, plans, plansInText } from './plans.ts'
import { killAll } from './programs.ts'
import { reading } from './reading.ts'
import { type Context, type Part, type Row, rowsOf, type Scale, say, table } from './report.ts'
import { singles } from './singles.ts'
import { size } from './size.ts'
import { starts } from './start.ts'
import { telling } from './telling.ts'
import { ticks } from './tick.ts'

const PARTS: Record<string, Part> = { singles, path, batches, tick: ticks, telling, reading, start: starts, growth, nodes, size }
const NAMES = [...Object.keys(PARTS), 'plans']
/** Fills fifty million rows: only when it is asked for. */
const ASKED_FOR = ['size']
const USAGE = `npm run bench -- [--quick] [--only=${NAMES.join(',')}] [--postgres]
  --quick      smaller and shorter, under two minutes; --tiny only shows that everything works
  --only       some of the parts; size, with its fifty million rows (8 GB), is measured only when it is named
  --postgres   on an embedded PostgreSQL. With DATABASE_URL=postgres://… on that server, in databases that are made and dropped
TMPDIR is where the databases lie: choose a real disk. BENCH_LOAD=autocannon loads with that though wrk is there.
Writes bench-result.json, too.
`

function refuse(what: string): never {
  process.stderr.write(`${what}\n\n${USAGE}`)
  process.exit(2)
}

const asked = () =>
  parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      only: { type: 'string', default: NAMES.filter((name) => !ASKED_FOR.includes(name)).join(',') },
      postgres: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })

function read(): ReturnType<typeof asked>['values'] {
  try {
    return asked().values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const values = read()

/** Rounds are many enough for a median where something is measured. */
const SCALES: Record<Scale, Pick<Context, 'rounds' | 'seconds'>> = {
  full: { rounds: 3, seconds: 5 },
  quick: { rounds: 1, seconds: 2 },
  tiny: { rounds: 1, seconds: 1 },
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--', 'src', 'views', 'migrations') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? ', changed' : '')
  } catch {
    return 'unknown'
  }
}

const about = (scale: Scale, isPostgres: boolean) => ({
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  engine: isPostgres ? 'postgresql' : 'sqlite',
  load: GENERATOR,
  scale,
})

/** A part that fails is told in the table, and the others are measured. */
async function measure(name: string, part: Part, context: Context): Promise<Row[]> {
  try {
    return await part(context)
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return [rowsOf(name)({ what: 'FAILED', figure: String(error).slice(0, 100), measured: Number.NaN, atLeast: 0 })]
  }
}

/** Nothing is told of what was stopped half-way. */
async function bench(context: Context, only: readonly string[], stopped: AbortSignal): Promise<void> {
  const told = about(context.scale, context.databases.isPostgres)
  const rows: Row[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only.includes(name) && !stopped.aborted) rows.push(...(await measure(name, part, context)))
  }
  if (stopped.aborted) return
  const shown: Plan[] = only.includes('plans') ? await plans(context) : []
  const head = Object.entries(told).map(([name, value]) => `${name} ${value}`)
  process.stdout.write(`${head.join(' · ')}\n\n${table(rows)}\n\n${plansInText(shown)}\n`)
  writeFileSync('bench-result.json', `${JSON.stringify({ ...told, rows, plans: shown }, null, 2)}\n`)
  if (rows.some(({ what }) => what === 'FAILED')) process.exitCode = 1
}

function open(dir: string): Promise<Databases> | Databases {
  const url = process.env.DATABASE_URL ?? ''
  return url.startsWith('postgres') ? onServer(url) : values.postgres ? embedded() : asFiles(dir)
}

async function main(): Promise<void> {
  const only = values.only.split(',')
  const unknown = only.filter((name) => !NAMES.includes(name))
  if (unknown.length > 0) refuse(`There is no part ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`)
  const scale = values.tiny ? 'tiny' : values.quick ? 'quick' : 'full'
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-bench-'))
  // All that anyone puts down while we measure lies in here and goes with it. PostgreSQL is another user when we are root.
  chmodSync(dir, 0o755)
  process.env.TMPDIR = dir
  process.once('exit', () => {
    killAll()
    rmSync(dir, { recursive: true, force: true })
  })
  const databases = await open(dir)
  const stopping = new AbortController()
  const stop = () => {
    stopping.abort()
    killAll()
    void databases.close().finally(() => process.exit(1))
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  say('measuring; the machine should have nothing else to do')
  await bench({ dir, scale, ...SCALES[scale], databases, histories: new Map() }, only, stopping.signal).finally(databases.close)
}

if (values.help) process.stdout.write(USAGE)
else await main()

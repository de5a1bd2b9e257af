import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { batches } from './batches.ts'
import { growth } from './growth.ts'
import { GENERATOR } from './load.ts'
import { path } from './path.ts'
import { type Plan, plans, plansInText } from './plans.ts'
import { embedded, onServer } from './postgres.ts'
import { reading } from './reading.ts'
import { type Context, type Part, type Row, say, table } from './report.ts'
import { singles } from './singles.ts'
import { starts } from './start.ts'
import { ticks } from './tick.ts'

const PARTS: Record<string, Part> = { singles, path, batches, tick: ticks, reading, start: starts, growth }
const USAGE = `npm run bench -- [--quick] [--only=${Object.keys(PARTS).join(',')},plans] [--postgres]
  --quick      smaller and shorter, under two minutes
  --postgres   on an embedded PostgreSQL; DATABASE_URL=postgres://… measures on that server, in databases of its own`

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, postgres: { type: 'boolean' }, help: { type: 'boolean' } },
})
const wanted = values.only?.split(',') ?? [...Object.keys(PARTS), 'plans']

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

async function measure(context: Context): Promise<{ rows: Row[]; shown: Plan[] }> {
  const rows: Row[] = []
  for (const [name, part] of Object.entries(PARTS)) if (wanted.includes(name)) rows.push(...(await part(context)))
  return { rows, shown: wanted.includes('plans') ? await plans(context) : [] }
}

async function bench(): Promise<void> {
  const url = process.env.DATABASE_URL ?? ''
  const server = url.startsWith('postgres') ? await onServer(url) : values.postgres ? await embedded() : null
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-bench-'))
  const isQuick = values.quick === true
  try {
    const context = { dir, isQuick, rounds: isQuick ? 1 : 3, seconds: isQuick ? 2 : 5, postgres: server?.postgres ?? null }
    const { rows, shown } = await measure(context)
    const about = {
      at: new Date().toISOString(),
      commit: commit(),
      node: process.version,
      cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      engine: server === null ? 'sqlite' : 'postgresql',
      load: GENERATOR,
      isQuick,
    }
    process.stdout.write(
      `${Object.entries(about)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · ')}\n\n${table(rows)}\n\n${plansInText(shown)}\n`,
    )
    writeFileSync('bench-result.json', `${JSON.stringify({ ...about, rows, plans: shown }, null, 2)}\n`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
    await server?.close()
  }
}

if (values.help) process.stdout.write(`${USAGE}\n`)
else {
  say('measuring; the machine should have nothing else to do')
  await bench()
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { batches } from './batches.ts'
import { GENERATOR } from './load.ts'
import { type Context, type Part, type Row, say, table } from './report.ts'
import { singles } from './singles.ts'
import { ticks } from './tick.ts'

const PARTS: Record<string, Part> = { singles, batches, tick: ticks }
const dir = mkdtempSync(join(tmpdir(), 'affirmative-bench-'))
const context: Context = { dir, isQuick: process.argv.includes('--quick'), rounds: 3, seconds: 4, postgres: null }
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } })
const rows: Row[] = []
try {
  for (const [name, part] of Object.entries(PARTS))
    if ((values.only ?? name).split(',').includes(name)) rows.push(...(await part(context)))
  process.stdout.write(table(rows) + '\n')
} finally {
  rmSync(dir, { recursive: true, force: true })
}

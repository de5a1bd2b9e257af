// Fails when the tables in src/store were changed but no migration was made of it.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const TABLES = { sqlite: 'sqlite', postgresql: 'postgres' }
const sqlIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.sql'))

// Inside the project: drizzle-kit takes relative folders only.
const copy = mkdtempSync('migrations-')
try {
  for (const [dialect, tables] of Object.entries(TABLES)) {
    const out = join(copy, dialect)
    cpSync(join('migrations', dialect), out, { recursive: true })
    execFileSync(
      'npx',
      ['drizzle-kit', 'generate', `--dialect=${dialect}`, `--schema=./src/store/tables.${tables}.ts`, `--out=./${out}`],
      { stdio: 'pipe' },
    )
    if (sqlIn(out).length === sqlIn(join('migrations', dialect)).length) continue
    console.error(`The tables of ${dialect} differ from its migrations. Run: npm run migrations`)
    process.exitCode = 1
  }
} finally {
  rmSync(copy, { recursive: true })
}

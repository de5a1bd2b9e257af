// Fails when the tables in src/store were changed but no migration was made of it.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const copy = mkdtempSync(join(tmpdir(), 'migrations-'))
let isStale = false
for (const [dialect, tables] of [
  ['sqlite', 'sqlite'],
  ['postgresql', 'postgres'],
]) {
  const out = join(copy, dialect)
  cpSync(join('migrations', dialect), out, { recursive: true })
  const config = join(copy, `${dialect}.json`)
  writeFileSync(
    config,
    JSON.stringify({
      dialect,
      schema: `./src/store/tables.${tables}.ts`,
      out: `./${join('..', '..', out).replaceAll('\\', '/')}`,
    }),
  )
  const before = readdirSync(out).length
  execFileSync(
    'npx',
    ['drizzle-kit', 'generate', '--dialect', dialect, '--schema', `./src/store/tables.${tables}.ts`, '--out', out],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const made = readdirSync(out).length - before
  if (made > 0) {
    isStale = true
    console.error(`The tables of ${dialect} differ from its migrations. Run: npm run migrations`)
    for (const file of readdirSync(out)
      .filter((name) => name.endsWith('.sql'))
      .slice(-1))
      console.error(readFileSync(join(out, file), 'utf8'))
  }
}
rmSync(copy, { recursive: true })
process.exit(isStale ? 1 : 0)

import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { DAY } from '../src/domain/time.ts'
import { expectHourly, withHistory } from './fill.ts'
import { startProduct } from './programs.ts'
import { openRaw } from './raw.ts'
import { median, type Part, plain, rowsOf, type Scale, say } from './report.ts'

const AFFIRMATIONS: Record<Scale, number> = { full: 10_000_000, quick: 1_000_000, tiny: 20_000 }

/** All that main.js imports, and nothing done with it. */
const MODULES = ['./dist/src/house.js', './dist/src/http/direct.js', './dist/src/store/open.js', './dist/src/config.js', 'pino']
const IMPORTS = MODULES.map((name) => `import '${name}'`).join('\n')

function importing(): number {
  const begin = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', IMPORTS], { encoding: 'utf8' })
  const took = performance.now() - begin
  if (status !== 0) throw new Error(`the modules cannot be imported: ${stderr}`)
  return took
}

/** Milliseconds from starting the program to its first answer. */
async function starting(databaseUrl: string): Promise<number> {
  const begin = performance.now()
  const program = await startProduct(databaseUrl)
  const { ok } = await fetch(`${program.url}/healthz`)
  const took = performance.now() - begin
  await program.stop()
  if (!ok) throw new Error('the program started and is not well')
  return took
}

/** From nothing to the first answer, on a database that is full. */
export const starts: Part = async (context) => {
  const affirmations = AFFIRMATIONS[context.scale]
  say('start: filling')
  const url = await withHistory(context, affirmations)
  await expectHourly(url, 1_000, affirmations)
  // Nothing is due: what is measured is the start, not the work that waits.
  const db = await openRaw(url)
  await db.exec(`update expectations set next_due = next_due + ${400 * DAY}, check_at = check_at + ${400 * DAY}`)
  await db.close()
  const [floors, ours]: [number[], number[]] = [[], []]
  for (let round = 0; round <= Math.max(2, context.rounds); round++) {
    say(`start, round ${round}`)
    floors.push(importing())
    ours.push(await starting(url))
  }
  const [a, b] = [median(floors.slice(1)), median(ours.slice(1))]
  const what = `first answer on ${plain(affirmations)} affirmations, against node importing the same`
  return [rowsOf('start')({ what, figure: `${plain(b)} ms`, floor: `${plain(a)} ms`, ratio: b / a, atMost: 3 })]
}

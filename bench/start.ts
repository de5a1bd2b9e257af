import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { DAY } from '../src/domain/time.ts'
import { migrate, openRaw } from './database.ts'
import { fillTick } from './fill.ts'
import { median, type Part, plain, row, say } from './report.ts'

/** All that main.js imports, and nothing done with it. */
const IMPORTS = `await Promise.all(['./dist/src/house.js', './dist/src/http/direct.js', './dist/src/store/open.js', './dist/src/config.js', 'pino'].map((name) => import(name)))`

function importing(): number {
  const begin = performance.now()
  spawnSync(process.execPath, ['--input-type=module', '-e', IMPORTS])
  return performance.now() - begin
}

/** Milliseconds from starting the program to its first answer. */
async function starting(databaseUrl: string, port: number): Promise<number> {
  const begin = performance.now()
  const env = { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), AFFIRMATIVE_LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isUp())) await wait(2)
  const took = performance.now() - begin
  child.kill('SIGTERM')
  await ended
  return took
}

/** From nothing to the first answer, on a database that is full. */
export const starts: Part = async ({ dir, isQuick, rounds, postgres }) => {
  const affirmations = isQuick ? 1_000_000 : 10_000_000
  say('start: filling')
  const url = postgres === null ? `file:${join(dir, 'start.db')}` : await postgres.fresh()
  await migrate(url)
  const db = await openRaw(url)
  await fillTick(db, { expectations: 1_000, events: 10_000, affirmations })
  // Nothing is due: what is measured is the start, not the work that waits.
  await db.exec(`update expectations set next_due = next_due + ${400 * DAY}, check_at = check_at + ${400 * DAY}`)
  await db.close()
  const [floor, ours]: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    say(`start, round ${round}`)
    floor.push(importing())
    ours.push(await starting(url, 20_000 + Math.floor(Math.random() * 20_000)))
  }
  const [a, b] = [median(floor.slice(1)), median(ours.slice(1))]
  const what = `first answer on ${plain(affirmations)} affirmations, against node importing the same`
  return [row({ part: 'start', what, figure: `${plain(b)} ms`, floor: `${plain(a)} ms`, ratio: b / a, atMost: 3 })]
}

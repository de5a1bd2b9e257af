import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadResult, load, median } from './load.ts'
import { benchTick } from './tick.ts'

const isQuick = process.argv.includes('--quick')
const ROUNDS = isQuick ? 1 : 3
const SECONDS = isQuick ? 3 : 6
const CONNECTIONS = isQuick ? [64] : [1, 16, 64, 256]

type Running = { url: string; stop(): Promise<void> }

/** Starts a program that prints `"url":"http://…"` when it listens. */
async function start(args: string[], env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const [, found] = /"url":"(http:[^"]+)"/.exec(printed) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${printed}`)))
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    url,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

type Row = { what: string; figure: string; ratio: string }

const summed = (results: readonly LoadResult[]) => ({
  perSecond: median(results.map(({ perSecond }) => perSecond)),
  p99: median(results.map(({ p99 }) => p99)),
  failed: results.reduce((sum, { failed }) => sum + failed, 0),
})

/** Durable singles against the framework answering without storing: interleaved rounds, medians. */
async function benchSingles(dir: string): Promise<Row[]> {
  const url = process.env.DATABASE_URL ?? `file:${join(dir, 'bench.db')}`
  const ours = await start(['dist/src/main.js'], { DATABASE_URL: url, PORT: '0', AFFIRMATIVE_LOG_LEVEL: 'info' })
  const bare = await start(['--import', 'tsx', 'bench/bare-hono.ts'], {})
  const rows: Row[] = []
  for (const connections of CONNECTIONS) {
    const floor: LoadResult[] = []
    const durable: LoadResult[] = []
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await load({ url: `${bare.url}/affirm/bench`, connections, seconds: SECONDS, body: 'ok' }))
      durable.push(await load({ url: `${ours.url}/affirm/bench`, connections, seconds: SECONDS, body: 'ok' }))
    }
    const [a, b] = [summed(floor), summed(durable)]
    rows.push({
      what: `bare Hono, ${connections} connections`,
      figure: `${Math.round(a.perSecond)}/s, p99 ${a.p99} ms`,
      ratio: '1.00',
    })
    rows.push({
      what: `durable single, ${connections} connections`,
      figure: `${Math.round(b.perSecond)}/s, p99 ${b.p99} ms, ${b.failed} failed`,
      ratio: (b.perSecond / a.perSecond).toFixed(2),
    })
  }
  await ours.stop()
  await bare.stop()
  return rows
}

const dir = mkdtempSync(join(tmpdir(), 'affirmative-bench-'))
try {
  const rows = [...(await benchSingles(dir)), ...(await benchTick(dir, isQuick))]
  console.table(rows)
  writeFileSync('bench-result.json', `${JSON.stringify(rows, null, 2)}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

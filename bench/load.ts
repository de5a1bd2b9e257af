import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Posts `body` to the paths in turn, as fast as it can. */
export type Load = {
  url: string
  paths: readonly string[]
  connections: number
  seconds: number
  body: string
  contentType: string
}
/** Latencies in milliseconds. */
export type Measured = { perSecond: number; p50: number; p99: number }
type Counted = Measured & { failed: number }

const hasWrk = spawnSync('wrk', ['-v']).error === undefined
export const GENERATOR = hasWrk ? 'wrk' : 'autocannon'

const MS: Record<string, number> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 }

function readWrk(printed: string): Counted {
  const latency = (percentile: string) => {
    const [, n = '0', unit = 'ms'] = new RegExp(`${percentile}%\\s+([\\d.]+)([a-z]+)`).exec(printed) ?? []
    return Number(n) * (MS[unit] ?? 1)
  }
  const number = (pattern: RegExp) => Number(pattern.exec(printed)?.[1] ?? 0)
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(printed) ?? []
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: latency('50'),
    p99: latency('99'),
    failed: number(/Non-2xx or 3xx responses: (\d+)/) + errors.slice(1).reduce((sum, n) => sum + Number(n), 0),
  }
}

const script = ({
  paths,
  body,
  contentType,
}: Load): string => `local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local body = [==[${body}]==]
local headers = { ["content-type"] = "${contentType}" }
local n = 0
request = function()
  n = n % #paths + 1
  return wrk.format("POST", paths[n], headers, body)
end
`

async function byWrk(load: Load): Promise<Counted> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-load-'))
  const file = join(dir, 'load.lua')
  writeFileSync(file, script(load))
  const { url, connections, seconds } = load
  const args = ['-t1', `-c${connections}`, `-d${seconds}`, '--timeout=30s', '--latency', '-s', file, url]
  return run('wrk', args)
    .then(({ stdout }) => readWrk(stdout))
    .finally(() => rmSync(dir, { recursive: true }))
}

const byAutocannon = async (load: Load): Promise<Counted> =>
  JSON.parse((await run(process.execPath, ['bench/cannon.mjs', JSON.stringify(load)], { maxBuffer: 1e8 })).stdout) as Counted

/** Measures from a process of its own. Throws when a single answer was not 2xx. */
export async function load(given: Partial<Load> & Pick<Load, 'url' | 'seconds'>): Promise<Measured> {
  const all = { paths: ['/affirm/bench'], connections: 64, body: 'ok', contentType: 'text/plain', ...given }
  const { failed, ...measured } = await (hasWrk ? byWrk(all) : byAutocannon(all))
  if (failed > 0) throw new Error(`${failed} of the requests to ${all.url} failed: nothing was measured`)
  return measured
}

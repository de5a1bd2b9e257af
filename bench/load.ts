import { execFile, type PromiseWithChild, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { watch } from './programs.ts'

const run = promisify(execFile)

/** Posts `body` to the paths in turn, as fast as it can, and waits for each answer. */
export type Load = {
  url: string
  paths: readonly string[]
  connections: number
  seconds: number
  body: string
  contentType: string
  /** The secret of an API key that is sent with each; empty for none. */
  apiKey: string
  /** Connected for so many milliseconds before the first request: who opens connections to a busy server waits for that alone. */
  quiet: number
}
/** Requests a second; latencies in milliseconds, wrk's as if requests had come evenly (it corrects for coordinated omission). */
export type Measured = { perSecond: number; p50: number; p99: number }
type Counted = Measured & { failed: number }

const hasWrk = spawnSync('wrk', ['-v']).error === undefined
/** Which tool it is: wrk costs the machine less. */
export const GENERATOR = process.env.BENCH_LOAD ?? (hasWrk ? 'wrk' : 'autocannon')

const MS: Record<string, number> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 }

function readWrk(printed: string): Counted {
  const latency = (percentile: string) => {
    const [, n, unit = 'ms'] = new RegExp(`${percentile}%\\s+([\\d.]+)([a-z]+)`).exec(printed) ?? []
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

const delayed = (connections: number, quiet: number): string => `local fresh = ${connections}
delay = function()
  fresh = fresh - 1
  return fresh >= 0 and ${quiet} or 0
end
`

/** Requests are put together before the start: the generator is not to be what is measured. */
const script = ({
  paths,
  body,
  contentType,
  apiKey,
  connections,
  quiet,
}: Load): string => `local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local body = [==[${body}]==]
local requests = {}
local n = 0
init = function()
  for i, path in ipairs(paths) do requests[i] = wrk.format("POST", path, { ["content-type"] = "${contentType}"${apiKey === '' ? '' : `, ["authorization"] = "Bearer ${apiKey}"`} }, body) end
end
request = function()
  n = n % #requests + 1
  return requests[n]
end
${quiet === 0 ? '' : delayed(connections, quiet)}`

const ended = (running: PromiseWithChild<{ stdout: string }>): Promise<string> => {
  watch(running.child)
  return running.then(({ stdout }) => stdout)
}

let scripts = 0

async function byWrk(load: Load): Promise<Counted> {
  const file = join(tmpdir(), `load-${scripts++}.lua`)
  writeFileSync(file, script(load))
  const { url, connections, seconds } = load
  const args = ['-t1', `-c${connections}`, `-d${seconds}`, '--timeout=30s', '--latency', '-s', file, url]
  return readWrk(await ended(run('wrk', args)))
}

async function byAutocannon(load: Load): Promise<Counted> {
  const running = run(process.execPath, ['bench/cannon.mjs'])
  running.child.stdin?.end(JSON.stringify(load))
  return JSON.parse(await ended(running)) as Counted
}

/** For loads beside other work: that begins when these have passed. Milliseconds. */
export const QUIET = 300

/** Measures from a process of its own. Throws when a single answer was not 2xx. */
export async function load(given: Partial<Load> & Pick<Load, 'url' | 'seconds'>): Promise<Measured> {
  const all = { paths: ['/affirm/bench'], connections: 64, body: 'ok', contentType: 'text/plain', apiKey: '', quiet: 0, ...given }
  const { failed, ...measured } = await (GENERATOR === 'wrk' ? byWrk(all) : byAutocannon(all))
  if (failed > 0) throw new Error(`${failed} of the requests to ${all.url} failed: nothing was measured`)
  if (!(measured.perSecond > 0 && measured.p99 >= 0)) throw new Error(`${GENERATOR} measured nothing at ${all.url}`)
  return measured
}

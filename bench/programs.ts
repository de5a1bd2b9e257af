import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Resident memory in MiB, now and at its highest; 0 where the system does not tell. */
export type Memory = { now: number; peak: number }

/** A program that listens. */
export type Running = {
  url: string
  /** Hands it a line. */
  tell(line: string): void
  /** The next line that it prints after the one with its address. */
  line(): Promise<string>
  memory(): Memory
  stop(): Promise<void>
  /** At once, as by kill -9. */
  kill(): Promise<void>
}

function memoryOf(pid: number | undefined): Memory {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const mib = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1_024
    return { now: mib('VmRSS'), peak: mib('VmHWM') }
  } catch {
    return { now: 0, peak: 0 }
  }
}

const URL_IN_LINE = /"url":"(http:[^"]+)"/
const started = new Set<ChildProcess>()

/** It does not outlive the bench, however that ends. */
export function watch(child: ChildProcess): void {
  started.add(child)
  child.once('exit', () => started.delete(child))
}

export function killAll(): void {
  for (const child of started) child.kill('SIGKILL')
}

/** Starts `node …args`, which prints `"url":"http://…"` when it listens. */
export async function start(args: readonly string[], env: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  watch(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${args.join(' ')} ended too early`)
    return value
  }
  let url: string | undefined
  while (url === undefined) url = URL_IN_LINE.exec(await line())?.[1]
  return {
    url,
    tell: (text) => void child.stdin.write(`${text}\n`),
    line,
    memory: () => memoryOf(child.pid),
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** The product itself, built. */
export const startProduct = (databaseUrl: string): Promise<Running> =>
  start(['dist/src/main.js'], { DATABASE_URL: databaseUrl, PORT: '0', HOST: '127.0.0.1', AFFIRMATIVE_LOG_LEVEL: 'info' })

/** A program of ours beside this file. */
const beside = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

export const startFloor = (name: 'http' | 'hono' | 'one-transaction', path = ''): Promise<Running> =>
  start([beside('floors'), name, path])

/** The product on a clock of our own, set by {@link Running.tell}: see tick-node.ts. */
export const startTickNode = (databaseUrl: string, now: number): Promise<Running> =>
  start([beside('tick-node'), databaseUrl, String(now)])

/** All of {@link Running.line}'s one line says what telling so many channels took: see telling-node.ts. */
export const startTellingNode = (databaseUrl: string, now: number, channels: number): Promise<Running> =>
  start([beside('telling-node'), databaseUrl, String(now), String(channels)])

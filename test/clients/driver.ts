import { type ChildProcess, spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** One affirmation as it is given to a client. A value is text, or bytes as base64 where it is no text. */
export type Call = {
  event: string
  value?: string | { base64: string }
  status?: 'ok' | 'fail' | 'start' | 'log'
  id?: string
  env?: string
  source?: string
}

/** The settings of a client, `AFFIRMATIVE_*`. */
export type Settings = Record<string, string>

/** How a process ended. Times are milliseconds since it was started. */
export type Ended = { status: number | null; signal: NodeJS.Signals | null; out: Buffer; err: string; elapsed: number }
export type Started = { child: ChildProcess; ended: Promise<Ended> }

/** How one client is made to speak: each call starts a process of it. */
export type Driver = {
  name: string
  /** Why it cannot be tested here, or false. */
  skip: string | false
  /**
   * Does a text that is a JSON document arrive as that JSON, as it does where all values are texts? False: as the JSON string that it is,
   * as it does in a language that has values of its own.
   */
  readsTexts: boolean
  /** One process that makes these calls, one after the other, and ends when all have been made. */
  affirm(calls: readonly Call[], settings: Settings): Started
  /** One process that runs a command by `run`; undefined where the client has none. */
  run?: (event: string, argv: readonly string[], settings: Settings, input?: string) => Started
}

/** Starts a program with these settings, what it needs to be found, and nothing else of our environment. */
export function start(argv: readonly string[], settings: Settings, input: string | Buffer = ''): Started {
  const [program = '', ...rest] = argv
  const began = performance.now()
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...settings }
  const child = spawn(program, rest, { env, stdio: 'pipe' })
  // It may end without reading it.
  child.stdin.on('error', () => undefined).end(input)
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (piece: Buffer) => out.push(piece))
  child.stderr.on('data', (piece: Buffer) => err.push(piece))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => {
      const elapsed = performance.now() - began
      resolve({ status, signal, out: Buffer.concat(out), err: Buffer.concat(err).toString(), elapsed })
    })
  })
  return { child, ended }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export type Said = { status: number | null; out: string; err: string }
export type Running = { child: ChildProcess; ended: Promise<Said> }

/** Starts the built command line. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Said = { status: null, out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString()
  })
  const ended = once(child, 'close').then(([status]) => ({ ...said, status: status as number | null }))
  return { child, ended }
}

/** Runs the built command line to its end. */
export const cli = (...args: string[]): Promise<Said> => startCli(args).ended

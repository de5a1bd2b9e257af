import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A real server process on a port of its own. */
export type TestServer = {
  url: string
  child: ChildProcess
  output(): string
  kill(signal: NodeJS.Signals): Promise<number | null>
}

const LISTENS = /"url":"(http:[^"]+)"/

/** Starts the built program (or another one) and waits until it listens; rejects with what it printed when it ends before. */
export async function startServer(
  env: Record<string, string>,
  program: readonly string[] = ['dist/src/main.js'],
): Promise<TestServer> {
  const child = spawn(process.execPath, program, {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const [, found] = LISTENS.exec(printed) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)))
  })
  return {
    url,
    child,
    output: () => printed,
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
      return child.exitCode
    },
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'
import { startServer, type TestServer } from '../support/server.ts'
import type { Pace } from './fast-clock.ts'
import type { Journal } from './journal.ts'
import type { Called } from './load.ts'

const PROGRAM = 'dist-cluster/test/cluster/node.js'
/** Real milliseconds before a start is tried again: the database was down. */
const REST = 50
const MOST_TRIES = 200

/** Nodes that are killed and started again. */
export type Nodes = {
  called: readonly Called[]
  start(name: string): Promise<void>
  /** As `kill -9` does it. */
  kill(name: string): Promise<void>
  /** As a machine that is put to sleep, and goes on later where it was. */
  freeze(name: string): void
  thaw(name: string): void
  /** Resolves to their exit codes. */
  stopAll(): Promise<(number | null)[]>
  /** All that each of them printed in all of its lives. */
  printed(name: string): string
  tally: { kills: number; starts: number }
}

type Node = { name: string; url: string; server: TestServer | null; printed: string }

export function someNodes(names: readonly string[], databaseUrl: string, pace: Pace, clock: Clock, journal: Journal): Nodes {
  const nodes = new Map<string, Node>(names.map((name) => [name, { name, url: '', server: null, printed: '' }]))
  const tally = { kills: 0, starts: 0 }
  const program = [PROGRAM, ...[pace.base, pace.start, pace.speed].map(String)]
  /** Since when no node runs. */
  let goneAt: number | null = null

  const find = (name: string): Node => {
    const node = nodes.get(name)
    if (node === undefined) throw new Error(`No node is called ${name}.`)
    return node
  }

  const startUntilUp = async (): Promise<TestServer> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await startServer({ DATABASE_URL: databaseUrl }, program)
      } catch (error) {
        if (tries === MOST_TRIES) throw error
        await pause(REST)
      }
    }
  }

  return {
    called: [...nodes.values()],
    tally,
    start: async (name) => {
      const node = find(name)
      const asked = clock.now()
      node.server = await startUntilUp()
      node.url = node.server.url
      tally.starts += 1
      // It may have listened before we heard of it, but not before it was started.
      if (goneAt !== null) journal.lost(goneAt, asked)
      goneAt = null
    },
    kill: async (name) => {
      const node = find(name)
      await node.server?.kill('SIGKILL')
      node.printed += node.server?.output() ?? ''
      node.server = null
      tally.kills += 1
      if ([...nodes.values()].every(({ server }) => server === null)) goneAt = clock.now()
    },
    freeze: (name) => {
      find(name).server?.child.kill('SIGSTOP')
    },
    thaw: (name) => {
      find(name).server?.child.kill('SIGCONT')
    },
    stopAll: () =>
      Promise.all(
        [...nodes.values()].map(async (node) => {
          const code = (await node.server?.kill('SIGTERM')) ?? null
          node.printed += node.server?.output() ?? ''
          node.server = null
          return code
        }),
      ),
    printed: (name) => find(name).printed,
  }
}

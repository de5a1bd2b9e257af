import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Affirmative, Clock, Settings } from '../../clients/js/affirmative.js'

type Module = { Affirmative: typeof Affirmative }

/** As programs load it: the file itself, wherever the tests were translated to. */
export const { Affirmative: Client } = (await import(pathToFileURL(resolve('clients/js/affirmative.js')).href)) as Module

/** Lets all that waits for nothing but its turn, or for the disk, be done. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
}

/** Time that only the test moves: what is due is done in order. */
export type ClientClock = Clock & { pass(duration: number): Promise<void> }

export function aClientClock(start = 1_772_616_852_000): ClientClock {
  let now = start
  const due = new Map<() => void, number>()
  const next = (until: number) => [...due].filter(([, at]) => at <= until).sort(([, a], [, b]) => a - b)[0]
  return {
    now: () => now,
    after: (wait, act) => {
      due.set(act, now + wait)
      return { cancel: () => due.delete(act), unref: () => undefined }
    },
    pass: async (duration) => {
      const until = now + duration
      await settled()
      for (let first = next(until); first !== undefined; first = next(until)) {
        const [act, at] = first
        due.delete(act)
        now = Math.max(now, at)
        act()
        await settled()
      }
      now = until
    },
  }
}

/** One request as it was sent. */
export type Sent = { at: number; type: string | null; body: string; lines: Record<string, unknown>[] }

/** A client on a clock of its own before a server that answers as the test says. */
export async function aClient(settings: Settings = {}) {
  const clock = aClientClock()
  const sent: Sent[] = []
  const said: string[] = []
  const taken = (count: number) => Response.json({ accepted: count, duplicates: 0, rejected: [] })
  const server = { answer: (count: number): Response | Promise<Response> => taken(count) }
  const fetch = async (_: unknown, init: RequestInit = {}): Promise<Response> => {
    const body = String(init.body)
    const lines = body.split('\n').map((line) => JSON.parse(line))
    sent.push({ at: clock.now(), type: new Headers(init.headers).get('content-type'), body, lines })
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      Promise.resolve(server.answer(lines.length)).then(resolve, reject)
    })
  }
  const given = {
    spool: false,
    source: 'test',
    clock,
    fetch: fetch as typeof globalThis.fetch,
    warn: (text: string) => said.push(text),
  }
  const client = new Client('http://affirm.example', { ...given, ...settings } as Settings)
  // What the platform gives comes in real time.
  await client.flush()
  return { client, clock, sent, said, server, taken, names: () => sent.map(({ lines }) => lines.map(({ event }) => event)) }
}

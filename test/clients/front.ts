import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { systemClock } from '../../src/clock.ts'

/**
 * What stands before the server:
 * - `clear` – requests are passed on.
 * - `reset` – connections are taken and broken off.
 * - `silent` – never answers, and passes nothing on.
 * - `late` – passes on, and answers so many milliseconds later.
 * - `answers` – answers this itself, and passes nothing on; only to the first `times` requests, where that is given.
 * - `cuts` – passes on, and breaks off in the middle of the answer.
 * - `loses` – the first `times` requests are passed on, and their answers lost.
 * - `asks` – who does not show this key gets 401.
 */
export type Weather =
  | { kind: 'clear' | 'reset' | 'silent' | 'cuts' }
  | { kind: 'late'; by: number }
  | { kind: 'answers'; status: number; headers?: Record<string, string>; body?: string; times?: number }
  | { kind: 'loses'; times: number }
  | { kind: 'asks'; key: string }

/** One request that came: the ids in it, and when, in milliseconds on a clock that never jumps. */
export type Seen = { path: string; ids: string[]; key: string | null; at: number }

/** An HTTP front in this process. `nowhere` is a place where nobody listens. */
export type Front = {
  url: string
  nowhere: string
  seen: Seen[]
  set(weather: Weather): void
  /** When so many requests have come since the start. */
  came(count: number): Promise<void>
  close(): Promise<void>
}

/** Within the answer to one affirmation, after it was said that it was accepted. */
const CUT_AT = 16

const idsIn = (body: string): string[] => [...body.matchAll(/"id"\s*:\s*"([^"]*)"/g)].map(([, id]) => id ?? '')

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** Passes requests on to `target`, whatever path comes before `/api/`. */
export async function startFront(target: string): Promise<Front> {
  const seen: Seen[] = []
  let weather: Weather = { kind: 'clear' }
  let met = 0
  let heard: (() => void)[] = []

  const pass = async ({ method = 'GET', url = '', headers }: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const sent = { 'content-type': headers['content-type'] ?? 'text/plain' }
    const answer = await fetch(target + url.slice(url.indexOf('/api/')), { method, headers: sent, body: new Uint8Array(body) })
    const text = await answer.text()
    return (end = text.length) => {
      const head = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      response.writeHead(answer.status, head).write(text.slice(0, end), () => end < text.length && response.destroy())
      if (end === text.length) response.end()
    }
  }
  const meet = async (request: IncomingMessage, body: Buffer, response: ServerResponse, now: Weather): Promise<unknown> => {
    met += 1
    if (now.kind === 'silent') return
    if (now.kind === 'answers' && met <= (now.times ?? met))
      return response.writeHead(now.status, now.headers).end(now.body ?? 'The front says no.')
    if (now.kind === 'asks' && request.headers.authorization !== `Bearer ${now.key}`)
      return response.writeHead(401).end('This key is not known.')
    const answer = await pass(request, body, response)
    if (now.kind === 'loses' && met <= now.times) return response.destroy()
    if (now.kind === 'cuts') return answer(CUT_AT)
    if (now.kind === 'late') await systemClock.sleep(now.by)
    return answer()
  }
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request).catch(() => null)
    if (body === null) return
    const key = request.headers.authorization?.replace('Bearer ', '') ?? null
    seen.push({ path: request.url ?? '', ids: idsIn(body.toString()), key, at: performance.now() })
    for (const hear of heard) hear()
    await meet(request, body, response, weather).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    if (weather.kind === 'reset') socket.resetAndDestroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    nowhere: 'http://127.0.0.1:1',
    seen,
    set: (next) => {
      weather = next
      met = 0
    },
    came: async (count) => {
      while (seen.length < count) await new Promise<void>((resolve) => heard.push(resolve))
      heard = []
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

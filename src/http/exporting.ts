import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'hono'
import { peerOf } from './peer.ts'
import type { Services } from './services.ts'

/** A few thousand lines at most, each with its end. */
export type Piece = { lines: string; isLast: boolean }

/**
 * Answers with as many lines as there are: `next` is asked for a piece whenever the reader has taken the one before. Each address may take a
 * few at once. Throws `TooFast`.
 */
export function exportLines(c: Context, { limits, clock, settings }: Services, next: () => Promise<Piece>): Response {
  const ended = limits.export(peerOf(c, settings.trustedProxies), clock.now())
  const headers = { 'content-type': 'application/x-ndjson; charset=utf-8' }
  if (c.req.method === 'HEAD') {
    ended()
    return new Response(null, { headers })
  }
  return new Response(streamOf(next, ended), { headers })
}

/** `ended` is called however it ends: read whole, broken by the store, or left by its reader. */
function streamOf(next: () => Promise<Piece>, ended: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { lines, isLast } = await next()
        // Others in between: a fast reader would have the server for itself.
        await nextTurn()
        if (lines !== '') controller.enqueue(encoder.encode(lines))
        if (!isLast) return
        controller.close()
        ended()
      } catch (error) {
        ended()
        throw error
      }
    },
    cancel: ended,
  })
}

import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type Duration, MINUTE, SECOND } from '../../domain/time.ts'
import type { Services } from '../services.ts'

/** Changes within this span are told as one. */
const GATHERING = 2 * SECOND
/** Said though nothing changed, so that proxies keep the stream and the page knows that it is not cut. */
const HEARTBEAT = MINUTE / 3
const MOST_LISTENERS = 500

/** `/live`: a stream that says `news` when there is something to draw; pages fetch themselves anew then. */
export function liveRoutes({ changes, clock, stopping }: Services): Hono {
  let listeners = 0
  return new Hono().get('/live', (c) => {
    if (listeners >= MOST_LISTENERS) return c.body(null, 503, { 'retry-after': '30' })
    return streamSSE(c, async (stream) => {
      listeners += 1
      const closed = new AbortController()
      stream.onAbort(() => closed.abort())
      const signal = AbortSignal.any([closed.signal, stopping])
      // What changed between the page and this stream is told soon; after that the heart beats slowly.
      let rest: Duration = GATHERING
      try {
        while (!signal.aborted) {
          const resting = new AbortController()
          await Promise.race([
            changes.next(AbortSignal.any([signal, resting.signal])),
            clock.sleep(rest, AbortSignal.any([signal, resting.signal])),
          ])
          resting.abort()
          rest = HEARTBEAT
          if (signal.aborted) break
          await clock.sleep(GATHERING, signal)
          await stream.writeSSE({ event: 'news', data: String(clock.now()) })
        }
      } finally {
        listeners -= 1
      }
    })
  })
}

import { type Context, Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { holderOf } from '../../domain/address.ts'
import { type Duration, MINUTE, SECOND } from '../../domain/time.ts'
import { actorIn, stillMay } from '../access.ts'
import { peerOf } from '../peer.ts'
import type { Services } from '../services.ts'
import { aSeating } from './seating.ts'

/** Changes within this span are told as one. */
const GATHERING = 2 * SECOND
/** Said though nothing changed, so that proxies keep the stream and the page knows that it is not cut. */
const HEARTBEAT = MINUTE / 3
/** Open pages of everybody together, and of one person, or of one address where nobody is asked who they are. */
const MOST_LISTENERS = 500
const MOST_OF_ONE = 20

/** `/live`: a stream that says `news` when there is something to draw; pages fetch themselves anew then. */
export function liveRoutes(services: Services): Hono {
  const seating = aSeating(MOST_LISTENERS, MOST_OF_ONE)
  return new Hono().get('/live', (c) => {
    const leave = seating.take(listenerIn(c, services))
    if (leave === null) return c.body(null, 503, { 'retry-after': '30' })
    return streamSSE(c, (stream) => tellNews(c, stream, services).finally(leave))
  })
}

function listenerIn(c: Context, { settings }: Services): string {
  const actor = actorIn(c)
  return actor.kind === 'anyone' ? holderOf(peerOf(c, settings.trustedProxies)) : `${actor.kind}:${actor.id}`
}

/** Ends when the page goes, when the program stops, and when whoever looks has signed out or has ended: the page asks anew then, and is led to signing in. */
async function tellNews(c: Context, stream: SSEStreamingApi, services: Services): Promise<void> {
  const { changes, clock, stopping } = services
  const closed = new AbortController()
  stream.onAbort(() => closed.abort())
  const signal = AbortSignal.any([closed.signal, stopping])
  // What changed between the page and this stream is told soon; after that the heart beats slowly.
  let rest: Duration = GATHERING
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
    if (!(await stillMay(c, services, 'read'))) break
    await stream.writeSSE({ event: 'news', data: String(clock.now()) })
  }
}

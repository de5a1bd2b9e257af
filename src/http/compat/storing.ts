import { type Context, Hono } from 'hono'
import { Fault, invalid } from '../../domain/fault.ts'
import type { Tally } from '../../services/affirm-batch.ts'
import { actorIn } from '../access.ts'
import { mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { envFor, keptToEnv } from '../key-env.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { problemOf } from '../problem.ts'
import type { Services } from '../services.ts'
import { inItsWords, isObject, readEvent } from './event-element.ts'
import { formOf } from './fields.ts'

const DONE = 'cool'
const LARGEST_BODY = 1_048_576
const MOST_EVENTS = 10_000

/** The JSON of a body, whatever it says it is: some of the original's clients say nothing, and `curl -d` says that it is a form. */
async function readEvents(c: Context): Promise<unknown[]> {
  const { charset } = mediaType(c.req.header('content-type'))
  if (charset !== null && charset !== 'utf-8') throw new Fault('unsupported', `charset ${charset} is not understood; send UTF-8.`)
  const body = parseJson(textOf(await readBytes(c, LARGEST_BODY)))
  const events = isObject(body) ? body.events : undefined
  if (!Array.isArray(events))
    throw invalid([{ path: 'events', detail: 'must be a list, like {"events": [{"name": "backup_done", "data": "ok"}]}' }])
  if (events.length > MOST_EVENTS)
    throw new Fault(
      'too-large',
      `More than ${MOST_EVENTS.toLocaleString('en')} events are not taken at once. Nothing was stored; send them in parts.`,
    )
  return events
}

/** Not one that was lost is answered as if it were stored. */
function notAll({ accepted, rejected }: Tally): Response {
  const [first] = rejected
  const others = accepted === 0 ? 'Nothing was stored' : `${accepted} were stored: do not send those again`
  const detail = `${rejected.length} of ${accepted + rejected.length} events cannot be taken. ${others}. events.${first?.index}: ${first?.detail}`
  return problemOf(new Fault('invalid', detail), { accepted, rejected })
}

/** Affirming as the original's clients do it: stored when `cool` is answered. */
export function storingRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { affirming, changes, clock, limits, settings, vitals } = services

  const storeAll = async (c: Context, seen: { events: number }): Promise<Response> => {
    const now = clock.now()
    const peer = peerOf(c, settings.trustedProxies)
    limits.affirm(peer, now)
    const events = await readEvents(c)
    seen.events = events.length
    const reading = { peer, wrongIn: (asked: Parameters<typeof affirming.wrongIn>[0]) => affirming.wrongIn(asked, now) }
    const batch = affirming.batch(now)
    for (const event of events) batch.add(keptToEnv(actorIn(c), readEvent(event, reading)))
    const tally = await batch.store()
    if (tally.rejected.length === 0) return c.text(DONE)
    vitals.refused += tally.rejected.length
    if (tally.accepted > 0) changes.tell()
    return notAll(tally)
  }

  const storeOne = async (c: Context): Promise<Response> => {
    const now = clock.now()
    const source = peerOf(c, settings.trustedProxies)
    limits.affirm(source, now)
    const { event_name: event } = await formOf(c, ['event_name'])
    const wrong = affirming.wrongIn({ event }, now)
    if (wrong.length > 0) throw inItsWords(wrong, { event: 'event_name' })
    const env = envFor(actorIn(c), undefined)
    await affirming.affirm({ event, env, status: 'ok', at: undefined, source, value: '"ok"', id: null }, now)
    return c.text(DONE)
  }

  /** What was not stored is counted, as where else something is affirmed. */
  const counted = async (work: (seen: { events: number }) => Promise<Response>): Promise<Response> => {
    const seen = { events: 1 }
    try {
      return await work(seen)
    } catch (error) {
      vitals.notTaken(error, seen.events)
      throw error
    }
  }

  return new Hono<{ Bindings: Bindings }>()
    .post('/store', (c) => counted((seen) => storeAll(c, seen)))
    .post('/simplest', (c) => counted(() => storeOne(c)))
}

import { type Context, Hono } from 'hono'
import { nameOf } from '../../domain/access.ts'
import type { Affirmation } from '../../domain/affirmation.ts'
import type { Event } from '../../domain/event.ts'
import { Fault } from '../../domain/fault.ts'
import { DAY, HOUR, iso, MINUTE, type Millis } from '../../domain/time.ts'
import type { AffirmationFilter } from '../../store/store.ts'
import { actorIn, authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { envFor } from '../key-env.ts'
import type { Bindings } from '../peer.ts'
import { readQuery } from '../query.ts'
import { affirmationsQuery, countsQuery, deletion, eventChange, eventsQuery, newEvent } from '../schema/event.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { NDJSON, streamPages } from '../stream.ts'
import { affirmationJson, eventShape, listShape } from './shapes.ts'

const BUCKETS = { '1m': MINUTE, '1h': HOUR, '1d': DAY }
const MOST_BUCKETS = 10_000
const ROWS_A_READ = 1_000

const wantsLines = (c: Context): boolean => /application\/(x-ndjson|ndjson|jsonl)/.test(c.req.header('accept') ?? '')

/** All of them, oldest first, a line each. */
const streamLines = (c: Context, services: Services, event: Event, filter: AffirmationFilter): Response =>
  streamPages(c, services, { type: NDJSON, write: (item: Affirmation) => `${affirmationJson(item)}\n` }, (cursor) =>
    services.store.affirmationsUpwards(event, filter, { limit: ROWS_A_READ, cursor }),
  )

/** From where to where to count: a day or more until the end of this bucket when nothing is said, so that what has just come counts. */
function countWindow(
  from: Millis | undefined,
  to: Millis | undefined,
  bucket: number,
  now: Millis,
): { from: Millis; to: Millis } {
  const end = to ?? now - (now % bucket) + bucket
  const start = from ?? end - Math.max(DAY, 100 * bucket)
  if (start > end) throw new Fault('invalid', 'from: is later than to.', [{ path: 'from', detail: 'is later than to' }])
  if ((end - start) / bucket > MOST_BUCKETS)
    throw new Fault('invalid', `bucket: gives more than ${MOST_BUCKETS} buckets; take a larger one or a shorter span.`, [
      { path: 'bucket', detail: 'is too small for this span' },
    ])
  return { from: start, to: end }
}

export function eventsRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { store, declaring, affirming, clock } = services
  const app = new Hono<{ Bindings: Bindings }>()
  const eventOf = (c: Context) => declaring.event(c.req.param('event') ?? '')

  app.get('/events', async (c) => {
    const { limit, cursor = null, ...filter } = readQuery(c, eventsQuery)
    envFor(actorIn(c), filter.env)
    const page = await store.listEvents(filter as Parameters<typeof store.listEvents>[0], { limit, cursor })
    return c.json(listShape(page, (event) => ({ ...eventShape(event), expectations: event.expectations })))
  })

  app.post('/events', async (c) => {
    const event = await declaring.registerEvent(read(newEvent, await readJson(c)), clock.now(), authorIn(c, services))
    return c.json(eventShape(event), 201, { location: `/api/v1/events/${event.key}` })
  })

  app.get('/events/:event', async (c) => c.json(eventShape(await eventOf(c))))

  app.patch('/events/:event', async (c) => {
    const change = read(eventChange, await readJson(c))
    return c.json(
      eventShape(await declaring.changeEvent(await eventOf(c), change as Partial<Event>, clock.now(), authorIn(c, services))),
    )
  })

  app.delete('/events/:event', async (c) => {
    const { confirm } = readQuery(c, deletion)
    await declaring.deleteEvent(await eventOf(c), confirm, clock.now(), authorIn(c, services))
    return c.body(null, 204)
  })

  app.get('/events/:event/affirmations', async (c) => {
    const { limit, cursor = null, env, ...rest } = readQuery(c, affirmationsQuery)
    const filter = { ...rest, env: envFor(actorIn(c), env) } as AffirmationFilter
    const event = await eventOf(c)
    if (wantsLines(c)) return streamLines(c, services, event, filter)
    const { items, next } = await store.affirmations(event, filter, { limit, cursor })
    const more = next === null ? '' : `,"nextCursor":${JSON.stringify(next)}`
    return c.body(`{"items":[${items.map(affirmationJson).join(',')}]${more}}`, 200, { 'content-type': 'application/json' })
  })

  app.delete('/events/:event/affirmations', async (c) => {
    const { confirm } = readQuery(c, deletion)
    const event = await eventOf(c)
    const now = clock.now()
    const by = authorIn(c, services)
    const cleared = await declaring.clearAffirmations(event, confirm, now, by)
    const source = nameOf(actorIn(c)) ?? by.address
    await affirming.affirmOwn(
      {
        event: event.key,
        env: undefined,
        status: 'log',
        at: undefined,
        source,
        value: JSON.stringify(`cleared ${cleared} affirmations`),
        id: null,
      },
      now,
    )
    return c.json({ cleared })
  })

  app.get('/events/:event/counts', async (c) => {
    const { env, from, to, bucket } = readQuery(c, countsQuery)
    const event = await eventOf(c)
    const window = countWindow(from, to, BUCKETS[bucket], clock.now())
    const items = await store.counts(event, envFor(actorIn(c), env), window, BUCKETS[bucket])
    return c.json({ items: items.map((item) => ({ ...item, from: iso(item.from) })) })
  })

  return app
}

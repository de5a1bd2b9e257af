import { Hono } from 'hono'
import type { Affirmation } from '../../domain/affirmation.ts'
import { isName, NAME_RULE } from '../../domain/event.ts'
import { invalid } from '../../domain/fault.ts'
import { SECOND } from '../../domain/time.ts'
import type { AffirmationFilter } from '../../store/store.ts'
import { actorIn } from '../access.ts'
import { envFor } from '../key-env.ts'
import type { Services } from '../services.ts'
import { streamJson } from './json-stream.ts'

const MOST = 10_000
const ROWS_A_READ = 1_000

/** `data` is a text there: one comes back as it came in, and any other value as its JSON. */
function dataOf(value: string | null): string {
  if (value === null) return '""'
  return value.startsWith('"') ? value : JSON.stringify(value)
}

const rowText = ({ at, event, value }: Affirmation): string =>
  `{"time":${at / SECOND},"name":${JSON.stringify(event)},"data":${dataOf(value)}}`

/** Affirmations in the original's words, newest first. */
export function rawEventsRoutes(services: Services): Hono {
  const { store } = services
  return new Hono().get('/events/:name', async (c) => {
    const name = c.req.param('name')
    if (!isName(name)) throw invalid([{ path: 'name', detail: NAME_RULE }])
    const env = envFor(actorIn(c), undefined)
    // The original knows of nothing but what happened: a start or a failure would be counted as that.
    const filter: AffirmationFilter = { status: 'ok', ...(env === undefined ? {} : { env }) }
    const event = await store.findEvent(name)
    // Names are not registered there before they are stored: one that nobody knows is one that has not happened.
    if (event === null) return c.json([])
    let read = 0
    return streamJson(c, services, '[]', rowText, async (cursor) => {
      const { items, next } = await store.affirmations(event, filter, { limit: ROWS_A_READ, cursor })
      read += items.length
      return { items, next: read < MOST ? next : null }
    })
  })
}

import { Hono } from 'hono'
import type { Commit } from '../../domain/place.ts'
import { iso } from '../../domain/time.ts'
import type { NamedPlace } from '../../store/store.ts'
import { authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { readQuery } from '../query.ts'
import { placesQuery, repoQuery, sentPlaces } from '../schema/place.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { listShape } from './shapes.ts'

/** 10,000 places with long paths. */
const MOST_BYTES = 4 * 1_048_576

const commitShape = ({ commit, at }: Commit) => ({ commit, at: iso(at) })

const placeShape = ({ event, key, repo, path, line, more, link, first, last, gone, pushedAt }: NamedPlace) => ({
  ...{ event, key, repo, path, line, more, link },
  first: commitShape(first),
  last: commitShape(last),
  gone: gone === null ? null : commitShape(gone),
  pushedAt: iso(pushedAt),
})

/** Where in code events are affirmed. */
export function placesRoutes(services: Services): Hono {
  const { store, placing, declaring, clock } = services
  const app = new Hono()

  app.get('/places', async (c) => {
    const { limit, cursor = null, event, repo } = readQuery(c, placesQuery)
    const eventId = event === undefined ? undefined : (await declaring.event(event)).id
    const filter = { ...(eventId !== undefined && { eventId }), ...(repo !== undefined && { repo }) }
    return c.json(listShape(await store.listPlaces(filter, { limit, cursor }), placeShape))
  })

  app.post('/places', async (c) => {
    const found = read(sentPlaces, await readJson(c, MOST_BYTES))
    return c.json(await placing.push(found, clock.now(), authorIn(c, services)))
  })

  app.delete('/places', async (c) => {
    await placing.forget(readQuery(c, repoQuery).repo, clock.now(), authorIn(c, services))
    return c.body(null, 204)
  })

  return app
}

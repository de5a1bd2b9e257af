import { Hono } from 'hono'
import { authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { idOf, readQuery } from '../query.ts'
import { keysQuery, newApiKey } from '../schema/key.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { keyShape, listShape } from './shapes.ts'

export function keysRoutes(services: Services): Hono {
  const { store, keys, clock } = services
  const app = new Hono()

  app.get('/keys', async (c) => {
    const { limit, cursor = null } = readQuery(c, keysQuery)
    return c.json(listShape(await store.listKeys({ limit, cursor }), keyShape))
  })

  app.post('/keys', async (c) => {
    const draft = read(newApiKey, await readJson(c))
    const { secret, ...made } = await keys.make(draft, authorIn(c, services), clock.now())
    // The only answer that ever holds it: nobody on the way may keep it.
    return c.json({ ...keyShape(made), secret }, 201, { 'cache-control': 'no-store' })
  })

  app.delete('/keys/:id', async (c) => {
    await keys.revoke(idOf(c, 'API key'), authorIn(c, services), clock.now())
    return c.body(null, 204)
  })

  return app
}

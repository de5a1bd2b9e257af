import { Hono } from 'hono'
import { nameOf } from '../../domain/access.ts'
import { acknowledge, findIncident, findNamed } from '../../services/incidents.ts'
import type { IncidentFilter } from '../../store/store.ts'
import { actorIn, authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { checkEnv, envFor } from '../key-env.ts'
import { idOf, readQuery } from '../query.ts'
import { acknowledgement, incidentsQuery } from '../schema/incident.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { incidentShape, listShape } from './shapes.ts'

export function incidentsRoutes(services: Services): Hono {
  const { store, declaring, clock } = services
  const app = new Hono()

  app.get('/incidents', async (c) => {
    const { limit, cursor = null, open, env, event } = readQuery(c, incidentsQuery)
    const filter = {
      ...(open === undefined ? {} : { isOpen: open === 'true' }),
      env: envFor(actorIn(c), env),
      ...(event === undefined ? {} : { eventId: (await declaring.event(event)).id }),
    }
    return c.json(listShape(await store.incidents(filter as IncidentFilter, { limit, cursor }), incidentShape))
  })

  app.get('/incidents/:id', async (c) => {
    const incident = await findIncident(store, idOf(c, 'incident'))
    checkEnv(actorIn(c), incident.env ?? '')
    return c.json(incidentShape(incident))
  })

  app.post('/incidents/:id/acknowledge', async (c) => {
    const { note, takeOver } = read(acknowledgement, await readJson(c))
    const incident = await findNamed(store, idOf(c, 'incident'))
    const actor = actorIn(c)
    checkEnv(actor, incident.env)
    const who = nameOf(actor) ?? 'anyone'
    const over = takeOver ? incident.acknowledgedBy : null
    const words = note?.trim() || null
    const held = await acknowledge(store, incident.id, { who, note: words, over }, clock.now(), authorIn(c, services))
    return c.json(incidentShape(held))
  })

  return app
}

import { type Context, Hono } from 'hono'
import { nameOf } from '../../domain/access.ts'
import { assign, snooze } from '../../services/attend.ts'
import { readStory } from '../../services/incident-story.ts'
import { acknowledge, findIncident, findNamed, type Named, noteIncident } from '../../services/incidents.ts'
import type { IncidentFilter } from '../../store/store.ts'
import { actorIn, authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { checkEnv, envFor } from '../key-env.ts'
import { idOf, readQuery } from '../query.ts'
import { acknowledgement, assignment, comment, incidentsQuery, snoozing } from '../schema/incident.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { happeningShape } from './happening-shape.ts'
import { incidentShape, listShape } from './shapes.ts'

export function incidentsRoutes(services: Services): Hono {
  const { store, declaring, clock, settings, changes } = services
  const app = new Hono()

  /** Which one, of an environment that whoever asks may change, and who that is. */
  const asked = async (c: Context) => {
    const incident = await findNamed(store, idOf(c, 'incident'))
    const actor = actorIn(c)
    checkEnv(actor, incident.env)
    return { incident, who: nameOf(actor) ?? 'anyone', author: authorIn(c, services) }
  }
  const answer = (c: Context, incident: Named) => {
    changes.tell()
    return c.json(incidentShape(incident))
  }

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
    const { happenings } = await readStory(store, incident)
    return c.json({ ...incidentShape(incident), timeline: happenings.map(happeningShape) })
  })

  app.post('/incidents/:id/acknowledge', async (c) => {
    const { note, takeOver } = read(acknowledgement, await readJson(c))
    const { incident, who, author } = await asked(c)
    const over = takeOver ? incident.acknowledgedBy : null
    const words = note?.trim() || null
    return answer(c, await acknowledge(store, incident.id, { who, note: words, over }, clock.now(), author))
  })

  app.post('/incidents/:id/comments', async (c) => {
    const { comment: note } = read(comment, await readJson(c))
    const { incident, who: by, author } = await asked(c)
    return answer(c, await noteIncident(store, incident.id, { by, note: note.trim() }, clock.now(), author))
  })

  app.post('/incidents/:id/assign', async (c) => {
    const { to } = read(assignment, await readJson(c))
    const { incident, who: by, author } = await asked(c)
    const said = { by, to, arePeopleKnown: settings.auth !== 'open' }
    return answer(c, await assign(store, incident.id, said, clock.now(), author))
  })

  app.post('/incidents/:id/snooze', async (c) => {
    const { until = null, for: lasts } = read(snoozing, await readJson(c))
    const { incident, who: by, author } = await asked(c)
    const now = clock.now()
    const said = lasts == null ? { until, path: 'until' as const } : { until: now + lasts, path: 'for' as const }
    return answer(c, await snooze(store, incident.id, { ...said, by }, now, author))
  })

  return app
}

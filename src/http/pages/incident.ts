import { type Context, Hono } from 'hono'
import { incidentPath } from '../../../views/addresses.ts'
import type { ExpectedView, HoldField, IncidentPage as Page } from '../../../views/models.incidents.ts'
import { IncidentPage } from '../../../views/pages/incident.tsx'
import { nameOf } from '../../domain/access.ts'
import { describe } from '../../domain/expectation.ts'
import { invalid } from '../../domain/fault.ts'
import { calledAs, type Incident } from '../../domain/incident.ts'
import { readStory, type Story } from '../../services/incident-story.ts'
import { acknowledge, findIncident, noteIncident } from '../../services/incidents.ts'
import { actorIn, authorIn } from '../access.ts'
import { idOf } from '../query.ts'
import { noted } from '../schema/incident.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm, typed } from './form.ts'
import { frameOf } from './frame.ts'
import { boardRow, verdictView } from './view-models.ts'

const FIELDS = ['note', 'by'] as const satisfies readonly HoldField[]
const BLANK: Page['hold'] = { values: { by: '', note: '' }, errors: {} }

function expectedOf({ shown, incident }: Story): ExpectedView | null {
  if (shown === null) return null
  const now = shown.expectation.terms
  const terms = incident.terms ?? now
  const sentence = describe(terms)
  return {
    ...boardRow(shown),
    opened: { sentence, schedule: terms.expression, timeZone: terms.timeZone },
    isEdited: sentence !== describe(now),
  }
}

const holderOf = ({ acknowledgedAt: since, acknowledgedBy: by, note }: Incident): Page['holder'] =>
  since === null || by === null ? null : { name: calledAs(by), since, note }

async function pageOf(c: Context, services: Services, hold: Page['hold']): Promise<Page> {
  const story = await readStory(services.store, await findIncident(services.store, idOf(c, 'incident')))
  const { incident, opening, happenings, before, around } = story
  return {
    frame: await frameOf(c, services),
    id: incident.id,
    openedAt: incident.openedAt,
    openedDue: incident.openedDue,
    closedAt: incident.closedAt,
    holder: holderOf(incident),
    over: incident.acknowledgedBy ?? '',
    expected: expectedOf(story),
    opening: opening === null ? null : verdictView(opening),
    happenings,
    before,
    around,
    hold,
  }
}

/** `GET /incidents/:id`, and what its form does. */
export function incidentPageRoutes(services: Services): Hono {
  const { store, clock, changes } = services
  const app = new Hono()

  app.get('/incidents/:id', async (c) => c.html(IncidentPage({ page: await pageOf(c, services, BLANK) })))

  // `act` is the button: acknowledge, take over, or only a note.
  app.post('/incidents/:id/acknowledge', async (c) => {
    const id = idOf(c, 'incident')
    const posted = await readForm(c)
    const values = typed(FIELDS, posted)
    const tried = await attempt(async () => {
      const { note, by } = read(noted, { by: values.by.trim(), note: values.note.replaceAll('\r\n', '\n').trim() })
      const who = nameOf(actorIn(c)) ?? `user:${by || 'somebody'}`
      const author = authorIn(c, services)
      if (posted('act') !== 'note')
        return acknowledge(store, id, { who, note: note || null, over: posted('over') || null }, clock.now(), author)
      if (note === '') throw invalid([{ path: 'note', detail: 'write something first' }])
      return noteIncident(store, id, { by: who, note }, clock.now(), author)
    })
    if ('errors' in tried)
      return c.html(IncidentPage({ page: await pageOf(c, services, mistaken(FIELDS, values, tried.errors)) }), 422)
    changes.tell()
    return c.redirect(incidentPath(id), 303)
  })

  return app
}

import { type Context, Hono } from 'hono'
import { incidentPath } from '../../../views/addresses.ts'
import type { AttendField, ExpectedView, HoldField, IncidentPage as Page } from '../../../views/models.incidents.ts'
import { IncidentPage } from '../../../views/pages/incident.tsx'
import { nameOf } from '../../domain/access.ts'
import { describe } from '../../domain/expectation.ts'
import { invalid } from '../../domain/fault.ts'
import { calledAs, type Incident } from '../../domain/incident.ts'
import { assign, snooze } from '../../services/attend.ts'
import { readStory, type Story } from '../../services/incident-story.ts'
import { acknowledge, findIncident, noteIncident } from '../../services/incidents.ts'
import { isSignersName } from '../../services/sign-off.ts'
import { actorIn, authorIn } from '../access.ts'
import { idOf } from '../query.ts'
import { assignedInForm, noted, snoozedInForm } from '../schema/incident.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm, typed } from './form.ts'
import { frameOf } from './frame.ts'
import { rememberedName, rememberName } from './signer.ts'
import { boardRow, verdictView } from './view-models.ts'

const FIELDS = ['note', 'by'] as const satisfies readonly HoldField[]
const ATTEND = ['to', 'for'] as const satisfies readonly AttendField[]
type Forms = Pick<Page, 'hold' | 'attend'>

const blankForms = (by: string, { assignedTo }: Incident): Forms => ({
  hold: { values: { by, note: '' }, errors: {} },
  attend: { values: { to: assignedTo ?? '', for: '' }, errors: {} },
})

function expectedOf({ shown, incident, description }: Story): ExpectedView | null {
  if (shown === null) return null
  const now = shown.expectation.terms
  const terms = incident.terms ?? now
  const sentence = describe(terms)
  return {
    ...boardRow(shown),
    opened: { sentence, schedule: terms.expression, timeZone: terms.timeZone },
    isEdited: sentence !== describe(now),
    severity: shown.expectation.telling.severity,
    description,
  }
}

const holderOf = ({ acknowledgedAt: since, acknowledgedBy: by, note }: Incident): Page['holder'] =>
  since === null || by === null ? null : { name: calledAs(by), since, note }

async function pageOf(c: Context, services: Services, forms: Partial<Forms> = {}): Promise<Page> {
  const story = await readStory(services.store, await findIncident(services.store, idOf(c, 'incident')))
  const { incident, opening, happenings, nobody, before, around } = story
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
    nobody,
    assignedTo: incident.assignedTo,
    snoozedUntil: incident.snoozedUntil,
    ...blankForms(rememberedName(c), incident),
    ...forms,
  }
}

/** `GET /incidents/:id`, and what its form does. */
export function incidentPageRoutes(services: Services): Hono {
  const { store, clock, changes, settings } = services
  const app = new Hono()
  const refuse = async (c: Context, forms: Partial<Forms>) =>
    c.html(IncidentPage({ page: await pageOf(c, services, forms) }), 422)
  const backTo = (c: Context, id: number) => {
    changes.tell()
    return c.redirect(incidentPath(id), 303)
  }

  app.get('/incidents/:id', async (c) => c.html(IncidentPage({ page: await pageOf(c, services) })))

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
    if ('errors' in tried) return refuse(c, { hold: mistaken(FIELDS, values, tried.errors) })
    if (isSignersName(values.by)) rememberName(c, values.by)
    return backTo(c, id)
  })

  /** Both forms are one to whoever looks: what was typed into the other stays as it was. */
  const attending = async (c: Context, work: (id: number, values: Record<AttendField, string>) => Promise<unknown>) => {
    const id = idOf(c, 'incident')
    const values = typed(ATTEND, await readForm(c))
    const tried = await attempt(() => work(id, values))
    return 'errors' in tried ? refuse(c, { attend: mistaken(ATTEND, values, tried.errors) }) : backTo(c, id)
  }
  const whoIn = (c: Context): string => nameOf(actorIn(c)) ?? `user:${rememberedName(c) || 'somebody'}`

  app.post('/incidents/:id/assign', (c) =>
    attending(c, async (id, { to: text }) => {
      const { to } = read(assignedInForm, { to: text.trim() })
      const said = { by: whoIn(c), to: to || null, arePeopleKnown: settings.auth !== 'open' }
      return assign(store, id, said, clock.now(), authorIn(c, services))
    }),
  )

  app.post('/incidents/:id/snooze', (c) =>
    attending(c, async (id, values) => {
      const text = values.for.trim()
      const now = clock.now()
      const until = text === '' ? null : now + read(snoozedInForm, { for: text }).for
      return snooze(store, id, { by: whoIn(c), until, path: 'for' }, now, authorIn(c, services))
    }),
  )

  return app
}

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import type { ChartView } from '../../../views/models.chart.ts'
import type { EditEventField, EventPage as Page, SignOffField } from '../../../views/models.ts'
import { EventPage } from '../../../views/pages/event.tsx'
import { STATUSES, type Status } from '../../domain/affirmation.ts'
import type { Event } from '../../domain/event.ts'
import { underAt } from '../../domain/maintenance.ts'
import { goneSince } from '../../domain/place.ts'
import { SHOWN_VERDICTS, type Shown, show } from '../../services/board.ts'
import { readChart } from '../../services/chart.ts'
import { authorIn } from '../access.ts'
import { readQuery } from '../query.ts'
import { eventChange } from '../schema/event.ts'
import { search } from '../schema/fields.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { chartView, isChartSpan } from './chart-view.ts'
import { attempt, mistaken, readForm, tagsOf, typed } from './form.ts'
import { baseUrlOf, frameOf } from './frame.ts'
import { rememberedName, rememberName, signerOf, undoerOf, undoView } from './signer.ts'
import { entry, verdictView } from './view-models.ts'

const ROWS_A_PAGE = 50
const MOST_EXPECTATIONS = 200
const MOST_PLACES = 50
const SIGN_OFF = ['by', 'note', 'env'] as const satisfies readonly SignOffField[]
const EDIT = ['description', 'tags'] as const satisfies readonly EditEventField[]
const REMOVE = ['confirm'] as const
type Forms = Pick<Page, 'signOff' | 'edit' | 'remove'>

const text = v.optional(search, '')
const isStatus = (status: string): status is Status | '' => status === '' || STATUSES.some((one) => one === status)
const eventPageQuery = v.object({ sign: text, env: text, status: text, source: text, cursor: text, span: text, of: text })

const blankForms = ({ description, tags }: Event, by: string, env: string): Forms => ({
  signOff: { values: { by, note: '', env }, errors: {} },
  edit: { values: { description, tags: tags.join(' ') }, errors: {} },
  remove: { values: { confirm: '' }, errors: {} },
})

async function affirmationsOf(c: Context, { store }: Services, event: Event): Promise<Page['affirmations']> {
  const { env, status, source, cursor } = readQuery(c, eventPageQuery)
  const filter = { env, status: isStatus(status) ? status : ('' as const), source }
  const asked = { ...(env && { env }), ...(filter.status && { status: filter.status }), ...(source && { source }) }
  const { items, next } = await store.affirmations(event, asked, { limit: ROWS_A_PAGE, cursor: cursor || null })
  return { filter, items, cursor: cursor || null, next }
}

/** The windows of the expectation that is asked for, else of the first. */
async function chartOf(
  c: Context,
  { store, clock, settings }: Services,
  event: Event,
  shown: readonly Shown[],
): Promise<ChartView> {
  const { span, of } = readQuery(c, eventPageQuery)
  const all = shown.map(({ expectation }) => expectation)
  const expectation = all.find(({ id }) => `${id}` === of) ?? all[0] ?? null
  const asked = { event, expectation, env: expectation?.env ?? settings.env, span: isChartSpan(span) ? span : null }
  return chartView(await readChart(store, asked, clock.now()), all)
}

/** Those that are there come first, and of the others those gone last: the first part tells since when it is in none. */
async function placesOf({ store }: Services, event: Event): Promise<Page['places']> {
  const { items, total } = await store.placesOf(event.id, MOST_PLACES)
  return { items, total, gone: goneSince(items) }
}

async function expectationsOf({ store }: Services, event: Event) {
  const { items } = await store.listExpectations({ eventId: event.id }, { limit: MOST_EXPECTATIONS, cursor: null })
  return show(
    store,
    items.map(({ id }) => ({ id, eventTags: event.tags })),
  )
}

async function pageOf(c: Context, services: Services, event: Event, forms: Partial<Forms> = {}): Promise<Page> {
  const { store, settings, signingOff, clock } = services
  const undoer = undoerOf(c, services)
  const [shown, affirmations, envs, frame, recent, windows, places] = await Promise.all([
    expectationsOf(services, event),
    affirmationsOf(c, services, event),
    store.environments(),
    frameOf(c, services),
    signingOff.recent(event, undoer, clock.now()),
    store.maintenanceWindows(clock.now()),
    placesOf(services, event),
  ])
  const underOf = underAt(windows, clock.now())
  const chart = await chartOf(c, services, event, shown)
  const verdicts = shown.flatMap(({ verdicts, expectation: { id } }) =>
    verdicts.map((verdict) => ({ ...verdictView(verdict), expectation: id })),
  )
  return {
    frame,
    event: { ...event, eventKey: event.key },
    baseUrl: baseUrlOf(c, services),
    envs,
    defaultEnv: settings.env,
    expectations: shown.map((one) => entry(one, underOf)),
    verdicts: verdicts.sort((a, b) => b.due - a.due).slice(0, SHOWN_VERDICTS),
    affirmations,
    chart,
    places,
    undo: recent.map(undoView(undoer)),
    ...blankForms(event, rememberedName(c), readQuery(c, eventPageQuery).sign || (shown[0]?.expectation.env ?? settings.env)),
    ...forms,
  }
}

/** `GET /events/:event`, and what its forms do. */
export function eventPageRoutes(services: Services): Hono {
  const { declaring, signingOff, clock, changes, settings } = services
  const app = new Hono()
  const eventOf = (c: Context) => declaring.event(c.req.param('event') ?? '')
  const backTo = (c: Context, event: Event, done: string) => c.redirect(withQuery(eventPath(event.name), { done }), 303)

  app.get('/events/:event', async (c) => c.html(EventPage({ page: await pageOf(c, services, await eventOf(c)) })))

  app.post('/events/:event', async (c) => {
    const event = await eventOf(c)
    const values = typed(EDIT, await readForm(c))
    const tried = await attempt(() =>
      declaring.changeEvent(
        event,
        read(eventChange, { description: values.description, tags: tagsOf(values.tags) }) as Partial<Event>,
        clock.now(),
        authorIn(c, services),
      ),
    )
    if ('errors' in tried)
      return c.html(EventPage({ page: await pageOf(c, services, event, { edit: mistaken(EDIT, values, tried.errors) }) }), 422)
    changes.tell()
    return backTo(c, event, 'saved')
  })

  app.post('/events/:event/sign-off', async (c) => {
    const event = await eventOf(c)
    const values = typed(SIGN_OFF, await readForm(c))
    const env = values.env.trim() || settings.env
    const tried = await attempt(async () => {
      const source = signerOf(c, values.by)
      await signingOff.signOff({ event, env, source, note: values.note, id: null }, clock.now())
    })
    if ('errors' in tried) {
      const signOff = mistaken(SIGN_OFF, values, tried.errors)
      return c.html(EventPage({ page: await pageOf(c, services, event, { signOff }) }), 422)
    }
    rememberName(c, values.by)
    changes.tell()
    return backTo(c, event, 'signed-off')
  })

  app.post('/events/:event/delete', async (c) => {
    const event = await eventOf(c)
    const values = typed(REMOVE, await readForm(c))
    const tried = await attempt(() => declaring.deleteEvent(event, values.confirm.trim(), clock.now(), authorIn(c, services)))
    if ('errors' in tried) {
      const errors = [{ path: 'confirm', detail: `Type the event's name to delete it: ${event.name}` }]
      return c.html(EventPage({ page: await pageOf(c, services, event, { remove: mistaken(REMOVE, values, errors) }) }), 422)
    }
    changes.tell()
    return c.redirect(withQuery('/events', { done: 'deleted' }), 303)
  })

  return app
}

import { type Context, Hono } from 'hono'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import {
  EXPECTATION_FIELDS,
  type ExpectationField,
  type FormState,
  type ExpectationFormPage as Page,
  type PreviewView,
} from '../../../views/models.ts'
import { DeleteExpectationPage } from '../../../views/pages/expectation-delete.tsx'
import { ExpectationFormPage } from '../../../views/pages/expectation-form.tsx'
import { formatDuration } from '../../domain/duration.ts'
import type { Expectation } from '../../domain/expectation.ts'
import { describe, stateOf } from '../../domain/expectation.ts'
import type { FieldError } from '../../domain/fault.ts'
import type { ExpectationDraft } from '../../services/declare.ts'
import { authorIn } from '../access.ts'
import { readDraft } from '../api/expectations.ts'
import { idOf } from '../query.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm, tagsOf, typed } from './form.ts'
import { frameOf } from './frame.ts'

type Values = Record<ExpectationField, string>

/** The schedule comes first: a mistake of no field in particular is told there. */
const FIELDS = EXPECTATION_FIELDS
const SHOWN_DUES = 5

/** Digits become a number; anything else stays as it is, for the schema to refuse. */
const numberOf = (text: string): number | string => (/^-?\d{1,15}$/.test(text) ? Number(text) : text)

function whereOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What was typed, as the API would be told; an empty field is left out, and so gets its default. */
function inputOf(values: Values, event: string): Record<string, unknown> {
  const given = (field: ExpectationField) => values[field].trim()
  const optional = (field: ExpectationField, read: (text: string) => unknown) =>
    given(field) === '' ? {} : { [field]: read(given(field)) }
  const same = (text: string) => text
  return {
    event,
    schedule: given('schedule'),
    ...optional('atLeast', numberOf),
    ...optional('atMost', numberOf),
    ...optional('count', same),
    ...optional('lookback', same),
    ...optional('grace', same),
    ...optional('timeZone', same),
    ...optional('env', same),
    ...optional('where', whereOf),
    ignoreFailures: values.ignoreFailures !== '',
    tags: tagsOf(values.tags),
  }
}

const blank = ({ env, timeZone }: Services['settings']): Values => ({
  schedule: '',
  atLeast: '1',
  atMost: '',
  count: 'affirmations',
  lookback: '',
  grace: '',
  timeZone,
  env,
  where: '',
  ignoreFailures: '',
  tags: '',
})

const valuesOf = ({ terms, env, tags }: Expectation): Values => ({
  schedule: terms.expression,
  atLeast: String(terms.atLeast),
  atMost: terms.atMost === null ? '' : String(terms.atMost),
  count: terms.count,
  lookback: terms.lookback === null ? '' : formatDuration(terms.lookback),
  grace: terms.grace === 0 ? '' : formatDuration(terms.grace),
  timeZone: terms.timeZone,
  env,
  where: terms.where === null ? '' : JSON.stringify(terms.where),
  ignoreFailures: terms.ignoreFailures ? 'on' : '',
  tags: tags.join(' '),
})

const isField = (path: string): path is ExpectationField => FIELDS.some((field) => field === path)
const unclear = (errors: readonly FieldError[]): PreviewView => ({
  kind: 'unclear',
  errors: errors.map(({ path, detail }) => ({ field: isField(path) ? path : (path.split('.')[0] ?? ''), detail })),
})

/** `GET /events/:event/expectations/new`, `GET /expectations/:id/edit` and `…/delete`, and what their forms do. */
export function expectationPageRoutes(services: Services): Hono {
  const { store, declaring, clock, changes, settings } = services
  const app = new Hono()

  const draftOf = (values: Values, event: string): ExpectationDraft => readDraft(inputOf(values, event), services)

  const previewOf = async (values: Values, event: string): Promise<PreviewView> => {
    if (values.schedule.trim() === '') return { kind: 'blank' }
    const tried = await attempt(async () => draftOf(values, event).terms)
    if ('errors' in tried) return unclear(tried.errors)
    const { description: sentence, warnings, next } = declaring.preview(tried.result, clock.now(), SHOWN_DUES)
    return { kind: 'clear', sentence, warnings, next, timeZone: tried.result.timeZone }
  }

  const formPage = async (c: Context, event: string, id: number | null, form: FormState<ExpectationField>): Promise<Page> => ({
    frame: await frameOf(c, services),
    event,
    id,
    form,
    envs: await store.environments(),
    preview: await previewOf(form.values, event),
  })

  const newForm = async (c: Context) => (await declaring.event(c.req.param('event') ?? '')).name
  const expectationOf = (c: Context) => declaring.expectation(idOf(c, 'expectation'))
  const answer = async (c: Context, page: Promise<Page>, status: 200 | 422) =>
    c.html(ExpectationFormPage({ page: await page }), status)

  const refuse = (c: Context, event: string, id: number | null, values: Values, errors: readonly FieldError[]) =>
    answer(c, formPage(c, event, id, mistaken(FIELDS, values, errors)), 422)
  const backTo = (c: Context, event: string, done: string) => {
    changes.tell()
    return c.redirect(withQuery(eventPath(event), { done }), 303)
  }

  app.get('/events/:event/expectations/new', async (c) =>
    answer(c, formPage(c, await newForm(c), null, { values: blank(settings), errors: {} }), 200),
  )

  app.post('/events/:event/expectations', async (c) => {
    const event = await newForm(c)
    const values = typed(FIELDS, await readForm(c))
    const tried = await attempt(async () => declaring.expect(draftOf(values, event), clock.now(), authorIn(c, services)))
    return 'errors' in tried ? refuse(c, event, null, values, tried.errors) : backTo(c, event, 'saved')
  })

  // The form again, only looked at: as it was typed, or with the schedule that a warning proposed.
  app.post('/expectations/preview', async (c) => {
    const posted = await readForm(c)
    const { name } = await declaring.event(posted('event'))
    const id = /^\d{1,15}$/.test(posted('id')) ? Number(posted('id')) : null
    const values = typed(FIELDS, posted)
    const used = posted('use')
    return answer(c, formPage(c, name, id, { values: used === '' ? values : { ...values, schedule: used }, errors: {} }), 200)
  })

  app.get('/expectations/:id/edit', async (c) => {
    const expectation = await expectationOf(c)
    return answer(c, formPage(c, expectation.event, expectation.id, { values: valuesOf(expectation), errors: {} }), 200)
  })

  app.post('/expectations/:id', async (c) => {
    const old = await expectationOf(c)
    const values = typed(FIELDS, await readForm(c))
    const tried = await attempt(async () =>
      declaring.change(old, { ...draftOf(values, old.event), paused: old.pausedAt !== null }, clock.now(), authorIn(c, services)),
    )
    return 'errors' in tried ? refuse(c, old.event, old.id, values, tried.errors) : backTo(c, old.event, 'saved')
  })

  app.post('/expectations/:id/pause', async (c) =>
    backTo(c, (await declaring.pause(await expectationOf(c), clock.now(), authorIn(c, services))).event, 'paused'),
  )
  app.post('/expectations/:id/resume', async (c) =>
    backTo(c, (await declaring.resume(await expectationOf(c), clock.now(), authorIn(c, services))).event, 'resumed'),
  )

  app.get('/expectations/:id/delete', async (c) => {
    const expectation = await expectationOf(c)
    const { id, event, env, terms } = expectation
    const page = {
      frame: await frameOf(c, services),
      expectation: { id, event, env, sentence: describe(terms), state: stateOf(expectation) },
    }
    return c.html(DeleteExpectationPage({ page }))
  })

  app.post('/expectations/:id/delete', async (c) => {
    const expectation = await expectationOf(c)
    await declaring.remove(expectation, clock.now(), authorIn(c, services))
    return backTo(c, expectation.event, 'deleted')
  })

  return app
}

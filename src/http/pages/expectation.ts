import { type Context, Hono } from 'hono'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import type { SuggestionView } from '../../../views/models.backtest.ts'
import {
  EXPECTATION_FIELDS,
  type ExpectationField,
  type FormState,
  type ExpectationFormPage as Page,
} from '../../../views/models.ts'
import { DeleteExpectationPage } from '../../../views/pages/expectation-delete.tsx'
import { ExpectationFormPage } from '../../../views/pages/expectation-form.tsx'
import { BacktestPiece } from '../../../views/parts/backtest.tsx'
import type { Event } from '../../domain/event.ts'
import { describe, stateOf } from '../../domain/expectation.ts'
import type { FieldError } from '../../domain/fault.ts'
import { authorIn } from '../access.ts'
import { idOf } from '../query.ts'
import type { Services } from '../services.ts'
import { blank, draftOf, valuesOf } from './expectation-input.ts'
import { backtestOf, previewOf, readTyped, suggestInto } from './expectation-preview.ts'
import { attempt, mistaken, type Posted, readForm, typed } from './form.ts'
import { frameOf, momentOf } from './frame.ts'

/** The schedule comes first: a mistake of no field in particular is told there. */
const FIELDS = EXPECTATION_FIELDS
const SEVERAL = ['channels']

/** `GET /events/:event/expectations/new`, `GET /expectations/:id/edit` and `…/delete`, and what their forms do. */
export function expectationPageRoutes(services: Services): Hono {
  const { store, declaring, clock, changes, settings } = services
  const app = new Hono()

  type Looked = { suggested?: SuggestionView; isCounted?: boolean; was?: string; isRefused?: boolean }

  const formPage = async (
    c: Context,
    event: Event,
    id: number | null,
    form: FormState<ExpectationField>,
    { suggested, isCounted = false, was = '', isRefused = false }: Looked = {},
  ): Promise<Page> => {
    const read = await readTyped(form.values, was, event.name, services)
    const later = read.kind === 'blank' ? 'none' : 'later'
    return {
      frame: await frameOf(c, services),
      event: event.name,
      id,
      form: isRefused || read.kind === 'blank' ? form : mistaken(FIELDS, form.values, read.errors),
      isRefused,
      envs: await store.environments(),
      channels: await store.channels(),
      preview: previewOf(read, services),
      backtest: isCounted ? await backtestOf(read, event, services) : { kind: later },
      suggested: suggested ?? null,
    }
  }

  const eventOf = (c: Context) => declaring.event(c.req.param('event') ?? '')
  const expectationOf = (c: Context) => declaring.expectation(idOf(c, 'expectation'))
  const answer = async (c: Context, page: Promise<Page>, status: 200 | 422) =>
    c.html(ExpectationFormPage({ page: await page }), status)

  const refuse = (c: Context, event: Event, id: number | null, posted: Posted, errors: readonly FieldError[]) =>
    answer(
      c,
      formPage(c, event, id, mistaken(FIELDS, typed(FIELDS, posted), errors), { was: posted('was'), isRefused: true }),
      422,
    )
  const backTo = (c: Context, event: string, done: string) => {
    changes.tell()
    return c.redirect(withQuery(eventPath(event), { done }), 303)
  }

  app.get('/events/:event/expectations/new', async (c) => {
    const event = await eventOf(c)
    const empty = { values: blank(settings), suggested: undefined }
    const { values, suggested } = c.req.query('suggest') === undefined ? empty : await suggestInto(empty.values, event, services)
    return answer(c, formPage(c, event, null, { values, errors: {} }, { suggested, isCounted: suggested !== undefined }), 200)
  })

  app.post('/events/:event/expectations', async (c) => {
    const event = await eventOf(c)
    const posted = await readForm(c, SEVERAL)
    const tried = await attempt(async () =>
      declaring.expect(draftOf(typed(FIELDS, posted), event.name, services), clock.now(), authorIn(c, services)),
    )
    return 'errors' in tried ? refuse(c, event, null, posted, tried.errors) : backTo(c, event.name, 'saved')
  })

  // The form again, only looked at: as it was typed, with the schedule that a warning proposed, or with what was seen.
  app.post('/expectations/preview', async (c) => {
    const posted = await readForm(c, SEVERAL)
    const event = await declaring.event(posted('event'))
    const id = /^\d{1,15}$/.test(posted('id')) ? Number(posted('id')) : null
    const asTyped = typed(FIELDS, posted)
    const used = posted('use') === '' ? asTyped : { ...asTyped, schedule: posted('use') }
    const { values, suggested } =
      posted('suggest') === '' ? { values: used, suggested: undefined } : await suggestInto(used, event, services)
    // While one types, the counts come by themselves.
    const isCounted = c.req.header('hx-request') === undefined
    const looked = { suggested, isCounted, was: posted('was') }
    return answer(c, formPage(c, event, id, { values, errors: {} }, looked), 200)
  })

  app.post('/expectations/backtest', async (c) => {
    const posted = await readForm(c, SEVERAL)
    const event = await declaring.event(posted('event'))
    const read = await readTyped(typed(FIELDS, posted), posted('was'), event.name, services)
    const backtest = await backtestOf(read, event, services)
    return c.html(BacktestPiece({ backtest, moment: momentOf(c, services) }))
  })

  app.get('/expectations/:id/edit', async (c) => {
    const expectation = await expectationOf(c)
    const event = await declaring.event(expectation.eventKey)
    return answer(c, formPage(c, event, expectation.id, { values: valuesOf(expectation), errors: {} }), 200)
  })

  app.post('/expectations/:id', async (c) => {
    const old = await expectationOf(c)
    const posted = await readForm(c, SEVERAL)
    const values = typed(FIELDS, posted)
    const tried = await attempt(async () =>
      declaring.change(
        old,
        { ...draftOf(values, old.event, services), paused: old.pausedAt !== null },
        clock.now(),
        authorIn(c, services),
      ),
    )
    if ('result' in tried) return backTo(c, old.event, 'saved')
    return refuse(c, await declaring.event(old.eventKey), old.id, posted, tried.errors)
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

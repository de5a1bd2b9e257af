import { type Context, Hono } from 'hono'
import type * as v from 'valibot'
import { noBacktest } from '../../domain/backtest.ts'
import { declaredExpectation } from '../../domain/declared.ts'
import type { Expectation, Terms } from '../../domain/expectation.ts'
import { type FieldError, invalid } from '../../domain/fault.ts'
import { iso } from '../../domain/time.ts'
import type { ExpectationDraft } from '../../services/declare.ts'
import { checkTerms } from '../../services/declare.ts'
import type { ExpectationFilter, VerdictFilter } from '../../store/store.ts'
import { actorIn, authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { checkEnv, envFor } from '../key-env.ts'
import { idOf, readQuery } from '../query.ts'
import {
  type consideredExpectation,
  expectationsQuery,
  newExpectation,
  previewed,
  rulesIn,
  termsOf,
  verdictsQuery,
} from '../schema/expectation.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { expectationShape, listShape, verdictShape } from './shapes.ts'
import { backtestShape } from './suggestion.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** By what an expectation is read: to be kept, or to be looked at. */
export type DraftSchema = typeof newExpectation | typeof consideredExpectation

/** A draft out of what was sent, with the server's defaults; a fault that tells every wrong field, those in `wrong` first. */
export function readDraft(
  input: unknown,
  { settings, clock }: Pick<Services, 'settings' | 'clock'>,
  wrong: readonly FieldError[] = [],
  schema: DraftSchema = newExpectation,
): ExpectationDraft {
  const { event, env = settings.env, tags, paused, ...rest } = read(schema, input, wrong)
  const terms = termsOf(rest, settings.timeZone)
  checkTerms(terms, clock.now())
  return { event, env, tags, paused, terms, telling: rulesIn(rest) }
}

/** As it would be kept: with the server's defaults, durations in their shortest form. */
const declaredDraft = (input: Omit<v.InferOutput<typeof previewed>, 'from' | 'occurrences'>, env: string, terms: Terms) => {
  const { channels, ...telling } = rulesIn(input)
  return {
    ...declaredExpectation({ event: '', env, tags: input.tags, pausedAt: null, terms, telling: { ...telling, channels: [] } }),
    event: input.event ?? null,
    paused: input.paused,
    channels,
  }
}

export function expectationsRoutes(services: Services): Hono {
  const { store, declaring, backtesting, clock, settings } = services
  const app = new Hono()
  const expectationOf = async (c: Context) => {
    const found = await declaring.expectation(idOf(c, 'expectation'))
    checkEnv(actorIn(c), found.env)
    return found
  }
  /** In the environment that whoever asks is kept to. */
  const draftOf = (c: Context, input: unknown): ExpectationDraft => {
    const env = envFor(actorIn(c), undefined) ?? settings.env
    const draft = readDraft(input, { clock, settings: { ...settings, env } })
    checkEnv(actorIn(c), draft.env)
    return draft
  }

  const shapes = async (expectations: readonly Expectation[]) => {
    const last = await store.lastVerdicts(
      expectations.map(({ id }) => id),
      1,
    )
    return (expectation: Expectation) => expectationShape(expectation, last.get(expectation.id)?.at(-1))
  }
  const shape = async (expectation: Expectation) => (await shapes([expectation]))(expectation)

  app.get('/expectations', async (c) => {
    const { limit, cursor = null, event, env, ...rest } = readQuery(c, expectationsQuery)
    const filter = { ...rest, env: envFor(actorIn(c), env) }
    const eventId = event === undefined ? undefined : (await declaring.event(event)).id
    const page = await store.listExpectations({ ...filter, eventId } as ExpectationFilter, { limit, cursor })
    return c.json(listShape(page, await shapes(page.items)))
  })

  app.post('/expectations', async (c) => {
    const expectation = await declaring.expect(draftOf(c, await readJson(c)), clock.now(), authorIn(c, services))
    return c.json(await shape(expectation), 201, { location: `/api/v1/expectations/${expectation.id}` })
  })

  app.post('/expectations/preview', async (c) => {
    const { from = clock.now(), occurrences, ...input } = read(previewed, await readJson(c))
    const env = envFor(actorIn(c), input.env) ?? settings.env
    const terms = termsOf(input, settings.timeZone)
    checkTerms(terms, from)
    const { description, warnings, next } = declaring.preview(terms, from, occurrences)
    const event = input.event === undefined ? null : await store.findEvent(input.event)
    const found = event === null ? noBacktest : await backtesting.backtest(event, env, terms, clock.now())
    return c.json({
      description,
      warnings: warnings.map(({ detail }) => detail),
      next: next.map(iso),
      backtest: backtestShape(found),
      declared: declaredDraft(input, env, terms),
    })
  })

  app.get('/expectations/:id', async (c) => c.json(await shape(await expectationOf(c))))

  app.patch('/expectations/:id', async (c) => {
    const old = await expectationOf(c)
    const change = await readJson(c)
    if (!isObject(change)) throw invalid([{ path: '', detail: 'must be an object with the fields to change' }])
    const draft = draftOf(c, { ...declaredExpectation(old), ...change })
    if (draft.event !== old.event && draft.event !== old.eventKey)
      throw invalid([{ path: 'event', detail: 'an expectation stays with its event; make another one for the other event' }])
    return c.json(await shape(await declaring.change(old, draft, clock.now(), authorIn(c, services))))
  })

  app.delete('/expectations/:id', async (c) => {
    await declaring.remove(await expectationOf(c), clock.now(), authorIn(c, services))
    return c.body(null, 204)
  })

  app.post('/expectations/:id/pause', async (c) =>
    c.json(await shape(await declaring.pause(await expectationOf(c), clock.now(), authorIn(c, services)))),
  )
  app.post('/expectations/:id/resume', async (c) =>
    c.json(await shape(await declaring.resume(await expectationOf(c), clock.now(), authorIn(c, services)))),
  )

  app.get('/expectations/:id/verdicts', async (c) => {
    const { limit, cursor = null, env, ...rest } = readQuery(c, verdictsQuery)
    const filter = { ...rest, env: envFor(actorIn(c), env) }
    const { id } = await expectationOf(c)
    return c.json(
      listShape(await store.verdicts({ ...(filter as VerdictFilter), expectation: id }, { limit, cursor }), verdictShape),
    )
  })

  app.get('/verdicts', async (c) => {
    const { limit, cursor = null, env, ...rest } = readQuery(c, verdictsQuery)
    const filter = { ...rest, env: envFor(actorIn(c), env) }
    const page = await store.verdicts(filter as VerdictFilter, { limit, cursor })
    return c.json(listShape(page, (verdict) => ({ ...verdictShape(verdict), event: verdict.event, env: verdict.env })))
  })

  return app
}

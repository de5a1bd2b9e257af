import { type Context, Hono } from 'hono'
import { LONGEST } from '../../domain/duration.ts'
import { type Event, isName, NAME_RULE } from '../../domain/event.ts'
import type { Expectation, Terms } from '../../domain/expectation.ts'
import { Fault, invalid } from '../../domain/fault.ts'
import { checkTerms } from '../../services/declare.ts'
import { actorIn, authorIn } from '../access.ts'
import { envFor } from '../key-env.ts'
import type { Services } from '../services.ts'
import { readTerms, TERMS_FIELDS } from './config-form.ts'
import { configRow } from './config-row.ts'
import { formOf } from './fields.ts'
import { member, streamJson } from './json-stream.ts'
import { expectationOf } from './original-key.ts'

const ROWS_A_READ = 500
const DONE = 'yay'

/** What the original begins with: nothing is asked for until somebody says what. */
const firstTerms = (timeZone: string): Terms => ({
  expression: '1 1 1 1 1',
  timeZone,
  atLeast: 0,
  atMost: null,
  count: 'affirmations',
  lookback: LONGEST,
  grace: 0,
  where: null,
  ignoreFailures: false,
})

/** The event of this name, registered where it is not known. */
async function eventCalled(c: Context, services: Services, name: string): Promise<Event> {
  const { store, declaring, clock } = services
  if (!isName(name)) throw invalid([{ path: 'event_name', detail: NAME_RULE }])
  const found = await store.findEvent(name)
  if (found !== null) return found
  const draft = { name, description: '', tags: [] }
  return declaring.registerEvent(draft, clock.now(), authorIn(c, services)).catch((error: unknown) => {
    // Somebody was quicker.
    if (error instanceof Fault && error.code === 'conflict') return declaring.event(name)
    throw error
  })
}

/** What is expected, in the original's words. */
export function configRoutes(services: Services): Hono {
  const { store, declaring, clock, settings } = services
  const app = new Hono()
  const envOf = (c: Context) => envFor(actorIn(c), undefined)

  app.get('/get_event_config', (c) => {
    const env = envOf(c)
    const filter = env === undefined ? {} : { env }
    const write = (expectation: Expectation): string => {
      const row = configRow(expectation)
      return member(row.key, row)
    }
    return streamJson(c, services, '{}', write, (cursor) => store.listExpectations(filter, { limit: ROWS_A_READ, cursor }))
  })

  app.post('/register_event', async (c) => {
    const { event_name: name } = await formOf(c, ['event_name'])
    const { key: event } = await eventCalled(c, services, name)
    const draft = { event, env: envOf(c) ?? settings.env, tags: [], paused: false, terms: firstTerms(settings.timeZone) }
    return c.json(configRow(await declaring.expect(draft, clock.now(), authorIn(c, services))))
  })

  app.post('/update_event_config', async (c) => {
    const { key, ...form } = await formOf(c, ['key', ...TERMS_FIELDS])
    const old = await expectationOf(c, services, key)
    const terms = readTerms(form, old.terms)
    checkTerms(terms, clock.now())
    const { event, env, tags, pausedAt } = old
    const draft = { event, env, tags, paused: pausedAt !== null, terms }
    await declaring.change(old, draft, clock.now(), authorIn(c, services))
    return c.text(DONE)
  })

  app.post('/unregister_event', async (c) => {
    const { key_to_delete: key } = await formOf(c, ['key_to_delete'])
    await declaring.remove(await expectationOf(c, services, key), clock.now(), authorIn(c, services))
    return c.text(DONE)
  })

  return app
}

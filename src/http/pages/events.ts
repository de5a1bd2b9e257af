import { type Context, Hono } from 'hono'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import type { EventRow, EventsPage as Page } from '../../../views/models.events.ts'
import type { FormState, RegisterField } from '../../../views/models.ts'
import { DeleteEventPage } from '../../../views/pages/event-delete.tsx'
import { EventsPage } from '../../../views/pages/events.tsx'
import { EVENTS_A_PAGE } from '../../../views/parts/event-table.tsx'
import { describe, type Expectation, stateOf } from '../../domain/expectation.ts'
import { type Configured, readConfiguration } from '../../services/configuration.ts'
import { authorIn } from '../access.ts'
import { newEvent } from '../schema/event.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { readEventsFilter } from './events-filter.ts'
import { attempt, mistaken, readForm, tagsOf, typed } from './form.ts'
import { frameOf } from './frame.ts'

const FIELDS = ['name', 'description', 'tags', 'key'] as const satisfies readonly RegisterField[]
const BLANK: FormState<RegisterField> = { values: { name: '', description: '', tags: '', key: '' }, errors: {} }
const MOST_COUNTED = 1_000

const lineOf = ({ id, env, tags, terms, nextDue, ...rest }: Expectation) => ({
  ...{ id, env, tags, nextDue },
  sentence: describe(terms),
  state: stateOf({ ...rest, nextDue }),
})

const rowOf = ({ event: { name, key, description, tags, createdAt }, expectations, ...rest }: Configured): EventRow => ({
  ...{ name, description, tags, createdAt },
  eventKey: key,
  expectations: expectations.map(lineOf),
  ...rest,
})

/** The table as the address asks for it. */
export async function eventsPageOf(
  c: Context,
  services: Services,
  { register = BLANK, mistake = null }: Partial<Pick<Page, 'register' | 'mistake'>> = {},
): Promise<Page> {
  const { filter, asked, page } = readEventsFilter(c)
  const part = { limit: EVENTS_A_PAGE, offset: (page - 1) * EVENTS_A_PAGE }
  const [{ items, total }, tags, frame] = await Promise.all([
    readConfiguration(services.store, asked, { by: filter.sort, isDown: filter.isDown }, part),
    services.store.tags(),
    frameOf(c, services),
  ])
  return { frame, filter, tags, items: items.map(rowOf), page, total, register, mistake }
}

/** `GET /events`, registering one there, and what is asked before one is deleted. */
export function eventsPageRoutes(services: Services): Hono {
  const { store, declaring, clock, changes } = services
  const app = new Hono()

  app.get('/events', async (c) => c.html(EventsPage({ page: await eventsPageOf(c, services) })))

  app.post('/events', async (c) => {
    const values = typed(FIELDS, await readForm(c))
    const tried = await attempt(() => {
      const { name, description, key } = values
      return declaring.registerEvent(
        read(newEvent, { name: name.trim(), description, tags: tagsOf(values.tags), ...(key === '' ? {} : { key: key.trim() }) }),
        clock.now(),
        authorIn(c, services),
      )
    })
    if ('errors' in tried) {
      const register = mistaken(FIELDS, values, tried.errors)
      return c.html(EventsPage({ page: await eventsPageOf(c, services, { register }) }), 422)
    }
    changes.tell()
    return c.redirect(withQuery(eventPath(tried.result.name), { done: 'registered' }), 303)
  })

  app.get('/events/:event/delete', async (c) => {
    const { id, name } = await declaring.event(c.req.param('event'))
    const { items } = await store.listExpectations({ eventId: id }, { limit: MOST_COUNTED, cursor: null })
    const form = { values: { confirm: '' }, errors: {} }
    const page = { frame: await frameOf(c, services), event: { name, expectations: items.length }, form }
    return c.html(DeleteEventPage({ page }))
  })

  return app
}

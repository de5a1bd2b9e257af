import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import type { FormState, EventsPage as Page, RegisterField } from '../../../views/models.ts'
import { EventsPage } from '../../../views/pages/events.tsx'
import { worstOf } from '../../../views/states.ts'
import { countStates, stated } from '../../services/board.ts'
import { authorIn } from '../access.ts'
import { readQuery } from '../query.ts'
import { newEvent } from '../schema/event.ts'
import { search } from '../schema/fields.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm, tagsOf, typed } from './form.ts'
import { frameOf } from './frame.ts'

const ROWS_A_PAGE = 100
const FIELDS = ['name', 'description', 'tags', 'key'] as const satisfies readonly RegisterField[]
const BLANK: FormState<RegisterField> = { values: { name: '', description: '', tags: '', key: '' }, errors: {} }

const text = v.optional(search, '')
const eventsPageQuery = v.object({ q: text, without: text, cursor: text })

async function pageOf(c: Context, services: Services, register: FormState<RegisterField>): Promise<Page> {
  const { store } = services
  const { q, without, cursor } = readQuery(c, eventsPageQuery)
  const isUnexpectedOnly = without !== ''
  const { items, next } = await store.listEvents(
    { q, isUnexpected: isUnexpectedOnly },
    { limit: ROWS_A_PAGE, cursor: cursor || null },
  )
  const ids = items.map(({ id }) => id)
  const last = await store.lastOfEvents(ids)
  const outlines = stated(await store.outline())
  const worst = (event: number) => worstOf(countStates(outlines.filter(({ eventId }) => eventId === event)))
  return {
    frame: await frameOf(c, services),
    filter: { q, isUnexpectedOnly },
    items: items.map(({ id, name, key, description, tags, expectations }) => ({
      name,
      eventKey: key,
      description,
      tags,
      expectations,
      state: expectations === 0 ? null : worst(id),
      last: last.get(id) ?? null,
    })),
    next,
    register,
  }
}

/** `GET /events`, and registering one there. */
export function eventsPageRoutes(services: Services): Hono {
  const { declaring, clock, changes } = services
  const app = new Hono()

  app.get('/events', async (c) => c.html(EventsPage({ page: await pageOf(c, services, BLANK) })))

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
    if ('errors' in tried)
      return c.html(EventsPage({ page: await pageOf(c, services, mistaken(FIELDS, values, tried.errors)) }), 422)
    changes.tell()
    return c.redirect(withQuery(eventPath(tried.result.name), { done: 'registered' }), 303)
  })

  return app
}

import type { Context } from 'hono'
import * as v from 'valibot'
import { EVENT_SORTS, type EventsFilter } from '../../../views/models.events.ts'
import { STATES } from '../../domain/expectation.ts'
import type { EventFilter } from '../../store/store.ts'
import { readQuery } from '../query.ts'
import { search } from '../schema/fields.ts'

const text = v.optional(search, '')
const eventsPageQuery = v.object({ q: text, tag: text, state: text, without: text, sort: text, dir: text, page: text })

const MOST_PAGES = 1_000_000

/** What the address of the table asks for; a word that is none of ours stands for the usual one. */
export function readEventsFilter(c: Context): { filter: EventsFilter; asked: EventFilter; page: number } {
  const { q, tag, state, without, sort, dir, page } = readQuery(c, eventsPageQuery)
  const filter: EventsFilter = {
    ...{ q, tag },
    state: STATES.find((one) => one === state) ?? '',
    isUnexpectedOnly: without !== '',
    sort: EVENT_SORTS.find((one) => one === sort) ?? 'event',
    isDown: dir === 'desc',
  }
  return {
    filter,
    asked: { q, tag, isUnexpected: filter.isUnexpectedOnly, ...(filter.state === '' ? {} : { state: filter.state }) },
    page: /^[1-9]\d{0,6}$/.test(page) ? Math.min(Number(page), MOST_PAGES) : 1,
  }
}

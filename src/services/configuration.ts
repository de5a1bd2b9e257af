import type { Event } from '../domain/event.ts'
import type { Expectation } from '../domain/expectation.ts'
import { nearestName } from '../domain/nearest.ts'
import type { EventFilter, EventOrder, LastAffirmation, Store } from '../store/store.ts'

/** Expectations of one event that are shown; the others are on its page. */
const MOST_SHOWN = 20
/** Expectations read for one part of the table. */
const MOST_READ = 1_000
/** A hint compares with every name there is: so many are given in one part. */
const MOST_HINTS = 20

export type Configured = {
  event: Event
  expectations: Expectation[]
  more: number
  last: LastAffirmation | null
  nearest: string | null
}
export type Part = { limit: number; offset: number }

/** Expectations of these events, each list by id. */
export async function expectationsOf(
  store: Store,
  events: readonly Event[],
  most = MOST_READ,
): Promise<Map<number, Expectation[]>> {
  const of = new Map<number, Expectation[]>(events.map(({ id }) => [id, []]))
  let cursor: string | null = null
  for (let rest = most; events.length > 0 && rest > 0; rest -= MOST_READ) {
    const eventIds = events.map(({ id }) => id)
    const page: Awaited<ReturnType<Store['listExpectations']>> = await store.listExpectations(
      { eventIds },
      { limit: MOST_READ, cursor },
    )
    for (const expectation of page.items) of.get(expectation.eventId)?.push(expectation)
    if (page.next === null) break
    cursor = page.next
  }
  return of
}

/** The name that an event nothing is expected of may be a typo of; only for the first of them. */
async function hintsFor(store: Store, lonely: readonly Event[]): Promise<Map<number, string | null>> {
  if (lonely.length === 0) return new Map()
  const known = await store.expectedNames()
  return new Map(lonely.slice(0, MOST_HINTS).map(({ id, name }) => [id, nearestName(name, known)]))
}

/** One part of the table of all events and what is expected of them. */
export async function readConfiguration(
  store: Store,
  filter: EventFilter,
  order: { by: EventOrder; isDown: boolean },
  part: Part,
): Promise<{ items: Configured[]; total: number }> {
  const { items, total } = await store.eventTable(filter, order, part)
  const [expectations, last] = await Promise.all([expectationsOf(store, items), store.lastOfEvents(items.map(({ id }) => id))])
  const of = (event: Event): Expectation[] => expectations.get(event.id) ?? []
  const hints = await hintsFor(
    store,
    items.filter((event) => of(event).length === 0),
  )
  return {
    items: items.map((event) => ({
      event,
      expectations: of(event).slice(0, MOST_SHOWN),
      more: Math.max(0, of(event).length - MOST_SHOWN),
      last: last.get(event.id) ?? null,
      nearest: hints.get(event.id) ?? null,
    })),
    total,
  }
}

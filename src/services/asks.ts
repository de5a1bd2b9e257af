import type { Affirmation } from '../domain/affirmation.ts'
import type { Event } from '../domain/event.ts'
import { type Expectation, type State, stateOf } from '../domain/expectation.ts'
import type { Millis } from '../domain/time.ts'
import type { AwaitedWindow, Store } from '../store/store.ts'

/** Events and expectations with this tag are for people. */
export const PERSON = 'person'
const MOST_READ = 1_000
const MOST_SHOWN = 100
/** Affirmations looked at of each event and env: who did it lately. */
const LAST_ONES = 20

/** `waiting`: signing now counts for the next due. `later`: its window has not begun. `done`: enough are in it. */
export const STANDINGS = ['waiting', 'later', 'done'] as const
export type Standing = (typeof STANDINGS)[number]

/** One expectation of people, with what its next due has so far. */
export type Wanted = { expectation: Expectation; awaited: AwaitedWindow; standing: Standing; state: State }

/** What is asked of people about one event in one env. `wanted`: the most urgent first. */
export type Ask = {
  event: Event
  env: string
  wanted: readonly Wanted[]
  /** The last affirmations that were not withdrawn, newest first. */
  lately: readonly Affirmation[]
}

type Place = { event: string; env: string; wanted: Wanted[] }

export function standingOf({ window, seen, atLeast }: AwaitedWindow, now: Millis): Standing {
  if (seen >= atLeast) return 'done'
  return now < window.from ? 'later' : 'waiting'
}

const rankOf = ({ standing, state }: Wanted): number =>
  STANDINGS.indexOf(standing) * 10 + (state === 'missed' ? 0 : state === 'late' ? 1 : 2)

/** Missed, late, due soonest; then what is not open yet, and last what is done. */
const byUrgency = (a: Wanted, b: Wanted): number =>
  rankOf(a) - rankOf(b) || (a.expectation.nextDue ?? 0) - (b.expectation.nextDue ?? 0)

async function readWanted(store: Store, now: Millis): Promise<Wanted[]> {
  const awaited = new Map((await store.awaited(PERSON)).slice(0, MOST_READ).map((one) => [one.expectation, one]))
  if (awaited.size === 0) return []
  const { items } = await store.listExpectations({ ids: [...awaited.keys()] }, { limit: awaited.size, cursor: null })
  return items.flatMap((expectation) => {
    const one = awaited.get(expectation.id)
    if (one === undefined) return []
    return [{ expectation, awaited: one, standing: standingOf(one, now), state: stateOf(expectation) }]
  })
}

/** One for each event and env, in the order of their most urgent expectation. */
function placesOf(wanted: readonly Wanted[]): Place[] {
  const places = new Map<string, Place>()
  for (const one of wanted) {
    const { event, env } = one.expectation
    const place = places.get(`${event} ${env}`) ?? { event, env, wanted: [] }
    place.wanted.push(one)
    places.set(`${event} ${env}`, place)
  }
  return [...places.values()]
}

/** What stands on the page of this event and env, whether or not it is asked of people. */
export async function readAsk(store: Store, event: Event, env: string, wanted: readonly Wanted[] = []): Promise<Ask> {
  const { items } = await store.affirmations(event, { env, status: 'ok' }, { limit: LAST_ONES, cursor: null })
  return { event, env, wanted, lately: items.filter(({ withdrawn }) => withdrawn === null) }
}

/** What is asked of people now, in this env or in all of them; `total`: how many that is before the end is cut off. */
export async function readAsks(store: Store, env: string, now: Millis): Promise<{ asks: Ask[]; total: number }> {
  const wanted = (await readWanted(store, now)).filter(({ expectation }) => env === '' || expectation.env === env)
  const places = placesOf(wanted.toSorted(byUrgency))
  const asks = places.slice(0, MOST_SHOWN).map(async (place) => {
    const event = await store.findEvent(place.event)
    return event === null ? [] : [await readAsk(store, event, place.env, place.wanted)]
  })
  return { asks: (await Promise.all(asks)).flat(), total: places.length }
}

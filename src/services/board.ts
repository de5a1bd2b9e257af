import type { Event } from '../domain/event.ts'
import { type Expectation, STATES, type State, stateOf } from '../domain/expectation.ts'
import type { Incident } from '../domain/incident.ts'
import { nearestName } from '../domain/nearest.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { Kind, LastAffirmation, Outline, Store } from '../store/store.ts'
import type { NameFilters } from './name-filter.ts'

/** Verdicts shown of each expectation. */
export const SHOWN_VERDICTS = 30
const MOST_TROUBLE = 50
const MOST_UNEXPECTED = 20

/** The order of the board: what needs somebody first. */
const ORDER: Record<State, number> = { missed: 0, late: 1, unknown: 2, waiting: 3, met: 3, paused: 4 }
const isTrouble = (state: State): boolean => ORDER[state] < 3

/** A part of the list: `rows` of them from number `from` on. */
export type BoardQuery = { q: string; env: string; tag: string; state: State | ''; from: number; rows: number }
/** An expectation with all that a row or an entry shows of it. */
export type Shown = {
  expectation: Expectation
  state: State
  eventTags: readonly string[]
  verdicts: readonly Verdict[]
  last: LastAffirmation | null
  incident: Incident | null
}
export type Unexpected = { event: Event; last: LastAffirmation | null; nearest: string | null }
export type Counts = Record<State, number>
export type Board = {
  counts: Counts
  matching: Counts
  filterError: string | null
  trouble: Shown[]
  calm: Shown[]
  from: number
  unexpected: { items: Unexpected[]; total: number }
}

type Stated = Outline & { state: State }

export function countStates(outlines: readonly { state: State; count?: number }[]): Counts {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Counts
  for (const { state, count = 1 } of outlines) counts[state] += count
  return counts
}

/** How many expectations are in each state. */
export const countKinds = (kinds: readonly Kind[]): Counts =>
  countStates(kinds.map((kind) => ({ ...kind, state: stateOf(kind) })))

export const stated = (outline: readonly Outline[]): Stated[] => outline.map((one) => ({ ...one, state: stateOf(one) }))

/** Everything these rows show, asked in a handful of queries however many they are; in the order given. */
export async function show(store: Store, rows: readonly { id: number; eventTags: readonly string[] }[]): Promise<Shown[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const [{ items }, verdicts, last, incidents] = await Promise.all([
    store.listExpectations({ ids }, { limit: ids.length, cursor: null }),
    store.lastVerdicts(ids, SHOWN_VERDICTS),
    store.lastAffirmations(ids),
    store.openIncidents(ids),
  ])
  const expectations = new Map(items.map((item) => [item.id, item]))
  const open = new Map(incidents.map((incident) => [incident.expectation, incident]))
  return rows.flatMap(({ id, eventTags }) => {
    const expectation = expectations.get(id)
    if (expectation === undefined) return []
    return [
      {
        expectation,
        state: stateOf(expectation),
        eventTags,
        verdicts: verdicts.get(id) ?? [],
        last: last.get(id) ?? null,
        incident: open.get(id) ?? null,
      },
    ]
  })
}

async function unexpectedEvents(store: Store, known: readonly string[]): Promise<Board['unexpected']> {
  const items = await store.unexpectedEvents(MOST_UNEXPECTED)
  const last = await store.lastOfEvents(items.map(({ id }) => id))
  const total = items.length < MOST_UNEXPECTED ? items.length : await store.countUnexpected()
  return {
    items: items.map((event) => ({ event, last: last.get(event.id) ?? null, nearest: nearestName(event.name, known) })),
    total,
  }
}

/** What the board shows: every expectation counted, problems first, the rest in parts. */
export async function readBoard(
  { store, filters }: { store: Store; filters: NameFilters },
  { q, env, tag, state, from, rows }: BoardQuery,
): Promise<Board> {
  const outlines = stated(await store.outline())
  const names = [...new Set(outlines.map(({ event }) => event))]
  const { matches, error } = filters.of(q, names)
  const fitting = outlines.filter(
    (one) =>
      (matches(one.event) || one.eventKey === q) &&
      (env === '' || one.env === env) &&
      (tag === '' || one.tags.includes(tag) || one.eventTags.includes(tag)),
  )
  const ordered = fitting.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
  const troubled = ordered.filter((one) => isTrouble(one.state))
  const calm = ordered.filter((one) => !isTrouble(one.state))
  const only = ordered.filter((one) => one.state === state)
  const part = (all: readonly Stated[]) => all.slice(from, from + rows)
  const isFiltered = q !== '' || env !== '' || tag !== '' || state !== ''
  const isTroubleOnly = state !== '' && isTrouble(state)
  return {
    counts: countStates(outlines),
    matching: countStates(fitting),
    filterError: error,
    trouble: await show(store, state === '' ? troubled.slice(0, MOST_TROUBLE) : isTroubleOnly ? part(only) : []),
    calm: await show(store, state === '' ? part(calm) : isTroubleOnly ? [] : part(only)),
    from,
    // A filter asks for expectations; what has none is not among them.
    unexpected: isFiltered ? { items: [], total: 0 } : await unexpectedEvents(store, names),
  }
}

import type { Author } from '../domain/audit.ts'
import type { Expectation } from '../domain/expectation.ts'
import { Fault, invalid } from '../domain/fault.ts'
import { type Claim, type Claimed, calledAs, LONGEST_NOTE } from '../domain/incident.ts'
import type { Millis } from '../domain/time.ts'
import type { FoundIncident, IncidentFilter, NamedIncident, Paged, Store } from '../store/store.ts'

const ROWS_A_PAGE = 50
const ANY = { cursor: null }

export type Named = FoundIncident & { event: string; env: string }
export type IncidentQuery = { q: string; env: string; isOpen: boolean | null; cursor: string | null }
/** Null: not among what was asked for. */
export type IncidentList = { open: Paged<NamedIncident> | null; closed: Paged<NamedIncident> | null }

const conflict = (detail: string): Fault => new Fault('conflict', detail, [{ path: 'note', detail }])
/** What can be done with an open one, as sentences say it. */
export type Done = 'acknowledged' | 'noted' | 'assigned' | 'snoozed'
const deleted = (id: number, done: Done): Fault =>
  conflict(`The expectation of incident ${id} was deleted, so there is nothing left to be ${done}.`)

/** Throws `not-found`: incidents go some time after they were closed, and with their expectation. */
export async function findIncident(store: Store, id: number): Promise<FoundIncident> {
  const found = await store.findIncident(id)
  if (found === null)
    throw new Fault(
      'not-found',
      `There is no incident ${id}. Closed ones are cleared away in time, and those of a deleted expectation at once.`,
    )
  return found
}

/** The same, of an expectation that is still there; throws a `conflict` where it is not. */
export async function findNamed(store: Store, id: number, done: Done = 'acknowledged'): Promise<Named> {
  const { event, env, ...rest } = await findIncident(store, id)
  if (event === null || env === null) throw deleted(id, done)
  return { ...rest, event, env }
}

/** Says in words why nothing was done. */
export async function checkDone(store: Store, id: number, answer: Claimed, done: Done): Promise<Named> {
  const now = await findNamed(store, id, done)
  if (answer === 'closed') throw conflict(`Incident ${id} has been closed, so it cannot be ${done} any more.`)
  if (answer === 'held')
    throw conflict(`${calledAs(now.acknowledgedBy ?? 'anyone')} has it already. Take it over if you mean to.`)
  return now
}

function checkNote(note: string | null): void {
  if (note !== null && note.length > LONGEST_NOTE)
    throw invalid([{ path: 'note', detail: `at most ${LONGEST_NOTE.toLocaleString('en')} characters` }])
}

/** "I have it." Throws a `conflict` in words when it is closed, or in the hands of somebody else than `claim.over`. */
export async function acknowledge(store: Store, id: number, claim: Claim, at: Millis, author: Author): Promise<Named> {
  checkNote(claim.note)
  await findNamed(store, id)
  return checkDone(store, id, await store.acknowledge(id, claim, at, author), 'acknowledged')
}

/** Whoever has it. */
export async function noteIncident(
  store: Store,
  id: number,
  said: { by: string; note: string },
  at: Millis,
  author: Author,
): Promise<Named> {
  checkNote(said.note)
  await findNamed(store, id, 'noted')
  return checkDone(store, id, await store.noteIncident(id, said, at, author), 'noted')
}

/** Open ones, then a part of the closed ones; a cursor is a place among those that are asked for alone, or among the closed ones. */
export async function listIncidents(store: Store, { q, env, isOpen, cursor }: IncidentQuery): Promise<IncidentList> {
  const filter: IncidentFilter = { ...(q === '' ? {} : { q }), ...(env === '' ? {} : { env }) }
  const page = { limit: ROWS_A_PAGE, cursor }
  const hasOpen = isOpen === true || (isOpen === null && cursor === null)
  const open = hasOpen ? await store.incidents({ ...filter, isOpen: true }, isOpen === null ? { ...page, ...ANY } : page) : null
  const closed = isOpen === true ? null : await store.incidents({ ...filter, isOpen: false }, page)
  return { open, closed }
}

/** What they are about, by the number of the expectation. */
export async function expectationsOf(store: Store, incidents: readonly NamedIncident[]): Promise<Map<number, Expectation>> {
  const ids = [...new Set(incidents.map(({ expectation }) => expectation))]
  if (ids.length === 0) return new Map()
  const { items } = await store.listExpectations({ ids }, { limit: ids.length, ...ANY })
  return new Map(items.map((item) => [item.id, item]))
}

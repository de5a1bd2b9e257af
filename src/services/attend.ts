import type { Author } from '../domain/audit.ts'
import { invalid } from '../domain/fault.ts'
import { LONGEST_SNOOZE } from '../domain/incident.ts'
import { nearestName } from '../domain/nearest.ts'
import { isPersonName, PERSON_RULE } from '../domain/people.ts'
import type { Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import { checkDone, findNamed, type Named } from './incidents.ts'

/** `by` is who says so. `arePeopleKnown`: where people sign in, nobody else can be meant. */
export type Assignment = { by: string; to: string | null; arePeopleKnown: boolean }
/** `path`: the field in which it was said. */
export type Snooze = { by: string; until: Millis | null; path: 'for' | 'until' }

/** As it is spelled by who is called so. */
async function nameOfPerson(store: Store, to: string): Promise<string> {
  const person = await store.findPersonNamed(to)
  if (person !== null && person.endedAt === null) return person.name
  const names = (await store.people()).filter(({ endedAt }) => endedAt === null).map(({ name }) => name)
  const nearest = nearestName(to, names)
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`
  throw invalid([{ path: 'to', detail: `nobody here is called "${to}"${meant}` }])
}

/** Says who is to look at it; null: nobody. Throws `invalid` for a name that nobody has, and a `conflict` when it is closed. */
export async function assign(
  store: Store,
  id: number,
  { by, to, arePeopleKnown }: Assignment,
  at: Millis,
  author: Author,
): Promise<Named> {
  if (to !== null && !isPersonName(to)) throw invalid([{ path: 'to', detail: PERSON_RULE }])
  const name = to === null || !arePeopleKnown ? to : await nameOfPerson(store, to)
  await findNamed(store, id, 'assigned')
  return checkDone(store, id, await store.assignIncident(id, { by, to: name }, at, author), 'assigned')
}

/** Until then nobody is reminded of it; null ends that. Throws `invalid` for what is past or too far ahead, and a `conflict` when it is closed. */
export async function snooze(store: Store, id: number, { by, until, path }: Snooze, at: Millis, author: Author): Promise<Named> {
  if (until !== null && until <= at) throw invalid([{ path, detail: 'must end in the future' }])
  if (until !== null && until > at + LONGEST_SNOOZE) throw invalid([{ path, detail: 'at most 30 days' }])
  await findNamed(store, id, 'snoozed')
  return checkDone(store, id, await store.snoozeIncident(id, { by, until }, at, author), 'snoozed')
}

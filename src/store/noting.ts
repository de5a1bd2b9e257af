import { type Author, cutLong, difference, type Snapshot } from '../domain/audit.ts'
import { declaredEvent, declaredExpectation } from '../domain/declared.ts'
import type { Event } from '../domain/event.ts'
import type { Expectation } from '../domain/expectation.ts'
import { iso, type Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

/** The transaction of the change, when it is and whose. */
export type Noting = { db: Db; t: Tables; at: Millis; by: Author }
type Both = { before: Snapshot | null; after: Snapshot | null }

async function note({ db, t, at, by }: Noting, action: string, subject: string, { before, after }: Both, naming: string[]) {
  const differ = before === null || after === null ? { before, after } : difference(before, after, naming)
  if (differ === null) return
  await noteChange(db, t, { at, by, action, subject, before: cutOf(differ.before), after: cutOf(differ.after) })
}

const cutOf = (snapshot: Snapshot | null): Snapshot | null => (snapshot === null ? null : cutLong(snapshot))

/** Notes that an event was made, edited (nothing where nothing differs) or deleted, and what went with it. */
export async function noteEvent(noting: Noting, action: string, before: Event | null, after: Event | null, gone: Snapshot = {}) {
  const both = {
    before: before === null ? null : { ...declaredEvent(before), ...gone },
    after: after === null ? null : declaredEvent(after),
  }
  await note(noting, action, (before ?? after)?.name ?? '', both, ['name', 'key'])
}

/** The same of an expectation; its number is the subject. */
export async function noteExpectation(noting: Noting, action: string, before: Expectation | null, after: Expectation | null) {
  const both = {
    before: before === null ? null : declaredExpectation(before),
    after: after === null ? null : declaredExpectation(after),
  }
  await note(noting, action, `${(before ?? after)?.id}`, both, ['event', 'env'])
}

/** Notes that the affirmations of an event are cleared away, all of before now. */
export const noteClearing = (noting: Noting, { name, key }: Pick<Event, 'name' | 'key'>): Promise<void> =>
  note(noting, 'event.clear', name, { before: { name, key, affirmationsBefore: iso(noting.at) }, after: null }, [])

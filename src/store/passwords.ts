import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Account } from '../domain/people.ts'
import { noteChange } from './audit.ts'
import type { Db } from './engine.ts'
import type { Stamp } from './store.people.ts'
import type { Tables } from './tables.ts'

/** Part of a transaction: whoever came in by the old password, or was promised a new one before, is out. */
export async function renewPassword(
  db: Db,
  t: Tables,
  { id, name }: Account,
  password: string,
  keep: number | null,
  stamp: Stamp,
): Promise<void> {
  const { people: p, sessions: s, links: l } = t
  await db.update(p).set({ password }).where(eq(p.id, id))
  await db.delete(s).where(and(eq(s.personId, id), keep === null ? undefined : ne(s.id, keep)))
  await db
    .update(l)
    .set({ usedAt: stamp.at })
    .where(and(eq(l.personId, id), isNull(l.usedAt)))
  await noteChange(db, t, { ...stamp, action: 'person.password', subject: name, before: null, after: null })
}

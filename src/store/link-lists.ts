import { and, desc, eq, gt, isNull, ne, or } from 'drizzle-orm'
import type { Role } from '../domain/access.ts'
import type { LinkKind, ListedLink } from '../domain/people.ts'
import { iso, type Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import type { PeopleStore } from './store.people.ts'

/** Links that somebody made and nobody has used yet; the one for the set-up is nobody's to see. */
export function linkListStore({ t, db, tx, alone }: Engine): Pick<PeopleStore, 'openLinks' | 'withdrawLink'> {
  const { links: l, people: p } = t

  const unused = (at: Millis, id?: number) =>
    and(ne(l.kind, 'set-up'), isNull(l.usedAt), gt(l.expiresAt, at), id === undefined ? undefined : eq(l.id, id))

  const listed = async (db: Db, at: Millis, limit: number, id?: number): Promise<ListedLink[]> => {
    const rows = await db
      .select({ link: l, name: p.name })
      .from(l)
      .leftJoin(p, eq(p.id, l.personId))
      // The link of somebody who has ended opens nothing.
      .where(and(unused(at, id), or(isNull(l.personId), isNull(p.endedAt))))
      .orderBy(desc(l.id))
      .limit(limit)
    return rows.map(({ link: { hash: _, usedAt: __, kind, role, personId, ...row }, name }) => ({
      ...{ ...row, kind: kind as LinkKind, role: role as Role, person: personId, name },
    }))
  }

  return {
    openLinks: (at, limit) => listed(db, at, limit),

    withdrawLink: (id, { at, by }) =>
      tx(async (db) => {
        await alone(db, p)
        const [link] = await listed(db, at, 1, id)
        const taken = await db.update(l).set({ usedAt: at }).where(unused(at, id)).returning({ id: l.id })
        if (link === undefined || taken.length === 0) return null
        const { kind, role, name, createdBy, expiresAt } = link
        const before = { kind, role, createdBy, expires: iso(expiresAt) }
        await noteChange(db, t, { at, by, action: 'link.withdraw', subject: name ?? role, before, after: null })
        return link
      }),
  }
}

import { and, desc, eq, inArray, isNull, lt, ne, or } from 'drizzle-orm'
import type { Session } from '../domain/people.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import { toAccount } from './people.rows.ts'
import type { PeopleStore } from './store.people.ts'
import type { Tables } from './tables.ts'

type Sessions = Pick<
  PeopleStore,
  'beginSession' | 'findSession' | 'seeSession' | 'sessionsOf' | 'signOut' | 'endSessions' | 'clearSessions'
>

const toSession = ({ hash: _, ...session }: Tables['sessions']['$inferSelect']): Session => session

export function sessionStore({ t, db, tx, holding }: Engine): Sessions {
  const { sessions: s, people: p, links: l } = t
  const newest = (db: Db, person: number) => db.select().from(s).where(eq(s.personId, person)).orderBy(desc(s.seenAt), desc(s.id))

  return {
    beginSession: (session, most, proved) =>
      tx(async (db) => {
        const mine = and(eq(p.id, session.personId), isNull(p.endedAt), proved === undefined ? undefined : eq(p.password, proved))
        // Held: a new password ends all sessions, and must not miss one that begins by the old one at this moment.
        if ((await holding(db.select({ id: p.id }).from(p).where(mine))).length === 0) return false
        await db.insert(s).values({ ...session, seenAt: session.createdAt })
        const tooMany = (await newest(db, session.personId)).slice(most).map(({ id }) => id)
        if (tooMany.length > 0) await db.delete(s).where(inArray(s.id, tooMany))
        return true
      }),

    async findSession(hash) {
      const [row] = await db
        .select({ session: s, person: p })
        .from(s)
        .innerJoin(p, eq(p.id, s.personId))
        .where(and(eq(s.hash, hash), isNull(p.endedAt)))
      return row === undefined ? null : { session: toSession(row.session), account: toAccount(row.person) }
    },

    seeSession: (id, at) =>
      tx(async (db) => {
        await db
          .update(s)
          .set({ seenAt: at })
          .where(and(eq(s.id, id), lt(s.seenAt, at)))
      }),

    sessionsOf: async (person) => (await newest(db, person)).map(toSession),

    signOut: (hash) =>
      tx(async (db) => {
        await db.delete(s).where(eq(s.hash, hash))
      }),

    endSessions: (person, which, stamp) =>
      tx(async (db) => {
        const chosen = 'only' in which ? eq(s.id, which.only) : which.but === null ? undefined : ne(s.id, which.but)
        const ended = await db
          .delete(s)
          .where(and(eq(s.personId, person), chosen))
          .returning({ id: s.id })
        if (stamp !== null && ended.length > 0) {
          const [owner] = await db.select({ name: p.name }).from(p).where(eq(p.id, person))
          const before = { sessions: ended.length }
          await noteChange(db, t, { ...stamp, action: 'session.end', subject: owner?.name ?? '', before, after: null })
        }
        return ended.length
      }),

    async clearSessions({ seen, begun }, limit) {
      const sessions = await db
        .select({ id: s.id })
        .from(s)
        .where(or(lt(s.seenAt, seen), lt(s.createdAt, begun)))
        .limit(limit)
      const links = await db.select({ id: l.id }).from(l).where(lt(l.expiresAt, begun)).limit(limit)
      if (sessions.length + links.length === 0) return false
      await tx(async (db) => {
        for (const [table, rows] of [[s, sessions] as const, [l, links] as const]) {
          const ids = rows.map(({ id }) => id)
          if (ids.length > 0) await db.delete(table).where(inArray(table.id, ids))
        }
      })
      return true
    },
  }
}

import { eq } from 'drizzle-orm'
import { foldName, freeName } from '../domain/people.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import { renewPassword } from './passwords.ts'
import { activeIn, isLastAdmin, namesIn, toAccount } from './people.rows.ts'
import type { PeopleStore } from './store.people.ts'

type People = Pick<
  PeopleStore,
  'people' | 'findPerson' | 'findPersonNamed' | 'passwordOf' | 'identified' | 'changeRole' | 'endPerson' | 'changePassword'
>

/** Every change is made while nobody else changes people: only so the last admin, and a name in any spelling, stay the only ones. */
export function peopleStore({ t, db, tx, alone }: Engine): People {
  const { people: p, sessions: s } = t

  const people: People['people'] = async () => {
    const accounts = (await db.select().from(p)).map(toAccount)
    return accounts.sort((a, b) => (foldName(a.name) < foldName(b.name) ? -1 : 1))
  }

  return {
    people,

    async findPerson(id) {
      const [row] = await db.select().from(p).where(eq(p.id, id))
      return row === undefined ? null : toAccount(row)
    },

    async findPersonNamed(name) {
      const folded = foldName(name)
      return (await people()).find((one) => foldName(one.name) === folded) ?? null
    },

    async passwordOf(person) {
      const [row] = await db.select({ password: p.password }).from(p).where(eq(p.id, person))
      return row?.password ?? null
    },

    identified: ({ name, role, identity }, { at, by }) =>
      tx(async (db) => {
        await alone(db, p)
        const [known] = await db.select().from(p).where(eq(p.identity, identity))
        if (known !== undefined) return toAccount(known)
        const free = freeName(name, await namesIn(db, t))
        const [made] = await db.insert(p).values({ name: free, role, identity, createdAt: at }).returning()
        if (made === undefined) throw new Error(`${free} was stored but is not there.`)
        await noteChange(db, t, { at, by, action: 'person.join', subject: free, before: null, after: { role, identity } })
        return toAccount(made)
      }),

    changeRole: (person, role, stamp) =>
      tx(async (db) => {
        await alone(db, p)
        const old = await activeIn(db, t, person)
        if (old === null || old.role === role) return old
        if (await isLastAdmin(db, t, old)) return 'last-admin'
        await db.update(p).set({ role }).where(eq(p.id, person))
        await noteChange(db, t, {
          ...stamp,
          action: 'person.role',
          subject: old.name,
          before: { role: old.role },
          after: { role },
        })
        return { ...old, role }
      }),

    endPerson: (person, stamp) =>
      tx(async (db) => {
        await alone(db, p)
        const old = await activeIn(db, t, person)
        if (old === null) return null
        if (await isLastAdmin(db, t, old)) return 'last-admin'
        await db.update(p).set({ endedAt: stamp.at }).where(eq(p.id, person))
        await db.delete(s).where(eq(s.personId, person))
        await noteChange(db, t, { ...stamp, action: 'person.end', subject: old.name, before: { role: old.role }, after: null })
        return { ...old, endedAt: stamp.at }
      }),

    changePassword: (person, password, keep, stamp, proved) =>
      tx(async (db) => {
        await alone(db, p)
        const old = await activeIn(db, t, person)
        if (old === null || !(await isStill(db, person, proved))) return false
        await renewPassword(db, t, old, password, keep, stamp)
        return true
      }),
  }

  /** Is it kept as it was when it was proved? */
  async function isStill(db: Db, id: number, proved: string | undefined): Promise<boolean> {
    if (proved === undefined) return true
    const [row] = await db.select({ password: p.password }).from(p).where(eq(p.id, id))
    return row?.password === proved
  }
}

import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Role } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { type Account, foldName, type Link, type LinkKind } from '../domain/people.ts'
import { iso, type Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import { renewPassword } from './passwords.ts'
import { activeIn, adminsIn, namesIn, toAccount } from './people.rows.ts'
import type { PeopleStore } from './store.people.ts'
import type { Tables } from './tables.ts'

type Row = Tables['links']['$inferSelect']

const toLink = ({ kind, role, personId, createdBy, createdAt, expiresAt }: Row): Link => ({
  ...{ kind: kind as LinkKind, role: role as Role, person: personId, createdBy, createdAt, expiresAt },
})

/** Links are found by their hash, used by compare-and-set, and changed while nobody else changes people. */
export function linkStore({ t, db, tx, alone }: Engine): Pick<PeopleStore, 'makeLink' | 'findLink' | 'useLink'> {
  const { links: l, people: p } = t

  const usable = async (db: Db, hash: string, at: Millis): Promise<Link | null> => {
    const [row] = await db
      .select()
      .from(l)
      .where(and(eq(l.hash, hash), isNull(l.usedAt), gt(l.expiresAt, at)))
    return row === undefined ? null : toLink(row)
  }

  /** False when somebody else was first. */
  const take = async (db: Db, hash: string, at: Millis): Promise<boolean> => {
    const unused = and(eq(l.hash, hash), isNull(l.usedAt), gt(l.expiresAt, at))
    return (await db.update(l).set({ usedAt: at }).where(unused).returning({ id: l.id })).length === 1
  }

  return {
    makeLink: (hash, { person, ...link }, by) =>
      tx(async (db) => {
        await alone(db, p)
        if (link.kind === 'set-up')
          await db
            .update(l)
            .set({ usedAt: link.createdAt })
            .where(and(eq(l.kind, 'set-up'), isNull(l.usedAt)))
        if (link.kind === 'password' && person !== null)
          await db
            .update(l)
            .set({ usedAt: link.createdAt })
            .where(and(eq(l.personId, person), isNull(l.usedAt)))
        await db.insert(l).values({ ...link, hash, personId: person })
        await noteLink(db, t, { ...link, person }, by)
      }),

    findLink: (hash, at) => usable(db, hash, at),

    useLink: (hash, given, at, address) =>
      tx(async (db) => {
        await alone(db, p)
        const link = await usable(db, hash, at)
        if (link === null) return 'gone'
        const names = await namesIn(db, t)
        if (link.kind === 'set-up' && (await adminsIn(db, t)) > 0) return 'gone'
        if (link.kind !== 'password' && names.has(foldName(given.name))) return 'name-taken'
        if (!(await take(db, hash, at))) return 'gone'
        return link.kind === 'password' ? choose(db, link, given.password, at, address) : join(db, link, given, at, address)
      }),
  }

  async function choose(db: Db, { person }: Link, password: string, at: Millis, address: string): Promise<Account | 'gone'> {
    const old = await activeIn(db, t, person ?? 0)
    if (old === null) return 'gone'
    await renewPassword(db, t, old, password, null, { at, by: { who: `user:${old.name}`, address } })
    return { ...old, hasPassword: true }
  }

  async function join(
    db: Db,
    { role, createdBy }: Link,
    { name, password }: { name: string; password: string },
    at: Millis,
    address: string,
  ): Promise<Account> {
    const [made] = await db.insert(p).values({ name, role, password, createdAt: at }).returning()
    if (made === undefined) throw new Error(`${name} was stored but is not there.`)
    const by = { who: `user:${name}`, address }
    await noteChange(db, t, { at, by, action: 'person.join', subject: name, before: null, after: { role, invitedBy: createdBy } })
    return toAccount(made)
  }
}

async function noteLink(db: Db, t: Tables, { kind, role, person, createdAt, expiresAt }: Link, by: Author): Promise<void> {
  const expires = iso(expiresAt)
  if (kind === 'set-up') return
  if (kind === 'invitation')
    return noteChange(db, t, {
      at: createdAt,
      by,
      action: 'person.invite',
      subject: role,
      before: null,
      after: { role, expires },
    })
  const name = (await activeIn(db, t, person ?? 0))?.name ?? ''
  return noteChange(db, t, {
    at: createdAt,
    by,
    action: 'person.password-link',
    subject: name,
    before: null,
    after: { expires },
  })
}

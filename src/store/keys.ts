import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Key, Scope } from '../domain/access.ts'
import { type ApiKey, type Holder, MOST_KEYS } from '../domain/api-key.ts'
import type { Author, Change } from '../domain/audit.ts'
import { foldName } from '../domain/people.ts'
import { noteChange } from './audit.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type KeyStore = Pick<Store, 'createKey' | 'findKey' | 'listKeys' | 'revokeKey' | 'holders' | 'holderOf' | 'useKeys'>
type Row = Tables['apiKeys']['$inferSelect']

const scopesIn = (json: string): Scope[] => JSON.parse(json) as Scope[]
const toKey = ({ hash: _, endedAt: __, scopes, ...row }: Row): ApiKey => ({ ...row, scopes: scopesIn(scopes) })
const toHolder = ({ id, name, hash, scopes, env, usedAt }: Row): Holder => {
  const key: Key = { kind: 'key', id, name, scopes: scopesIn(scopes), env }
  return { hash, key, usedAt }
}

/** What the audit log keeps of a key: never its secret, nor what could be compared with one. */
const snapshot = ({ id, name, hint, scopes, env }: ApiKey): Change['after'] => ({ id, name, hint, scopes, env })

/** Names of living keys as they fold: in the audit log and beside affirmations two must not look like one. */
async function namesOfLiving(db: Db, { apiKeys: k }: Tables): Promise<string[]> {
  const rows = await db.select({ name: k.name }).from(k).where(isNull(k.endedAt))
  return rows.map(({ name }) => foldName(name))
}

export function keyStore({ t, db, tx, holding, alone }: Engine): KeyStore {
  const { apiKeys: k } = t

  const living = async (which: ReturnType<typeof eq> | undefined): Promise<Row[]> =>
    db
      .select()
      .from(k)
      .where(and(isNull(k.endedAt), which))

  return {
    createKey: ({ scopes, ...draft }, by: Author) =>
      tx(async (db) => {
        // Who makes keys at the same moment comes one after the other: never too many, never two of one name.
        await alone(db, k)
        const names = await namesOfLiving(db, t)
        if (names.includes(foldName(draft.name))) return 'name-taken'
        if (names.length >= MOST_KEYS) return 'too-many'
        const values = { ...draft, scopes: JSON.stringify(scopes), createdBy: by.who }
        const [row] = await db.insert(k).values(values).returning()
        if (row === undefined) throw new Error('The key was stored but no row came back.')
        const key = toKey(row)
        const change = { at: draft.createdAt, by, action: 'key.make', subject: key.name }
        await noteChange(db, t, { ...change, before: null, after: snapshot(key) })
        return key
      }),

    async findKey(id) {
      const [row] = await living(eq(k.id, id))
      return row === undefined ? null : toKey(row)
    },

    async listKeys(page) {
      const before = readCursor(page.cursor, 1)
      const rows = await db
        .select()
        .from(k)
        .where(and(isNull(k.endedAt), before === null ? undefined : lt(k.id, before[0] ?? 0)))
        .orderBy(desc(k.id))
        .limit(page.limit + 1)
      return paged(rows.map(toKey), page, ({ id }) => cursorOf(id))
    },

    revokeKey: (id, at, by) =>
      tx(async (db) => {
        const [row] = await db
          .update(k)
          .set({ endedAt: at })
          .where(and(eq(k.id, id), isNull(k.endedAt)))
          .returning()
        if (row === undefined) return false
        const key = toKey(row)
        await noteChange(db, t, { at, by, action: 'key.revoke', subject: key.name, before: snapshot(key), after: null })
        return true
      }),

    holders: async () => (await living(undefined)).map(toHolder),

    async holderOf(hash) {
      const [row] = await living(eq(k.hash, hash))
      return row === undefined ? null : toHolder(row)
    },

    useKeys: (used) =>
      tx(async (db) => {
        const ids = used.map(({ id }) => id)
        // In one order, so that two nodes never wait for each other.
        await holding(db.select({ id: k.id }).from(k).where(inArray(k.id, ids)).orderBy(asc(k.id)))
        const rows = sql.join(
          used.map(({ id, at }) => sql`(cast(${id} as bigint), cast(${at} as bigint))`),
          sql`, `,
        )
        const at = sql`u.column2`
        await db
          .update(k)
          .set({ usedAt: at })
          .from(sql`(values ${rows}) as u`)
          .where(and(eq(k.id, sql`u.column1`), or(isNull(k.usedAt), lt(k.usedAt, at))))
      }),
  }
}

import { and, asc, desc, eq, exists, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Snapshot } from '../domain/audit.ts'
import { declaredExpectation } from '../domain/declared.ts'
import type { Event } from '../domain/event.ts'
import { isLast } from './affirmations.ts'
import { cursorOf, paged, readTextCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import { inState, selectExpectations, toExpectations } from './expectation-rows.ts'
import { noteEvent } from './noting.ts'
import type { EventFilter, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { isTaken } from './trouble.ts'

/** A page offers them all: more would be megabytes of it. */
const MOST_TAGS = 500
/** Expectations of a deleted event that its note tells. */
const MOST_NOTED = 50

type EventStore = Pick<
  Store,
  | 'findEvent'
  | 'createEvent'
  | 'updateEvent'
  | 'deleteEvent'
  | 'listEvents'
  | 'lastOfEvents'
  | 'unexpectedEvents'
  | 'countUnexpected'
  | 'eventNames'
  | 'tags'
  | 'environment'
  | 'environments'
>

export const toEvent = ({ tags, ...row }: Tables['events']['$inferSelect']): Event => ({
  ...row,
  tags: JSON.parse(tags) as string[],
})

const like = (column: SQL, text: string): SQL => sql`${column} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

/** The text as it is, or in any case: `lower` of SQLite knows only A to Z, so that Ä is found only as it is written. */
export const contains = (column: AnyPgColumn, text: string): SQL =>
  sql`(${like(sql`${column}`, text)} or ${like(sql`lower(${column})`, text.toLowerCase())})`

/** Tags are kept as a JSON list. Not `like`, to which Team and team are one tag on SQLite and two on PostgreSQL. */
export const hasTag = (column: AnyPgColumn, tag: string): SQL => sql`replace(${column}, ${JSON.stringify(tag)}, '') <> ${column}`

/** Of tags used as often, those that sort first. */
function mostUsed(lists: readonly { tags: string; uses: number }[]): string[] {
  const all = new Map<string, number>()
  for (const { tags, uses } of lists) for (const tag of JSON.parse(tags) as string[]) all.set(tag, (all.get(tag) ?? 0) + uses)
  const ordered = [...all].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return ordered.slice(0, MOST_TAGS).map(([tag]) => tag)
}

const unexpected = ({ events: e, expectations: x }: Tables): SQL =>
  sql`not exists (select 1 from ${x} where ${x.eventId} = ${e.id})`

/** What of the filter narrows a list of events. */
export function matching({ t, db }: Engine, { q, tag, env, isUnexpected, state }: EventFilter): (SQL | undefined)[] {
  const { events: e, affirmations: a, environments: n, expectations: x } = t
  const inEnv = (name: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(a)
        .innerJoin(n, eq(n.id, a.envId))
        .where(and(eq(n.name, name), eq(a.eventId, e.id))),
    )
  return [
    q ? or(contains(e.name, q), eq(e.key, q), contains(e.description, q)) : undefined,
    tag ? hasTag(e.tags, tag) : undefined,
    env ? inEnv(env) : undefined,
    isUnexpected ? unexpected(t) : undefined,
    state ? sql`exists (select 1 from ${x} where ${x.eventId} = ${e.id} and ${inState(t, state)})` : undefined,
  ]
}

async function takenField(db: Db, { events: e }: Tables, event: Omit<Event, 'id'>): Promise<'name-taken' | 'key-taken'> {
  const [same] = await db.select({ id: e.id }).from(e).where(eq(e.name, event.name))
  return same === undefined ? 'key-taken' : 'name-taken'
}

export function eventStore(engine: Engine): EventStore {
  const { t, db, tx, byBytes, holding } = engine
  const { events: e, expectations: x, environments: n, affirmations: a, places: p, removed } = t

  const held = async (db: Db, id: number): Promise<Event | null> => {
    const [row] = await holding(db.select().from(e).where(eq(e.id, id)))
    return row === undefined ? null : toEvent(row)
  }

  /** What goes with an event, as much as a note holds. */
  const expectationsInNote = async (db: Db, id: number): Promise<Snapshot> => {
    const rows = await selectExpectations(db, t)
      .where(eq(x.eventId, id))
      .orderBy(asc(x.id))
      .limit(MOST_NOTED + 1)
    if (rows.length === 0) return {}
    const known = await toExpectations(db, t, rows.slice(0, MOST_NOTED))
    const expectations = known.map((one) => ({ id: one.id, ...declaredExpectation(one) }))
    return { expectations, ...(rows.length > MOST_NOTED ? { andMore: true } : {}) }
  }

  return {
    async findEvent(nameOrKey) {
      const rows = await db
        .select()
        .from(e)
        .where(or(eq(e.key, nameOrKey), eq(e.name, nameOrKey)))
      const row = rows.find(({ key }) => key === nameOrKey) ?? rows[0]
      return row === undefined ? null : toEvent(row)
    },

    createEvent: (event, by) =>
      tx(async (db) => {
        const values = { ...event, tags: JSON.stringify(event.tags) }
        const [row] = await db.insert(e).values(values).onConflictDoNothing().returning()
        if (row === undefined) return takenField(db, t, event)
        const made = toEvent(row)
        if (by !== null) await noteEvent({ db, t, at: event.createdAt, by }, 'event.register', null, made)
        return made
      }),

    updateEvent: (id, { name, description, tags }, at, by) =>
      tx(async (db) => {
        const before = await held(db, id)
        if (before === null) return null
        const to = { name, description, tags: JSON.stringify(tags) }
        const [row] = await db.update(e).set(to).where(eq(e.id, id)).returning()
        const after = row === undefined ? null : toEvent(row)
        await noteEvent({ db, t, at, by }, 'event.change', before, after)
        return after
      }).catch((error: unknown) => {
        if (isTaken(error)) return 'name-taken'
        throw error
      }),

    deleteEvent: (id, at, by) =>
      tx(async (db) => {
        const before = await held(db, id)
        if (before === null) return false
        // In the order in which others take them, so that no two wait for each other.
        await holding(db.select({ id: x.id }).from(x).where(eq(x.eventId, id)).orderBy(asc(x.id)))
        const gone = await expectationsInNote(db, id)
        await db.delete(e).where(eq(e.id, id))
        await db.delete(p).where(eq(p.eventId, id))
        const expectations = await db.delete(x).where(eq(x.eventId, id)).returning({ id: x.id })
        await db
          .insert(removed)
          .values([{ kind: 'event', ref: id }, ...expectations.map((row) => ({ kind: 'expectation', ref: row.id }))])
        await noteEvent({ db, t, at, by }, 'event.delete', before, null, gone)
        return true
      }),

    async listEvents(filter, page) {
      const after = readTextCursor(page.cursor)
      const rows = await db
        .select({
          event: e, // Names in full: drizzle leaves the table out of columns in the selection of a single table.
          expectations: sql`(select count(*) from expectations where expectations.event_id = events.id)`.mapWith(Number),
        })
        .from(e)
        .where(and(...matching(engine, filter), after === null ? undefined : gt(byBytes(e.name), after)))
        .orderBy(asc(byBytes(e.name)))
        .limit(page.limit + 1)
      const items = rows.map(({ event, expectations }) => ({ ...toEvent(event), expectations }))
      return paged(items, page, ({ name }) => cursorOf(name))
    },

    async lastOfEvents(events) {
      if (events.length === 0) return new Map()
      const rows = await db
        .select({ id: e.id, at: a.at, source: a.source })
        .from(e)
        .innerJoin(n, sql`1 = 1`)
        .innerJoin(a, isLast(a, e.id, n.id))
        .where(inArray(e.id, [...events]))
        .orderBy(asc(a.at), asc(a.id))
      // The latest of several environments comes last and stays.
      return new Map(rows.map(({ id, at, source }) => [id, { at, source }]))
    },

    async unexpectedEvents(limit) {
      const rows = await db.select().from(e).where(unexpected(t)).orderBy(desc(e.id)).limit(limit)
      return rows.map(toEvent)
    },

    async countUnexpected() {
      const [row] = await db
        .select({ n: sql`count(*)`.mapWith(Number) })
        .from(e)
        .where(unexpected(t))
      return row?.n ?? 0
    },

    async eventNames() {
      const rows = await db
        .select({ name: e.name })
        .from(e)
        .orderBy(asc(byBytes(e.name)))
        .limit(10_000)
      return rows.map(({ name }) => name)
    },

    async tags() {
      const uses = sql<number>`count(*)`.mapWith(Number)
      const lists = [
        ...(await db.select({ tags: e.tags, uses }).from(e).groupBy(e.tags)),
        ...(await db.select({ tags: x.tags, uses }).from(x).groupBy(x.tags)),
      ]
      return mostUsed(lists).sort()
    },

    environment: (name) => environmentIn(engine, name),

    async environments() {
      const rows = await db
        .select({ name: n.name })
        .from(n)
        .orderBy(asc(byBytes(n.name)))
      return rows.map(({ name }) => name)
    },
  }
}

async function environmentIn({ t, db, tx }: Engine, name: string): Promise<number> {
  const { environments: n } = t
  const find = async (from: Db) => (await from.select({ id: n.id }).from(n).where(eq(n.name, name)))[0]?.id
  const known = await find(db)
  if (known !== undefined) return known
  return tx(async (db) => {
    await db.insert(n).values({ name }).onConflictDoNothing()
    const id = await find(db)
    if (id === undefined) throw new Error(`The environment ${name} was stored but is not there.`)
    return id
  })
}

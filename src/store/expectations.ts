import { and, asc, eq, gt, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Expectation, State } from '../domain/expectation.ts'
import type { Millis } from '../domain/time.ts'
import type { Outcome } from '../domain/verdict.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import { hasTag } from './events.ts'
import type { ExpectationFilter, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { addTerms, toTerms } from './terms.ts'

type ExpectationStore = Pick<
  Store,
  | 'createExpectation'
  | 'findExpectation'
  | 'listExpectations'
  | 'editExpectation'
  | 'pauseExpectation'
  | 'resumeExpectation'
  | 'deleteExpectation'
>

const selection = ({ expectations: x, events: e, environments: n, terms: m, incidents: i }: Tables) => ({
  x,
  m,
  event: e.name,
  eventKey: e.key,
  env: n.name,
  openIncident: i.id,
})

function select(db: Db, t: Tables) {
  const { expectations: x, events: e, environments: n, terms: m, incidents: i } = t
  return db
    .select(selection(t))
    .from(x)
    .innerJoin(m, eq(m.id, x.termsId))
    .innerJoin(e, eq(e.id, x.eventId))
    .innerJoin(n, eq(n.id, m.envId))
    .leftJoin(i, and(eq(i.expectationId, x.id), isNull(i.closedAt)))
    .$dynamic()
}

type Selected = Awaited<ReturnType<typeof select>>[number]

const toExpectation = ({ x, m, event, eventKey, env, openIncident }: Selected): Expectation => ({
  id: x.id,
  eventId: x.eventId,
  event,
  eventKey,
  env,
  tags: JSON.parse(x.tags) as string[],
  terms: toTerms(m),
  createdAt: x.createdAt,
  since: x.since,
  pausedAt: x.pausedAt,
  nextDue: x.nextDue,
  checkAt: x.checkAt,
  lastDue: x.lastDue,
  lastVerdict: x.lastVerdict as Outcome | null,
  openIncident,
})

async function find(db: Db, t: Tables, id: number): Promise<Expectation | null> {
  const [row] = await select(db, t).where(eq(t.expectations.id, id))
  return row === undefined ? null : toExpectation(row)
}

/** The same as {@link stateOf}, asked of the database. */
function inState({ expectations: x }: Tables, state: State): SQL | undefined {
  const isLate = sql`(${x.checkAt} > ${x.nextDue} and coalesce(${x.lastVerdict}, '') <> 'missed')`
  if (state === 'paused') return isNotNull(x.pausedAt)
  if (state === 'late') return and(isNull(x.pausedAt), isLate)
  const judged = state === 'waiting' ? isNull(x.lastVerdict) : eq(x.lastVerdict, state)
  return and(isNull(x.pausedAt), judged, sql`not coalesce(${isLate}, false)`)
}

/** Tags of the expectation or of its event. */
const tagged = ({ expectations: x, events: e }: Tables, tag: string): SQL =>
  sql`(${hasTag(x.tags, tag)} or ${hasTag(e.tags, tag)})`

function matching(t: Tables, { eventId, env, state, tag, ids }: ExpectationFilter): (SQL | undefined)[] {
  const { expectations: x, environments: n } = t
  return [
    eventId === undefined ? undefined : eq(x.eventId, eventId),
    env === undefined ? undefined : eq(n.name, env),
    state === undefined ? undefined : inState(t, state),
    tag === undefined ? undefined : tagged(t, tag),
    ids === undefined ? undefined : inArray(x.id, [...ids]),
  ]
}

/** A due that has passed but has no verdict yet keeps the terms it passed under (rule 9). */
function owedUnderOld(row: Tables['expectations']['$inferSelect'], nextDue: Millis | null, at: Millis) {
  const isOwed = row.nextDue !== null && row.nextDue <= at
  return isOwed ? { owedTermsId: row.owedTermsId ?? row.termsId } : row.pausedAt === null ? { nextDue, checkAt: nextDue } : {}
}

export function expectationStore(engine: Engine, environment: Store['environment']): ExpectationStore {
  const { t, db, tx, holding } = engine
  const { expectations: x, events: e } = t

  const change = (id: number, to: PgUpdateSetSource<Tables['expectations']>, only?: SQL) =>
    tx(async (db) => {
      await db
        .update(x)
        .set(to)
        .where(and(eq(x.id, id), only))
      return find(db, t, id)
    })

  return {
    async createExpectation({ eventId, env, tags, terms, pausedAt, createdAt, nextDue, windowStart }) {
      const envId = await environment(env)
      return tx(async (db) => {
        // Held against its deletion: one that is deleted meanwhile would leave us behind.
        await holding(db.select({ id: e.id }).from(e).where(eq(e.id, eventId)))
        const times = { createdAt, since: createdAt, termsSince: createdAt, pausedAt, nextDue, checkAt: nextDue, windowStart }
        const [row] = await db
          .insert(x)
          .values({ ...times, eventId, tags: JSON.stringify(tags), termsId: 0, caughtUp: 0 })
          .returning({ id: x.id })
        const id = row?.id ?? 0
        await db
          .update(x)
          .set({ termsId: await addTerms(db, t, id, envId, terms) })
          .where(eq(x.id, id))
        const made = await find(db, t, id)
        if (made === null) throw new Error('The expectation was stored but is not there: was its event deleted this very moment?')
        return made
      })
    },

    findExpectation: (id) => find(db, t, id),

    async listExpectations(filter, page) {
      const after = readCursor(page.cursor, 1)
      const rows = await select(db, t)
        .where(and(...matching(t, filter), after === null ? undefined : gt(x.id, after[0] ?? 0)))
        .orderBy(asc(x.id))
        .limit(page.limit + 1)
      return paged(rows.map(toExpectation), page, ({ id }) => cursorOf(id))
    },

    async editExpectation(id, { terms, env, tags, nextDue, at }) {
      const envId = await environment(env)
      return tx(async (db) => {
        const [row] = await holding(db.select().from(x).where(eq(x.id, id)))
        if (row === undefined) return null
        const renewed =
          terms === null
            ? {}
            : { termsId: await addTerms(db, t, id, envId, terms), termsSince: at, ...owedUnderOld(row, nextDue, at) }
        await db
          .update(x)
          .set({ tags: JSON.stringify(tags), ...renewed })
          .where(eq(x.id, id))
        return find(db, t, id)
      })
    },

    pauseExpectation: (id, at) =>
      change(id, { pausedAt: at, nextDue: null, checkAt: null, owedTermsId: null }, isNull(x.pausedAt)),

    resumeExpectation: (id, { since, nextDue, windowStart: last, at }) => {
      // A window that took its grace ended after its due: what it counted must not be counted once more.
      const windowStart = sql`case when ${x.windowStart} > ${last} then ${x.windowStart} else ${last} end`
      return change(
        id,
        { pausedAt: null, since, nextDue, checkAt: nextDue, windowStart, termsSince: at, caughtUp: 0 },
        isNotNull(x.pausedAt),
      )
    },

    deleteExpectation: (id) =>
      tx(async (db) => {
        const gone = await db.delete(x).where(eq(x.id, id)).returning({ id: x.id })
        if (gone.length > 0) await db.insert(t.removed).values({ kind: 'expectation', ref: id })
        return gone.length > 0
      }),
  }
}

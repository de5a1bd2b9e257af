import { and, asc, eq, gt, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Author } from '../domain/audit.ts'
import { PLAIN_RULES, type TellingRules } from '../domain/telling-rules.ts'
import type { Millis } from '../domain/time.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import { hasTag } from './events.ts'
import { findExpectation as find, inState, selectExpectations, toExpectations, toRulesRow } from './expectation-rows.ts'
import { settleIncidents } from './incidents.ts'
import { noteExpectation } from './noting.ts'
import type { ExpectationFilter, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { addTerms } from './terms.ts'

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

/** Tags of the expectation or of its event. */
const tagged = ({ expectations: x, events: e }: Tables, tag: string): SQL =>
  sql`(${hasTag(x.tags, tag)} or ${hasTag(e.tags, tag)})`

function matching(t: Tables, { eventId, eventIds, env, state, tag, ids }: ExpectationFilter): (SQL | undefined)[] {
  const { expectations: x, environments: n } = t
  return [
    eventId === undefined ? undefined : eq(x.eventId, eventId),
    eventIds === undefined ? undefined : inArray(x.eventId, [...eventIds]),
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

/** Misses that were too few may be enough now, and the other way round. */
const isCountedAnew = (row: Tables['expectations']['$inferSelect'], { alertAfter, recoverAfter }: TellingRules): boolean =>
  row.alertAfter !== alertAfter || row.recoverAfter !== recoverAfter

export function expectationStore(engine: Engine, environment: Store['environment']): ExpectationStore {
  const { t, db, tx, holding } = engine
  const { expectations: x, events: e } = t

  type Row = Tables['expectations']['$inferSelect']
  type Noted = { action: string; at: Millis; by: Author }

  /** Makes the change with the expectation in hand and notes it, from what to what. Null when it is gone. */
  const change = (id: number, { action, at, by }: Noted, write: (db: Db, row: Row) => Promise<unknown>) =>
    tx(async (db) => {
      const [row] = await holding(db.select().from(x).where(eq(x.id, id)))
      if (row === undefined) return null
      const before = await find(db, t, id)
      await write(db, row)
      const after = await find(db, t, id)
      await noteExpectation({ db, t, at, by }, action, before, after)
      return after
    })

  return {
    async createExpectation({ eventId, env, tags, terms, telling = PLAIN_RULES, pausedAt, createdAt, nextDue, windowStart }, by) {
      const envId = await environment(env)
      return tx(async (db) => {
        // Held against its deletion: one that is deleted meanwhile would leave us behind.
        await holding(db.select({ id: e.id }).from(e).where(eq(e.id, eventId)))
        const times = { createdAt, since: createdAt, termsSince: createdAt, pausedAt, nextDue, checkAt: nextDue, windowStart }
        const [row] = await db
          .insert(x)
          .values({ ...times, ...toRulesRow(telling), eventId, tags: JSON.stringify(tags), termsId: 0, caughtUp: 0 })
          .returning({ id: x.id })
        const id = row?.id ?? 0
        await db
          .update(x)
          .set({ termsId: await addTerms(db, t, id, envId, terms) })
          .where(eq(x.id, id))
        const made = await find(db, t, id)
        if (made === null) throw new Error('The expectation was stored but is not there: was its event deleted this very moment?')
        await noteExpectation({ db, t, at: createdAt, by }, 'expectation.make', null, made)
        return made
      })
    },

    findExpectation: (id) => find(db, t, id),

    async listExpectations(filter, page) {
      const after = readCursor(page.cursor, 1)
      const rows = await selectExpectations(db, t)
        .where(and(...matching(t, filter), after === null ? undefined : gt(x.id, after[0] ?? 0)))
        .orderBy(asc(x.id))
        .limit(page.limit + 1)
      return paged(await toExpectations(db, t, rows), page, ({ id }) => cursorOf(id))
    },

    async editExpectation(id, { terms, telling, env, tags, nextDue, at }, by) {
      const envId = await environment(env)
      return change(id, { action: 'expectation.change', at, by }, async (db, row) => {
        const renewed =
          terms === null
            ? {}
            : { termsId: await addTerms(db, t, id, envId, terms), termsSince: at, ...owedUnderOld(row, nextDue, at) }
        await db
          .update(x)
          .set({ tags: JSON.stringify(tags), ...renewed, ...(telling === undefined ? {} : toRulesRow(telling)) })
          .where(eq(x.id, id))
        if (telling !== undefined && isCountedAnew(row, telling)) await settleIncidents(db, t, [id], at)
      })
    },

    pauseExpectation: (id, at, by) =>
      change(id, { action: 'expectation.pause', at, by }, (db) =>
        db
          .update(x)
          .set({ pausedAt: at, nextDue: null, checkAt: null, owedTermsId: null })
          .where(and(eq(x.id, id), isNull(x.pausedAt))),
      ),

    resumeExpectation: (id, { since, nextDue, windowStart: last, at }, by) => {
      // A window that took its grace ended after its due: what it counted must not be counted once more.
      const windowStart = sql`case when ${x.windowStart} > ${last} then ${x.windowStart} else ${last} end`
      return change(id, { action: 'expectation.resume', at, by }, (db) =>
        db
          .update(x)
          .set({ pausedAt: null, since, nextDue, checkAt: nextDue, windowStart, termsSince: at, caughtUp: 0 })
          .where(and(eq(x.id, id), isNotNull(x.pausedAt))),
      )
    },

    deleteExpectation: (id, at, by) =>
      tx(async (db) => {
        await holding(db.select({ id: x.id }).from(x).where(eq(x.id, id)))
        const before = await find(db, t, id)
        if (before === null) return false
        await db.delete(x).where(eq(x.id, id))
        await db.insert(t.removed).values({ kind: 'expectation', ref: id })
        await noteExpectation({ db, t, at, by }, 'expectation.delete', before, null)
        return true
      }),
  }
}

import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import { DAY, type Millis } from '../domain/time.ts'
import { clearSome } from './clearing.ts'
import type { Db, Engine } from './engine.ts'
import type { Store } from './store.ts'

type Before = { affirmations: Millis; verdicts: Millis }
const EVENTS_AT_ONCE = 500

/** See `Store.prune`: every step is one short write, so that writers never wait long. */
export function pruningStore(engine: Engine): Pick<Store, 'makeRoom' | 'prune'> {
  const { t, db, tx, claiming, partitions } = engine
  const {
    affirmations: a,
    verdicts: v,
    terms: m,
    incidents: i,
    listening: s,
    events: e,
    environments: n,
    removed,
    withdrawals: w,
    maintenance: p,
    places: o,
    audit,
  } = t
  // Where the search for old affirmations goes on; it starts over when it has seen every event.
  let afterEvent = 0

  const clearRemoved = async (limit: number): Promise<boolean> => {
    if (!(await hasRows(db.select({ one: sql`1` }).from(removed).limit(1)))) return false
    return tx(async (db) => {
      // Taken by one alone: a second one finds few rows where the first one is at work, and would take the grave away too early.
      const [grave] = await claiming(db.select().from(removed).orderBy(asc(removed.id)).limit(1))
      if (grave === undefined) return false
      const cleared =
        grave.kind === 'event'
          ? await clearSome(engine, db, grave.ref, null, limit)
          : await clearExpectation(db, grave.ref, limit)
      if (cleared < limit) await db.delete(removed).where(eq(removed.id, grave.id))
      return true
    })
  }

  const clearExpectation = async (db: Db, expectation: number, limit: number): Promise<number> => {
    const some = db.select({ due: v.due }).from(v).where(eq(v.expectationId, expectation)).limit(limit)
    const gone = await db
      .delete(v)
      .where(and(eq(v.expectationId, expectation), inArray(v.due, some)))
      .returning({ due: v.due })
    if (gone.length >= limit) return gone.length
    await db.delete(i).where(eq(i.expectationId, expectation))
    await db.delete(m).where(eq(m.expectationId, expectation))
    return 0
  }

  const hasRows = async (query: Promise<unknown[]>): Promise<boolean> => (await query).length > 0

  const clearAffirmations = async (before: Millis, limit: number): Promise<boolean> => {
    const old = sql`exists (select 1 from ${a} where ${a.eventId} = ${e.id} and ${a.envId} = ${n.id} and ${a.at} < ${before})`
    const some = db.select({ id: e.id }).from(e).where(gt(e.id, afterEvent)).orderBy(asc(e.id)).limit(EVENTS_AT_ONCE)
    const events = await some
    const pairs =
      events.length === 0
        ? []
        : await db
            .select({ eventId: e.id, envId: n.id })
            .from(e)
            .innerJoin(n, sql`1 = 1`)
            .where(
              and(
                inArray(
                  e.id,
                  events.map(({ id }) => id),
                ),
                old,
              ),
            )
            .limit(1)
    const [pair] = pairs
    if (pair === undefined) {
      const isMore = events.length === EVENTS_AT_ONCE
      afterEvent = isMore ? (events.at(-1)?.id ?? 0) : 0
      return isMore
    }
    await tx(async (db) => {
      const rows = db
        .select({ id: a.id })
        .from(a)
        .where(and(eq(a.eventId, pair.eventId), eq(a.envId, pair.envId), lt(a.at, before)))
        .limit(limit)
      await db.delete(a).where(inArray(a.id, rows))
    })
    return true
  }

  const clearVerdicts = async (before: Millis, limit: number): Promise<boolean> => {
    const old = () =>
      db.select({ expectationId: v.expectationId, due: v.due }).from(v).where(lt(v.due, before)).orderBy(asc(v.due)).limit(limit)
    const rows = await old()
    const last = rows.at(-1)
    if (last === undefined) return false
    await tx(async (db) => {
      await db
        .delete(v)
        .where(
          and(
            inArray(v.expectationId, [...new Set(rows.map(({ expectationId }) => expectationId))]),
            sql`${v.due} <= ${last.due}`,
          ),
        )
    })
    return true
  }

  const clearSmall = async (
    table: typeof i | typeof s | typeof w | typeof p | typeof o | typeof audit,
    isOld: ReturnType<typeof lt>,
    limit: number,
  ): Promise<boolean> => {
    const old = await db.select({ id: table.id }).from(table).where(isOld).limit(limit)
    if (old.length === 0) return false
    const ids = old.map(({ id }) => id)
    await tx(async (db) => {
      await db.delete(table).where(inArray(table.id, ids))
    })
    return true
  }

  return {
    makeRoom: async (at) => partitions?.makeRoom(at),

    prune: async (before: Before, limit) =>
      (await clearRemoved(limit)) ||
      (await (partitions?.dropOld ?? clearAffirmations)(before.affirmations, limit)) ||
      // A day longer than what they tell of, which goes by whole days where it is partitioned.
      (await clearSmall(w, lt(w.at, before.affirmations - DAY), limit)) ||
      (await clearVerdicts(before.verdicts, limit)) ||
      (await clearSmall(i, lt(i.closedAt, before.verdicts), limit)) ||
      (await clearSmall(s, lt(s.to, before.verdicts), limit)) ||
      (await clearSmall(p, lt(sql`coalesce(${p.endedAt}, ${p.endsAt})`, before.verdicts), limit)) ||
      (await clearSmall(o, lt(o.goneAt, before.verdicts), limit)) ||
      (await clearSmall(audit, lt(audit.at, before.verdicts), limit)),
  }
}

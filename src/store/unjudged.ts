import { and, eq, gte, isNull, lte, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { Db } from './engine.ts'
import type { Conclusion } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows written in one statement. */
const AT_ONCE = 500

const isBlind = ({ verdict }: Conclusion): boolean => verdict?.reason === 'not-listening' || verdict?.reason === 'not-judged'

/** Keeps what our own blindness left unknown, until people are told of it: a row an expectation, however many due instants. */
export async function noteUnjudged(
  db: Db,
  { unjudged: u }: Tables,
  concluded: readonly { one: Conclusion }[],
  now: Millis,
): Promise<void> {
  const rows = concluded
    .map(({ one }) => one)
    .filter(isBlind)
    .map(({ owed, due, verdict }) => ({
      expectationId: owed.expectation,
      firstDue: owed.due,
      lastDue: due,
      times: 1,
      blind: verdict?.blind ?? 0,
      notedAt: now,
    }))
  for (let i = 0; i < rows.length; i += AT_ONCE)
    await db
      .insert(u)
      .values(rows.slice(i, i + AT_ONCE))
      .onConflictDoUpdate({
        target: u.expectationId,
        targetWhere: sql`told_at is null`,
        set: {
          lastDue: sql`case when excluded.last_due > ${u.lastDue} then excluded.last_due else ${u.lastDue} end`,
          times: sql`${u.times} + 1`,
          blind: sql`case when excluded.blind > ${u.blind} then excluded.blind else ${u.blind} end`,
          notedAt: now,
        },
      })
}

/** Late news says of one what it was: people who were told that nobody knows are to be told that, too. */
export async function settleUnjudged(
  db: Db,
  { unjudged: u }: Tables,
  { expectation, due }: { expectation: number; due: Millis },
  as: Outcome,
): Promise<void> {
  const isOf = and(eq(u.expectationId, expectation), lte(u.firstDue, due), gte(u.lastDue, due))
  await db
    .update(u)
    .set({ settledAs: as })
    .where(and(isOf, sql`${u.toldAt} is not null`))
  const isUntold = and(isOf, isNull(u.toldAt))
  await db.delete(u).where(and(isUntold, eq(u.times, 1)))
  await db
    .update(u)
    .set({ times: sql`${u.times} - 1` })
    .where(isUntold)
}

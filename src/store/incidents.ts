import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import { type Happening, owe } from './owing.ts'
import type { Tables } from './tables.ts'

/** One open incident an expectation, whoever opens it: the unique index decides. */
async function openIncidents(
  db: Db,
  { incidents: i }: Tables,
  missed: readonly { expectation: number; due: Millis }[],
  now: Millis,
): Promise<Happening[]> {
  if (missed.length === 0) return []
  const ids = missed.map(({ expectation }) => expectation)
  const open = await db
    .select({ id: i.expectationId })
    .from(i)
    .where(and(inArray(i.expectationId, ids), isNull(i.closedAt)))
  const isOpen = new Set(open.map(({ id }) => id))
  const news = missed.filter(({ expectation }) => !isOpen.has(expectation))
  if (news.length === 0) return []
  const rows = news.map(({ expectation, due }) => ({ expectationId: expectation, openedAt: now, openedDue: due }))
  const opened = await db.insert(i).values(rows).onConflictDoNothing().returning()
  return opened.map(({ id, expectationId, openedDue }) => ({
    kind: 'missed',
    expectation: expectationId,
    incident: id,
    due: openedDue,
  }))
}

/** Closes what is open, by the last met verdict of each. */
export async function closeIncidents(
  db: Db,
  { incidents: i, verdicts: v }: Tables,
  met: readonly number[],
  now: Millis,
): Promise<Happening[]> {
  if (met.length === 0) return []
  const closedDue = sql`(select c.due from ${v} c where c.expectation_id = ${i.expectationId} and c.verdict = 'met' order by c.due desc limit 1)`
  const closed = await db
    .update(i)
    .set({ closedAt: now, closedDue })
    .where(and(inArray(i.expectationId, [...met]), isNull(i.closedAt)))
    .returning()
  return closed.map(({ id, expectationId, closedDue }) => ({
    kind: 'recovered',
    expectation: expectationId,
    incident: id,
    due: closedDue,
  }))
}

/** So many of the last verdicts in a row, the latest one first. */
const areAll = (verdicts: readonly { verdict: string }[], count: number, verdict: string): boolean =>
  verdicts.length >= count && verdicts.slice(0, count).every((one) => one.verdict === verdict)

/**
 * What the latest verdicts of each expectation say of its incident: so many misses in a row open it, so many met close it. `unknown` says
 * nothing. Whoever is to be told is owed it.
 */
export async function settleIncidents(db: Db, t: Tables, expectations: Iterable<number>, now: Millis): Promise<void> {
  const { verdicts: v, expectations: x } = t
  const happenings: Happening[] = []
  for (const expectation of [...expectations].sort((a, b) => a - b)) {
    // Takes the row: a due that another node concludes right now must be in what is read below, or its incident would be closed by an older met.
    const [row] = await db
      .update(x)
      .set({ lastVerdict: sql`${x.lastVerdict}` })
      .where(eq(x.id, expectation))
      .returning({ alertAfter: x.alertAfter, recoverAfter: x.recoverAfter })
    if (row === undefined) continue
    const last = await db
      .select({ due: v.due, verdict: v.verdict })
      .from(v)
      .where(and(eq(v.expectationId, expectation), inArray(v.verdict, ['met', 'missed'])))
      .orderBy(desc(v.due), desc(v.reported))
      .limit(Math.max(row.alertAfter, row.recoverAfter))
    const due = last[0]?.due ?? 0
    if (areAll(last, row.alertAfter, 'missed')) happenings.push(...(await openIncidents(db, t, [{ expectation, due }], now)))
    if (areAll(last, row.recoverAfter, 'met')) happenings.push(...(await closeIncidents(db, t, [expectation], now)))
  }
  if (happenings.length > 0) await owe(db, t, happenings, now)
}

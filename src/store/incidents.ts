import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/** One open incident an expectation, whoever opens it: the unique index decides. */
export async function openIncidents(
  db: Db,
  { incidents: i }: Tables,
  missed: readonly { expectation: number; due: Millis }[],
  now: Millis,
): Promise<void> {
  if (missed.length === 0) return
  const ids = missed.map(({ expectation }) => expectation)
  const open = await db
    .select({ id: i.expectationId })
    .from(i)
    .where(and(inArray(i.expectationId, ids), isNull(i.closedAt)))
  const isOpen = new Set(open.map(({ id }) => id))
  const news = missed.filter(({ expectation }) => !isOpen.has(expectation))
  if (news.length === 0) return
  const rows = news.map(({ expectation, due }) => ({ expectationId: expectation, openedAt: now, openedDue: due }))
  await db.insert(i).values(rows).onConflictDoNothing()
}

/** Closes what is open, by the last met verdict of each. */
export async function closeIncidents(
  db: Db,
  { incidents: i, verdicts: v }: Tables,
  met: readonly number[],
  now: Millis,
): Promise<void> {
  if (met.length === 0) return
  const closedDue = sql`(select c.due from ${v} c where c.expectation_id = ${i.expectationId} and c.verdict = 'met' order by c.due desc limit 1)`
  await db
    .update(i)
    .set({ closedAt: now, closedDue })
    .where(and(inArray(i.expectationId, [...met]), isNull(i.closedAt)))
}

/** After the record was corrected: what each expectation's latest verdict says of its incident. `unknown` says nothing. */
export async function settleIncidents(db: Db, t: Tables, expectations: Iterable<number>, now: Millis): Promise<void> {
  const { verdicts: v, expectations: x } = t
  for (const expectation of [...expectations].sort((a, b) => a - b)) {
    // Takes the row: a due that another node concludes right now must be in what is read below, or its incident would be closed by an older met.
    await db
      .update(x)
      .set({ lastVerdict: sql`${x.lastVerdict}` })
      .where(eq(x.id, expectation))
    const [last] = await db
      .select({ due: v.due, verdict: v.verdict })
      .from(v)
      .where(and(eq(v.expectationId, expectation), inArray(v.verdict, ['met', 'missed'])))
      .orderBy(desc(v.due), desc(v.reported))
      .limit(1)
    if (last?.verdict === 'missed') await openIncidents(db, t, [{ expectation, due: last.due }], now)
    if (last?.verdict === 'met') await closeIncidents(db, t, [expectation], now)
  }
}

export function incidentStore({ t, db }: Engine): Pick<Store, 'incidents' | 'openIncidents'> {
  const { incidents: i, expectations: x, terms: m, events: e, environments: n } = t
  const toIncident = ({ expectationId, ...row }: Tables['incidents']['$inferSelect']) => ({ ...row, expectation: expectationId })

  return {
    async incidents({ isOpen, env }, page) {
      const before = readCursor(page.cursor, 1)
      const rows = await db
        .select({ i, event: e.name, env: n.name })
        .from(i)
        .innerJoin(x, eq(x.id, i.expectationId))
        .innerJoin(m, eq(m.id, x.termsId))
        .innerJoin(e, eq(e.id, x.eventId))
        .innerJoin(n, eq(n.id, m.envId))
        .where(
          and(
            isOpen === undefined ? undefined : isOpen ? isNull(i.closedAt) : isNotNull(i.closedAt),
            env === undefined ? undefined : eq(n.name, env),
            before === null ? undefined : lt(i.id, before[0] ?? 0),
          ),
        )
        .orderBy(desc(i.id))
        .limit(page.limit + 1)
      return paged(
        rows.map(({ i, event, env }) => ({ ...toIncident(i), event, env })),
        page,
        ({ id }) => cursorOf(id),
      )
    },

    async openIncidents(expectations) {
      if (expectations.length === 0) return []
      const rows = await db
        .select()
        .from(i)
        .where(and(inArray(i.expectationId, [...expectations]), isNull(i.closedAt)))
      return rows.map(toIncident)
    },
  }
}

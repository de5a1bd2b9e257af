import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Expectation, State } from '../domain/expectation.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'
import { toTerms } from './terms.ts'

const selection = ({ expectations: x, events: e, environments: n, terms: m, incidents: i }: Tables) => ({
  x,
  m,
  event: e.name,
  eventKey: e.key,
  env: n.name,
  openIncident: i.id,
})

/** Expectations with all that belongs to them; each a row for {@link toExpectation}. */
export function selectExpectations(db: Db, t: Tables) {
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

type Selected = Awaited<ReturnType<typeof selectExpectations>>[number]

export const toExpectation = ({ x, m, event, eventKey, env, openIncident }: Selected): Expectation => ({
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

export async function findExpectation(db: Db, t: Tables, id: number): Promise<Expectation | null> {
  const [row] = await selectExpectations(db, t).where(eq(t.expectations.id, id))
  return row === undefined ? null : toExpectation(row)
}

/** The same as {@link stateOf}, asked of the database. */
export function inState({ expectations: x }: Tables, state: State): SQL | undefined {
  const isLate = sql`(${x.checkAt} > ${x.nextDue} and coalesce(${x.lastVerdict}, '') <> 'missed')`
  if (state === 'paused') return isNotNull(x.pausedAt)
  if (state === 'late') return and(isNull(x.pausedAt), isLate)
  const judged = state === 'waiting' ? isNull(x.lastVerdict) : eq(x.lastVerdict, state)
  return and(isNull(x.pausedAt), judged, sql`not coalesce(${isLate}, false)`)
}

import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Severity } from '../domain/channel.ts'
import type { Expectation, State } from '../domain/expectation.ts'
import type { NamedChannel, TellingRules } from '../domain/telling-rules.ts'
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

/** Expectations with all that belongs to them; rows for {@link toExpectations}. */
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

type Row = Tables['expectations']['$inferSelect']
type NameOf = (channel: number) => NamedChannel[]

const channelsIn = ({ channels }: Pick<Row, 'channels'>): number[] =>
  channels === '[]' ? [] : (JSON.parse(channels) as number[])

const toRules = (row: Row, nameOf: NameOf): TellingRules<NamedChannel> => ({
  alertAfter: row.alertAfter,
  recoverAfter: row.recoverAfter,
  severity: row.severity as Severity,
  channels: channelsIn(row).flatMap(nameOf),
})

/** As they are kept. */
export const toRulesRow = ({ channels, ...rules }: TellingRules) => ({ ...rules, channels: JSON.stringify(channels) })

/** What channels are called by now; for one that is gone there is none. Most expectations name none, and then nothing is asked. */
async function channelNames(db: Db, { channels: c }: Tables, rows: readonly Selected[]): Promise<NameOf> {
  const ids = [...new Set(rows.flatMap(({ x }) => channelsIn(x)))]
  if (ids.length === 0) return () => []
  const found = await db
    .select({ id: c.id, name: c.name })
    .from(c)
    .where(and(inArray(c.id, ids), isNull(c.endedAt)))
  return (channel) => found.filter(({ id }) => id === channel)
}

export async function toExpectations(db: Db, t: Tables, rows: readonly Selected[]): Promise<Expectation[]> {
  const nameOf = await channelNames(db, t, rows)
  return rows.map((row) => toExpectation(row, nameOf))
}

const toExpectation = ({ x, m, event, eventKey, env, openIncident }: Selected, nameOf: NameOf): Expectation => ({
  id: x.id,
  eventId: x.eventId,
  event,
  eventKey,
  env,
  tags: JSON.parse(x.tags) as string[],
  terms: toTerms(m),
  telling: toRules(x, nameOf),
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
  const [found] = await toExpectations(db, t, await selectExpectations(db, t).where(eq(t.expectations.id, id)))
  return found ?? null
}

/** The same as {@link stateOf}, asked of the database. */
export function inState({ expectations: x }: Tables, state: State): SQL | undefined {
  const isLate = sql`(${x.checkAt} > ${x.nextDue} and coalesce(${x.lastVerdict}, '') <> 'missed')`
  if (state === 'paused') return isNotNull(x.pausedAt)
  if (state === 'late') return and(isNull(x.pausedAt), isLate)
  const judged = state === 'waiting' ? isNull(x.lastVerdict) : eq(x.lastVerdict, state)
  return and(isNull(x.pausedAt), judged, sql`not coalesce(${isLate}, false)`)
}

import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Duration, Millis } from '../domain/time.ts'
import type { Outcome, Reason, Verdict } from '../domain/verdict.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Engine } from './engine.ts'
import type { NamedVerdict, Store, VerdictFilter } from './store.ts'
import type { Tables } from './tables.ts'

type VerdictStore = Pick<Store, 'verdicts' | 'lastVerdicts' | 'verdictTallies' | 'nextCheck'>
type VerdictRow = Tables['verdicts']['$inferSelect']
type LimitsRow = { atLeast: number; atMost: number | null }

const amendedOf = (from: string | null, at: Millis | null, reason: string | null): Verdict['amended'] =>
  from === null || at === null ? null : { from: from as Outcome, at, reason: reason ?? '' }

export const toVerdict = (v: VerdictRow, { atLeast, atMost }: LimitsRow): Verdict => ({
  expectation: v.expectationId,
  due: v.due,
  reported: v.reported,
  verdict: v.verdict as Outcome,
  reason: v.reason as Reason,
  observed: v.observed,
  atLeast,
  atMost,
  blind: v.blind,
  window: { from: v.windowFrom, to: v.windowTo },
  decidedAt: v.decidedAt,
  amended: amendedOf(v.amendedFrom, v.amendedAt, v.amendedReason),
})

/** The columns of a verdict with its limits as {@link verdictStore} asks for them. SQLite says 0 and 1 for false and true. */
type PlainVerdict = [
  ...[expectation: number, due: Millis, reported: boolean | 0 | 1, verdict: Outcome, reason: Reason],
  ...[observed: number, blind: Duration, windowFrom: Millis, windowTo: Millis, decidedAt: Millis],
  ...[amendedFrom: string | null, amendedAt: Millis | null, amendedReason: string | null, atLeast: number, atMost: number | null],
]

const fromList = (c: PlainVerdict): Verdict => ({
  expectation: c[0],
  due: c[1],
  reported: Boolean(c[2]),
  verdict: c[3],
  reason: c[4],
  observed: c[5],
  blind: c[6],
  window: { from: c[7], to: c[8] },
  decidedAt: c[9],
  amended: amendedOf(c[10], c[11], c[12]),
  atLeast: c[13],
  atMost: c[14],
})

function matching({ verdicts: v, environments: n }: Tables, filter: VerdictFilter): (SQL | undefined)[] {
  return [
    filter.expectation === undefined ? undefined : eq(v.expectationId, filter.expectation),
    filter.env === undefined ? undefined : eq(n.name, filter.env),
    filter.verdict === undefined ? undefined : eq(v.verdict, filter.verdict),
    filter.from === undefined ? undefined : gte(v.due, filter.from),
    filter.to === undefined ? undefined : lt(v.due, filter.to),
  ]
}

/** Below the place of the cursor when the newest come first. */
function below({ verdicts: v }: Tables, cursor: string | null): SQL | undefined {
  const place = readCursor(cursor, 3)
  if (place === null) return undefined
  const [due, expectation, reported] = place
  const here = sql`(${v.due}, ${v.expectationId}, case when ${v.reported} then 1 else 0 end)`
  return sql`${v.due} <= ${due} and ${here} < (${due}, ${expectation}, ${reported})`
}

export function verdictStore(engine: Engine): VerdictStore {
  const { t, db } = engine
  const { verdicts: v, terms: m, expectations: x, events: e, environments: n } = t
  return {
    async verdicts(filter, page) {
      const rows = await db
        .select({ v, atLeast: m.atLeast, atMost: m.atMost, event: e.name, env: n.name })
        .from(v)
        .innerJoin(m, eq(m.id, v.termsId))
        .innerJoin(x, eq(x.id, v.expectationId))
        .innerJoin(e, eq(e.id, x.eventId))
        .innerJoin(n, eq(n.id, m.envId))
        .where(and(...matching(t, filter), below(t, page.cursor)))
        .orderBy(desc(v.due), desc(v.expectationId), desc(v.reported))
        .limit(page.limit + 1)
      const items = rows.map(({ event, env, ...row }): NamedVerdict => ({ ...toVerdict(row.v, row), event, env }))
      return paged(items, page, ({ due, expectation, reported }) => cursorOf(due, expectation, reported ? 1 : 0))
    },

    async lastVerdicts(expectations, count) {
      const lists = new Map<number, Verdict[]>(expectations.map((id) => [id, []]))
      if (expectations.length === 0) return lists
      const first = sql`coalesce((select f.due from verdicts f where f.expectation_id = x.id order by f.due desc limit 1 offset ${count - 1}), 0)`
      // By hand: a board shows thousands of these, and a query builder's mapping costs more than reading them.
      const rows = await engine.lists<PlainVerdict>(sql`select x.id, v.due, v.reported, v.verdict, v.reason, v.observed, v.blind,
          v.window_from, v.window_to, v.decided_at, v.amended_from, v.amended_at, v.amended_reason, m.at_least, m.at_most
        from expectations x join verdicts v on v.expectation_id = x.id and v.due >= ${first} join terms m on m.id = v.terms_id
        where x.id in ${[...expectations]} order by x.id, v.due, v.reported`)
      for (const row of rows) lists.get(row[0])?.push(fromList(row))
      return new Map([...lists].map(([id, list]) => [id, list.slice(-count)]))
    },

    async verdictTallies(expectation, { from, to }, bucket) {
      const count = (verdict: Outcome) => sql`sum(case when ${v.verdict} = ${verdict} then 1 else 0 end)`.mapWith(Number)
      // By its name: PostgreSQL takes the same expression with its own parameters for another one.
      const start = sql<number>`${v.due} - ${v.due} % ${bucket}`.mapWith(Number).as('bucket')
      return db
        .select({ from: start, met: count('met'), missed: count('missed'), unknown: count('unknown') })
        .from(v)
        .where(and(eq(v.expectationId, expectation), gte(v.due, from), lt(v.due, to)))
        .groupBy(sql`bucket`)
        .orderBy(sql`bucket`)
    },

    async nextCheck() {
      const at = sql`(select min(${x.checkAt}) from ${x})`
      const [row] = await db
        .select({ at: sql<number | null>`min(${x.checkAt})`, expectations: sql`count(*)`.mapWith(Number) })
        .from(x)
        .where(sql`${x.checkAt} = ${at}`)
      return row === undefined || row.at === null ? null : { at: Number(row.at), expectations: row.expectations }
    },
  }
}

import { asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Verdict } from '../domain/verdict.ts'
import { countOf, countWhere } from './counting.ts'
import type { Db, Engine } from './engine.ts'
import { closeIncidents, openIncidents } from './incidents.ts'
import type { Conclusion, OwedDue, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { type TermsRow, toTerms } from './terms.ts'

type Written = Conclusion & { verdict: NonNullable<Conclusion['verdict']> }

async function claim({ t, claiming }: Engine, db: Db, horizon: Millis, limit: number): Promise<number[]> {
  const { expectations: x } = t
  const rows = await claiming(
    db.select({ id: x.id }).from(x).where(lte(x.checkAt, horizon)).orderBy(asc(x.checkAt), asc(x.id)).limit(limit),
  )
  return rows.map(({ id }) => id)
}

/** Terms that hold now, of those expectations whose owed due still belongs to earlier ones. */
async function currentTerms(db: Db, { terms: m }: Tables, ids: number[]): Promise<Map<number, TermsRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db.select().from(m).where(inArray(m.id, ids))
  return new Map(rows.map((row) => [row.id, row]))
}

async function readOwed(db: Db, t: Tables, ids: number[], horizon: Millis): Promise<OwedDue[]> {
  const { expectations: x, terms: m } = t
  const due = sql`${x.nextDue}`
  const from = sql<number>`case when ${m.lookback} is not null then ${x.nextDue} - ${m.lookback} when ${x.windowStart} < ${x.nextDue} then ${x.windowStart} else ${x.nextDue} end`
  const end = sql`${x.nextDue} + ${m.grace}`
  const hasGrace = sql`${m.grace} > 0 and ${end} <= ${horizon}`
  const rows = await db
    .select({
      x,
      m,
      from: from.mapWith(Number),
      seen: countOf(t, from, due),
      seenWithGrace: sql`case when ${hasGrace} then ${countOf(t, from, end)} else 0 end`.mapWith(Number),
    })
    .from(x)
    .innerJoin(m, eq(m.id, sql`coalesce(${x.owedTermsId}, ${x.termsId})`))
    .where(inArray(x.id, ids))
    .orderBy(asc(x.checkAt), asc(x.id))
  const current = await currentTerms(
    db,
    t,
    rows.flatMap(({ x }) => (x.owedTermsId === null ? [] : [x.termsId])),
  )
  const read = async ({ x, m, ...counted }: (typeof rows)[number]): Promise<OwedDue> => {
    const terms = toTerms(m)
    const renewed = x.owedTermsId === null ? undefined : current.get(x.termsId)
    const { nextDue: due, checkAt } = x
    if (due === null || checkAt === null) throw new Error(`Expectation ${x.id} is to be looked at but has no due instant.`)
    const owed = {
      expectation: x.id,
      due,
      checkAt,
      since: x.since,
      terms,
      termsId: m.id,
      caughtUp: x.caughtUp,
      edited: renewed === undefined ? null : { current: toTerms(renewed), at: x.termsSince },
      ...counted,
    }
    if (terms.where === null) return owed
    const { from } = counted
    const filtered = { eventId: x.eventId, envId: m.envId, count: terms.count, where: terms.where }
    const [seen = 0, seenWithGrace = 0] = await countWhere(db, t, filtered, [
      { from, to: due },
      { from, to: due + terms.grace },
    ])
    return { ...owed, seen, seenWithGrace }
  }
  // One after the other: a transaction is one connection.
  const owed: OwedDue[] = []
  for (const row of rows) owed.push(await read(row))
  return owed
}

const bigint = (n: number | null): SQL => sql`cast(${n} as bigint)`

/** What has the last word on an expectation. */
type Latest = { due: Millis | null; verdict: string | null }

/** Only where the due and the look are still those that were read: of two callers one wins, and only the winner writes what follows. */
async function advance(
  { rows }: Engine,
  db: Db,
  { expectations: x }: Tables,
  conclusions: readonly Conclusion[],
): Promise<Map<number, Latest>> {
  if (conclusions.length === 0) return new Map()
  const values = conclusions.map(
    ({ owed, due, verdict, nextDue, checkAt, windowStart, caughtUp }) =>
      sql`(${bigint(owed.expectation)}, ${bigint(owed.due)}, ${bigint(owed.checkAt)}, ${bigint(nextDue)}, ${bigint(checkAt)}, ${bigint(windowStart)}, ${bigint(caughtUp)}, ${bigint(due)}, cast(${verdict?.verdict ?? null} as text))`,
  )
  const isLatest = sql`v.verdict is not null and (last_due is null or last_due < v.due)`
  const won = await rows<{ id: number; last_due: number | null; last_verdict: string | null }>(
    db,
    sql`with v (expectation, was_due, was_check, to_due, to_check, to_start, to_caught_up, due, verdict) as (values ${sql.join(values, sql`, `)})
      update ${x} set next_due = v.to_due, check_at = v.to_check, window_start = case when v.to_start > window_start then v.to_start else window_start end, caught_up = v.to_caught_up,
        owed_terms_id = case when v.to_due is null or v.to_due > terms_since then null else owed_terms_id end,
        last_due = case when ${isLatest} then v.due else last_due end,
        last_verdict = case when ${isLatest} then v.verdict else last_verdict end
      from v where id = v.expectation and next_due = v.was_due and check_at = v.was_check
      returning id, last_due, last_verdict`,
  )
  return new Map(won.map((row) => [row.id, { due: row.last_due, verdict: row.last_verdict }]))
}

async function writeVerdicts(db: Db, { verdicts: v }: Tables, written: readonly Written[], now: Millis): Promise<void> {
  if (written.length === 0) return
  const rows = written.map(({ owed, due, verdict: { window, ...verdict } }) => ({
    ...verdict,
    expectationId: owed.expectation,
    due,
    reported: false,
    termsId: owed.termsId,
    windowFrom: window.from,
    windowTo: window.to,
    decidedAt: now,
  }))
  await db.insert(v).values(rows).onConflictDoNothing()
}

const isWritten = (conclusion: Conclusion): conclusion is Written => conclusion.verdict !== null

const toVerdict = ({ owed, due, verdict }: Written, decidedAt: Millis): Verdict => ({
  ...verdict,
  expectation: owed.expectation,
  due,
  reported: false,
  atLeast: owed.terms.atLeast,
  atMost: owed.terms.atMost,
  decidedAt,
  amended: null,
})

/** See `Store.concludeOwed`. */
export function owedStore(engine: Engine): Pick<Store, 'concludeOwed'> {
  const { t, tx } = engine
  return {
    concludeOwed: (horizon, now, limit, decide) =>
      tx(async (db) => {
        const ids = await claim(engine, db, horizon, limit)
        if (ids.length === 0) return { claimed: 0, verdicts: [] }
        const conclusions = decide(await readOwed(db, t, ids, horizon))
        const won = await advance(engine, db, t, conclusions)
        const written = conclusions.filter(isWritten).filter(({ owed }) => won.has(owed.expectation))
        await writeVerdicts(db, t, written, now)
        // A failure reported after this due, or in the very millisecond of it, has the last word on the incident.
        const latest = written.filter(({ owed, due, verdict }) => {
          const last = won.get(owed.expectation)
          return last?.due === due && last.verdict === verdict.verdict
        })
        const missed = latest
          .filter(({ verdict }) => verdict.verdict === 'missed')
          .map(({ owed, due }) => ({ expectation: owed.expectation, due }))
        const met = latest.filter(({ verdict }) => verdict.verdict === 'met').map(({ owed }) => owed.expectation)
        await openIncidents(db, t, missed, now)
        await closeIncidents(db, t, met, now)
        return { claimed: ids.length, verdicts: written.map((one) => toVerdict(one, now)) }
      }),
  }
}

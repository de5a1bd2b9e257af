import { and, asc, eq, gt, inArray, isNull, lte, ne, type SQL, sql } from 'drizzle-orm'
import { FAIL, WITHDRAWN } from '../domain/affirmation.ts'
import { DAY, type Millis } from '../domain/time.ts'
import { sourceFits, type Where } from '../domain/where.ts'
import { countOf, countWhere } from './counting.ts'
import type { Db, Engine } from './engine.ts'
import { settleIncidents } from './incidents.ts'
import type { Amendment, Recount, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { toTerms } from './terms.ts'
import { settleUnjudged } from './unjudged.ts'
import { toVerdict } from './verdicts.ts'

type News = Tables['news']['$inferSelect']
type VerdictRow = Tables['verdicts']['$inferSelect']

/** No window without a lookback is taken to be longer than this: the longest lookback there is. */
const LONGEST_WINDOW = 366 * DAY
const RECOUNTS_AT_ONCE = 200

const SEEN = sql
  .raw(countOf({ expectation: 'expectations', terms: 'terms' }, 'verdicts.window_from', 'verdicts.window_to'))
  .mapWith(Number)

const inItsWindow = sql.raw(
  `w.event_id = expectations.event_id and w.env_id = terms.env_id and w.at >= verdicts.window_from and w.at < verdicts.window_to`,
)
const WITHDRAWN_OF = sql`(select count(*) from withdrawals w where ${inItsWindow})`.mapWith(Number)
const WITHDRAWER = sql<string | null>`(select w.withdrawn_by from withdrawals w where ${inItsWindow} order by w.id desc limit 1)`

async function take({ t, claiming }: Engine, db: Db, now: Millis, limit: number): Promise<News[]> {
  const { news } = t
  const taken = await claiming(db.select().from(news).where(lte(news.at, now)).orderBy(asc(news.id)).limit(limit))
  const ids = taken.map(({ id }) => id)
  if (ids.length > 0) await db.delete(news).where(inArray(news.id, ids))
  return taken
}

/** Rule 10: an extra verdict at the failure's own instant, for every expectation of its event and env that does not ignore failures. */
async function reportFailures(db: Db, t: Tables, failures: readonly News[], now: Millis): Promise<number[]> {
  const { expectations: x, terms: m, verdicts: v } = t
  if (failures.length === 0) return []
  const rows = await db
    .select({ x, m })
    .from(x)
    .innerJoin(m, eq(m.id, x.termsId))
    .where(
      and(
        inArray(x.eventId, [...new Set(failures.map(({ eventId }) => eventId))]),
        isNull(x.pausedAt),
        eq(m.ignoreFailures, false),
      ),
    )
  const isOf = (news: News, { x, m }: (typeof rows)[number]) =>
    x.eventId === news.eventId &&
    m.envId === news.envId &&
    x.createdAt <= news.at &&
    sourceFits(m.filter === null ? null : (JSON.parse(m.filter) as Where), news.source)
  const missed = failures.flatMap((news) =>
    rows.filter((row) => isOf(news, row)).map(({ x, m }) => ({ expectation: x.id, termsId: m.id, at: news.at })),
  )
  if (missed.length === 0) return []
  await db
    .insert(v)
    .values(
      missed.map(({ expectation, termsId, at }) => ({
        expectationId: expectation,
        due: at,
        reported: true,
        termsId,
        verdict: 'missed',
        reason: 'reported-failure',
        observed: 0,
        blind: 0,
        windowFrom: at,
        windowTo: at,
        decidedAt: now,
      })),
    )
    .onConflictDoNothing()
  for (const { expectation, at } of missed) {
    await db
      .update(x)
      .set({ lastDue: at, lastVerdict: 'missed' })
      .where(and(eq(x.id, expectation), sql`(${x.lastDue} is null or ${x.lastDue} <= ${at})`))
  }
  return missed.map(({ expectation }) => expectation)
}

/** The due instants whose windows may hold one of these instants, and whose verdict one affirmation more, or one less, could change. */
async function candidates(db: Db, t: Tables, late: readonly News[]) {
  const { expectations: x, terms: m, verdicts: v } = t
  const isOfEvent = inArray(x.eventId, [...new Set(late.map(({ eventId }) => eventId))])
  const [reach] = await db
    .select({
      grace: sql`max(${m.grace})`.mapWith(Number),
      lookback: sql`max(coalesce(${m.lookback}, ${LONGEST_WINDOW}))`.mapWith(Number),
    })
    .from(m)
    .innerJoin(x, eq(x.id, m.expectationId))
    .where(isOfEvent)
  const first = Math.min(...late.map(({ at }) => at))
  const last = Math.max(...late.map(({ at }) => at))
  const isAnyWithdrawn = late.some(({ status }) => status === WITHDRAWN)
  const rows = await db
    .select({
      expectationId: v.expectationId,
      due: v.due,
      from: v.windowFrom,
      to: v.windowTo,
      eventId: x.eventId,
      envId: m.envId,
    })
    .from(x)
    .innerJoin(v, eq(v.expectationId, x.id))
    .innerJoin(m, eq(m.id, v.termsId))
    .where(
      and(
        isOfEvent,
        gt(v.due, first - (reach?.grace ?? 0)),
        lte(v.due, last + (reach?.lookback ?? 0)),
        lte(v.windowFrom, last),
        gt(v.windowTo, first),
        eq(v.reported, false),
        ne(v.reason, 'not-judged'),
        isAnyWithdrawn ? undefined : sql`(${v.verdict} <> 'met' or ${m.atMost} is not null)`,
      ),
    )
  return rows.filter((row) =>
    late.some((news) => news.eventId === row.eventId && news.envId === row.envId && news.at >= row.from && news.at < row.to),
  )
}

async function recount(db: Db, t: Tables, dues: readonly { expectationId: number; due: Millis }[]): Promise<Recount[]> {
  const { expectations: x, terms: m, verdicts: v } = t
  const keys: SQL[] = dues.map(({ expectationId, due }) => sql`(cast(${expectationId} as bigint), cast(${due} as bigint))`)
  const rows = await db
    .select({ v, m, eventId: x.eventId, since: x.since, seen: SEEN, withdrawn: WITHDRAWN_OF, withdrawer: WITHDRAWER })
    .from(v)
    .innerJoin(m, eq(m.id, v.termsId))
    .innerJoin(x, eq(x.id, v.expectationId))
    .where(and(sql`(${v.expectationId}, ${v.due}) in (values ${sql.join(keys, sql`, `)})`, eq(v.reported, false)))
    .orderBy(asc(v.due), asc(v.expectationId))
  const read = async ({ v, m, eventId, since, seen, ...taken }: (typeof rows)[number]): Promise<Recount> => {
    const verdict = toVerdict(v, m)
    const withdrawn = { count: taken.withdrawn, by: taken.withdrawer }
    const { where, count } = toTerms(m)
    if (where === null) return { verdict, seen, since, withdrawn }
    const [found = 0] = await countWhere(db, t, { eventId, envId: m.envId, count, where }, [verdict.window])
    return { verdict, seen: found, since, withdrawn }
  }
  // One after the other: a transaction is one connection.
  const recounts: Recount[] = []
  for (const row of rows) recounts.push(await read(row))
  return recounts
}

/** The row keeps its first verdict and says when and why it was amended (rule 8). */
async function amend(
  db: Db,
  { verdicts: v, expectations: x }: Tables,
  { verdict, to, reason, seen, why }: Amendment,
  now: Millis,
): Promise<void> {
  const first: VerdictRow['verdict'] = verdict.amended?.from ?? verdict.verdict
  await db
    .update(v)
    .set({ verdict: to, reason, observed: seen, amendedFrom: first, amendedAt: now, amendedReason: why })
    .where(and(eq(v.expectationId, verdict.expectation), eq(v.due, verdict.due), eq(v.reported, false)))
  const failedThen = sql`select 1 from ${v} f where f.expectation_id = ${verdict.expectation} and f.due = ${verdict.due} and f.reported`
  await db
    .update(x)
    .set({ lastVerdict: to })
    .where(and(eq(x.id, verdict.expectation), eq(x.lastDue, verdict.due), sql`not exists (${failedThen})`))
}

/** Only now do we see every verdict there is, and nobody judges or corrects these expectations until we are done. */
async function holdExpectations({ t, holding }: Engine, db: Db, taken: readonly News[]): Promise<void> {
  const { expectations: x } = t
  const events = [...new Set(taken.map(({ eventId }) => eventId))]
  await holding(db.select({ id: x.id }).from(x).where(inArray(x.eventId, events)).orderBy(asc(x.id)))
}

/** See `Store.settleNews`. */
export function newsStore(engine: Engine): Pick<Store, 'settleNews'> {
  const { t, tx, db } = engine
  const anyNews = db
    .select({ one: sql`1` })
    .from(t.news)
    .where(lte(t.news.at, sql.placeholder('now')))
    .limit(1)
    .prepare('any_news')
  return {
    settleNews: async (now, limit, decide) => {
      if ((await anyNews.execute({ now })).length === 0) return 0
      return tx(async (db) => {
        const taken = await take(engine, db, now, limit)
        if (taken.length === 0) return 0
        await holdExpectations(engine, db, taken)
        const touched = new Set(
          await reportFailures(
            db,
            t,
            taken.filter(({ status }) => status === FAIL),
            now,
          ),
        )
        const late = taken.filter(({ status }) => status !== FAIL)
        const dues = late.length === 0 ? [] : await candidates(db, t, late)
        for (let i = 0; i < dues.length; i += RECOUNTS_AT_ONCE) {
          for (const amendment of decide(await recount(db, t, dues.slice(i, i + RECOUNTS_AT_ONCE)))) {
            await amend(db, t, amendment, now)
            if (amendment.verdict.verdict === 'unknown') await settleUnjudged(db, t, amendment.verdict, amendment.to)
            touched.add(amendment.verdict.expectation)
          }
        }
        await settleIncidents(db, t, touched, now)
        return taken.length
      })
    },
  }
}

import { DAY, HOUR, MINUTE, type Millis } from '../src/domain/time.ts'
import type { Raw } from './database.ts'
import { SOURCE } from './insert.ts'

/** The first due instant of {@link fillTick}; all are due again each hour. */
export const START: Millis = Date.parse('2026-03-02T12:00:00Z')
/** So many hours have affirmations. */
export const HOURS = 12
const BEFORE = 20 * MINUTE
const LOOKBACK = 10 * MINUTE

export type Size = { expectations: number; events: number; affirmations: number }

/** Indexes are built after the rows: ten million of them one by one would take a quarter of an hour. */
async function withoutIndexes(db: Raw, work: () => Promise<void>): Promise<void> {
  const asked = db.isPostgres
    ? "select indexname as name, indexdef as sql from pg_indexes where tablename = 'affirmations' and indexname not like '%pkey'"
    : "select name, sql from sqlite_master where type = 'index' and tbl_name = 'affirmations' and sql is not null"
  const indexes = await db.rows<{ name: string; sql: string }>(asked)
  for (const { name } of indexes) await db.exec(`drop index ${name}`)
  await work()
  for (const { sql } of indexes) await db.exec(sql)
}

async function fillNames(db: Raw, events: number): Promise<void> {
  await db.exec("insert into environments (id, name) values (1, 'prod')")
  await db.exec(
    `insert into events (id, key, name, description, tags, created_at) select i + 1, 'key' || i, 'event_' || i, '', '[]', 0 from ${db.series(events)}`,
  )
  await db.exec(`insert into listening (node, span_from, span_to) values ('bench', 0, ${START + 400 * DAY})`)
}

/** Affirmations of all events in turn, evenly over `[from, to)`. */
async function fillAffirmations(db: Raw, { events, affirmations }: Size, from: Millis, to: Millis): Promise<void> {
  await withoutIndexes(db, () =>
    db.exec(`insert into affirmations (event_id, env_id, at, status, source)
      select 1 + (i * 7919) % ${events}, 1, ${from} + i * ${to - from} / ${affirmations}, 0, '${SOURCE}' from ${db.series(affirmations)}`),
  )
}

/** After rows with numbers of their own: what is made next gets the number after them. */
async function settle(db: Raw): Promise<void> {
  if (!db.isPostgres) return
  for (const table of ['environments', 'events', 'terms', 'expectations'])
    await db.exec(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
  await db.exec('vacuum analyze')
}

/** Whole-hour zones and three ways to write "each full hour": some 700 schedules, all due at once. */
async function fillZones(db: Raw): Promise<number> {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => {
    const minute = new Intl.DateTimeFormat('en', { timeZone: zone, minute: 'numeric' }).format(START)
    return minute === '0' && !zone.startsWith('Etc')
  })
  const some = zones.slice(0, 240)
  await db.exec('create temporary table zones (i integer primary key, name text)')
  await db.exec(`insert into zones values ${some.map((zone, i) => `(${i}, '${zone}')`).join(', ')}`)
  return some.length
}

async function fillExpectations(db: Raw, { expectations, events, affirmations }: Size): Promise<void> {
  const zones = await fillZones(db)
  const inWindow = (affirmations / events) * (LOOKBACK / (HOURS * HOUR + BEFORE))
  const spread = Math.max(2, Math.round(1.5 * inWindow))
  await db.exec(`insert into terms (id, expectation_id, env_id, schedule, time_zone, at_least, counting, lookback, grace, ignore_failures)
    select s.i + 1, s.i + 1, 1, case s.i % 3 when 0 then '0 * * * *' when 1 then '0 */1 * * *' else '0 0-23 * * *' end, zones.name,
      1 + s.i % ${spread}, 'affirmations', ${LOOKBACK}, 0, false
    from ${db.series(expectations)} join zones on zones.i = (s.i / 3) % ${zones}`)
  await db.exec(`insert into expectations (id, event_id, tags, terms_id, terms_since, created_at, since, next_due, check_at, window_start, caught_up)
    select i + 1, 1 + i % ${events}, '[]', i + 1, 0, 0, 0, ${START}, ${START}, 0, 0 from ${db.series(expectations)}`)
}

/** Expectations that are all due at {@link START} and at each full hour after it, over events with affirmations until then. */
export async function fillTick(db: Raw, size: Size): Promise<void> {
  await fillNames(db, size.events)
  await fillAffirmations(db, size, START - BEFORE, START + HOURS * HOUR)
  await fillExpectations(db, size)
  await settle(db)
}

export const BOARD = { expectations: 2_000, verdicts: 30 }

/** A board of 2,000 expectations × 30 verdicts, and one event (`event_0`) with all the affirmations. Nothing becomes due. */
export async function fillBoard(db: Raw, now: Millis, affirmations: number, scale: number): Promise<void> {
  const { expectations, verdicts } = { expectations: BOARD.expectations / scale, verdicts: BOARD.verdicts }
  await fillNames(db, 1_000)
  await fillAffirmations(db, { expectations, events: 1, affirmations }, now - 7 * DAY, now)
  await fillExpectations(db, { expectations, events: 1_000, affirmations: 1_000 })
  await db.exec(
    `update expectations set next_due = ${now + DAY}, check_at = ${now + DAY}, last_due = ${now}, last_verdict = case when id % 40 = 0 then 'missed' else 'met' end`,
  )
  await db.exec(`insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)
    select 1 + i % ${expectations}, ${now} - ${HOUR} * (i / ${expectations}), false, 1 + i % ${expectations},
      case when (1 + i % ${expectations}) % 40 = 0 then 'missed' else 'met' end, 'enough', 1, 0, 0, 0, 0 from ${db.series(expectations * verdicts)}`)
  await settle(db)
}

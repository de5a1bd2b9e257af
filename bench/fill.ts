import { DAY, type Duration, HOUR, MINUTE, type Millis } from '../src/domain/time.ts'
import { SOURCE } from './insert.ts'
import { migrate, openRaw, type Raw } from './raw.ts'
import type { Context } from './report.ts'

/** The first due instant of {@link expectHourly}; all are due again each hour. */
export const START: Millis = Date.parse('2026-03-02T12:00:00Z')
/** So many hours from {@link START} on have affirmations in the windows. */
export const HOURS = 24
/** Of each hour only its end is filled: windows are full though there are many of them. */
const FILLED: Duration = 30 * MINUTE
const LOOKBACK: Duration = 10 * MINUTE

/** Ten million affirmations are of ten thousand events, fewer of fewer. */
export const eventsOf = (affirmations: number): number => Math.min(10_000, affirmations / 100)

/** Indexes are built after the rows, as they were: ten million of them one by one would take a quarter of an hour. */
export async function withoutIndexes(db: Raw, work: () => Promise<void>): Promise<void> {
  const asked = db.isPostgres
    ? "select indexname as name, indexdef as sql from pg_indexes where tablename = 'affirmations' and indexname not like '%pkey'"
    : "select name, sql from sqlite_master where type = 'index' and tbl_name = 'affirmations' and sql is not null"
  const indexes = await db.rows<{ name: string; sql: string }>(asked)
  for (const { name } of indexes) await db.exec(`drop index ${name}`)
  await work()
  // Of a partitioned table it is told without its parts.
  for (const { sql } of indexes) await db.exec(sql.replace(' ON ONLY ', ' ON '))
}

export async function fillNames(db: Raw, events: number): Promise<void> {
  await db.exec("insert into environments (id, name) values (1, 'prod')")
  await db.exec(
    `insert into events (id, key, name, description, tags, created_at) select i + 1, 'key' || i, 'event_' || i, '', '[]', 0 from ${db.series(events)}`,
  )
  // Listening all the time: nothing is to be unknown.
  await db.exec(`insert into listening (node, span_from, span_to) values ('bench', 0, ${START + 400 * DAY})`)
}

/** Of all events in turn, in the order of time; `at` is SQL over `i`. */
async function fillAffirmations(db: Raw, events: number, affirmations: number, at: string): Promise<void> {
  await withoutIndexes(db, () =>
    db.exec(`insert into affirmations (event_id, env_id, at, status, source)
      select 1 + (i * 7919) % ${events}, 1, ${at}, 0, '${SOURCE}' from ${db.series(affirmations)}`),
  )
}

/** After rows with numbers of their own: what is made next gets the number after them, and the planner knows what there is. */
export async function settle(db: Raw): Promise<void> {
  if (!db.isPostgres) return
  for (const table of ['environments', 'events', 'terms', 'expectations'])
    await db.exec(`select setval('${table}_id_seq', (select coalesce(max(id), 1) from ${table}))`)
  await db.exec('vacuum analyze')
  // What was filled is not to be written out while something is measured. Not every user may ask for it.
  await db.exec('checkpoint').catch(() => undefined)
}

async function fill(url: string, work: (db: Raw) => Promise<void>): Promise<void> {
  const db = await openRaw(url)
  await work(db)
  await settle(db)
  await db.close()
}

/** A database with so many affirmations from a little before {@link START} on; filled once, copied for each who asks. */
export async function withHistory({ databases, histories }: Context, affirmations: number): Promise<string> {
  const filled = histories.get(affirmations) ?? (await databases.fresh())
  if (!histories.has(affirmations)) {
    histories.set(affirmations, filled)
    await migrate(filled, { from: START - FILLED, to: START + HOURS * HOUR })
    await fill(filled, async (db) => {
      const events = eventsOf(affirmations)
      await fillNames(db, events)
      const inHour = Math.ceil(affirmations / HOURS)
      const at = `${START - FILLED} + i / ${inHour} * ${HOUR} + i % ${inHour} * ${FILLED} / ${inHour}`
      await fillAffirmations(db, events, affirmations, at)
    })
  }
  return databases.copy(filled)
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

/** `spread`: the first wants one affirmation, the next two, … and so round. */
async function fillExpectations(db: Raw, expectations: number, events: number, spread: number): Promise<void> {
  const zones = await fillZones(db)
  await db.exec(`insert into terms (id, expectation_id, env_id, schedule, time_zone, at_least, counting, lookback, grace, ignore_failures)
    select s.i + 1, s.i + 1, 1, case s.i % 3 when 0 then '0 * * * *' when 1 then '0 */1 * * *' else '0 0-23 * * *' end, zones.name,
      1 + s.i % ${spread}, 'affirmations', ${LOOKBACK}, 0, false
    from ${db.series(expectations)} join zones on zones.i = (s.i / 3) % ${zones}`)
  await db.exec(`insert into expectations (id, event_id, tags, terms_id, terms_since, created_at, since, next_due, check_at, window_start, caught_up)
    select i + 1, 1 + i % ${events}, '[]', i + 1, 0, 0, 0, ${START}, ${START}, 0, 0 from ${db.series(expectations)}`)
}

/** Adds expectations that are all due at {@link START} and at each full hour after it; some are met and some are missed. */
export async function expectHourly(url: string, expectations: number, affirmations: number): Promise<void> {
  const events = eventsOf(affirmations)
  const inWindow = (affirmations / events / HOURS) * (LOOKBACK / FILLED)
  await fill(url, (db) => fillExpectations(db, expectations, events, Math.max(2, Math.round(1.5 * inWindow))))
}

/** As many expectations, each of an event of its own, all due at {@link START} and at each full hour, and nothing was ever affirmed. */
export async function fillMissed(url: string, expectations: number): Promise<void> {
  await migrate(url, { from: START - FILLED, to: START + HOURS * HOUR })
  await fill(url, async (db) => {
    await fillNames(db, expectations)
    await fillExpectations(db, expectations, expectations, 1)
  })
}

export const VERDICTS = 30
/** Between two affirmations of {@link fillBoard}: a million make a week, and fewer reach less far back but lie as close together. */
const APART: Duration = (7 * DAY) / 1_000_000

/** A board of so many expectations × 30 verdicts, two an event, and one event (`event_0`) with all the affirmations. Nothing becomes due. */
export async function fillBoard(url: string, now: Millis, expectations: number, affirmations: number): Promise<void> {
  const events = expectations / 2
  await migrate(url, { from: now - Math.round(affirmations * APART), to: now })
  await fill(url, async (db) => {
    await fillNames(db, events)
    const from = now - Math.round(affirmations * APART)
    await fillAffirmations(db, 1, affirmations, `${from} + i * ${now - from} / ${affirmations}`)
    await fillExpectations(db, expectations, events, 2)
    await db.exec(
      `update expectations set next_due = ${now + DAY}, check_at = ${now + DAY}, last_due = ${now}, last_verdict = case when id % 40 = 0 then 'missed' else 'met' end`,
    )
    await db.exec(`insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)
      select 1 + i % ${expectations}, ${now} - ${HOUR} * (i / ${expectations}), false, 1 + i % ${expectations},
        case when (1 + i % ${expectations}) % 40 = 0 then 'missed' else 'met' end, 'enough', 1, 0, 0, 0, 0 from ${db.series(expectations * VERDICTS)}`)
  })
}

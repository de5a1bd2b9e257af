import type pg from 'pg'
import { OK } from '../domain/affirmation.ts'
import type { Millis } from '../domain/time.ts'
import type { Appended, Row } from './engine.ts'
import { arrayOf } from './postgres.arrays.ts'
import { ensurePartitions } from './postgres.partitions.ts'

const COLUMNS = ['bigint', 'text', 'bigint', 'bigint', 'smallint', 'text', 'text', 'text', 'boolean']
const ARRAYS = COLUMNS.map((type, i) => `$${i + 1}::${type}[]`).join(', ')
const IDS = `$${COLUMNS.length + 1}::bigint[]`

/**
 * Taken shared by whoever stores and alone by whoever is about to judge: once that one has it, everything stored before is there to be
 * counted, and what is stored after knows up to where was judged.
 */
const JUDGING_LOCK = 5_123_000_003

const CLAIMED = `claimed as (
  insert into client_ids (event_id, env_id, client_id, at)
  select distinct on (event_id, env_id, client_id) event_id, env_id, client_id, at from meant where client_id is not null
  order by event_id, env_id, client_id, n
  on conflict do nothing
  returning event_id, env_id, client_id
), firsts as (
  select distinct on (m.event_id, m.env_id, m.client_id) m.id from meant m join claimed c using (event_id, env_id, client_id)
  order by m.event_id, m.env_id, m.client_id, m.n
), counted as (
  select * from meant where client_id is null or id in (select id from firsts)
)`

// One statement for the whole batch, so one way to the database and back: rows go in by unnest, news about them with them.
// The events are locked against deletion and renaming until it commits, so that no row is stored for one that goes away in this very moment.
// Numbered as they came, but ids are claimed in an order of their own: two batches that hold the same ids in another order would wait for each other.
// The row of `judging` is read for share: as it is when the lock is ours, not as it was when the statement began.
const insert = (claimed: string, counted: string, taken: string): string => `with living as (
  select id, name, key from events where id = any(${IDS}) order by id for key share
), judged as (
  select up_to from judging where pg_advisory_xact_lock_shared(${JUDGING_LOCK}) is not null for share
), given as (
  select nextval('affirmations_id_seq') as id, g.*
  from unnest(${ARRAYS}) with ordinality as g (event_id, name, env_id, at, status, source, value, client_id, is_news, n)
), meant as (
  select given.* from given join living on living.id = event_id and given.name in (living.name, living.key)
)${claimed}, stored as (
  insert into affirmations (id, event_id, env_id, at, status, source, value, client_id)
  select id, event_id, env_id, at, status, source, value, client_id from ${counted}
), told as (
  insert into news (event_id, env_id, at, status, source)
  select event_id, env_id, at, status, source from ${counted}
  where is_news or status = ${OK} and at < (select max(up_to) from judged)
)
select id as event_id, name, key, null::bigint as env_id, null as client_id from living ${taken}`

/** Most rows have no client id: those are spared the search for it. */
const PLAIN = { name: 'append', text: insert('', 'meant', '') }
const WITH_IDS = {
  name: 'append with ids',
  text: insert(`, ${CLAIMED}`, 'counted', 'union all select event_id, null, null, env_id, client_id from claimed'),
}

type Living = { event_id: number; name: string; key: string; env_id: null; client_id: null }
type Stored = { event_id: number; name: null; key: null; env_id: number; client_id: string }

const nameOf = (eventId: number, envId: number, clientId: string): string => `${eventId} ${envId} ${clientId}`

/** Which of the rows were stored: of those with one client id the first, unless it was there before. */
function tellApart(rows: readonly Row[], answer: readonly (Living | Stored)[]): Appended[] {
  const living = new Set<string>()
  const unclaimed = new Set<string>()
  for (const { event_id, name, key, env_id, client_id } of answer) {
    if (name === null) unclaimed.add(nameOf(event_id, env_id, client_id))
    else living.add(`${event_id} ${name}`).add(`${event_id} ${key}`)
  }
  return rows.map(({ eventId, name, envId, clientId }) => {
    if (!living.has(`${eventId} ${name}`)) return 'gone'
    return clientId === null || unclaimed.delete(nameOf(eventId, envId, clientId)) ? 'stored' : 'duplicate'
  })
}

const columnsOf = (rows: readonly Row[]): string[] => [
  arrayOf(rows.map(({ eventId }) => eventId)),
  arrayOf(rows.map(({ name }) => name)),
  arrayOf(rows.map(({ envId }) => envId)),
  arrayOf(rows.map(({ at }) => at)),
  arrayOf(rows.map(({ status }) => status)),
  arrayOf(rows.map(({ source }) => source)),
  arrayOf(rows.map(({ value }) => value)),
  arrayOf(rows.map(({ clientId }) => clientId)),
  arrayOf(rows.map(({ isNews }) => isNews)),
]

/** No partition for its day: nobody has said yet that a new day begins, or the affirmation is an old one. */
const isHomeless = (error: unknown): boolean => (error as { code?: string }).code === '23514'

/** Stores rows in one transaction. Throws the driver's error; then it is not known whether they were stored (a client id makes the retry safe). */
export function postgresAppend(pool: pg.Pool): (rows: readonly Row[]) => Promise<Appended[]> {
  const store = async (rows: readonly Row[]): Promise<Appended[]> => {
    const ids = [...new Set(rows.map(({ eventId }) => eventId))]
    const statement = rows.some(({ clientId }) => clientId !== null) ? WITH_IDS : PLAIN
    const answer = await pool.query<Living | Stored>({ ...statement, values: [...columnsOf(rows), arrayOf(ids)] })
    return tellApart(rows, answer.rows)
  }
  return async (rows) => {
    try {
      return await store(rows)
    } catch (error) {
      if (!isHomeless(error)) throw error
      await ensurePartitions(
        pool,
        rows.map(({ at }) => at),
      )
      return store(rows)
    }
  }
}

const JUDGE = `update judging set up_to = greatest(up_to, $1) where pg_advisory_xact_lock(${JUDGING_LOCK}) is not null`

/** See `Engine.judgeUpTo`. One statement: nobody can die with the lock in hand. */
export const postgresJudging =
  (pool: pg.Pool) =>
  async (horizon: Millis): Promise<void> => {
    await pool.query({ name: 'judge', text: JUDGE, values: [horizon] })
  }

import type pg from 'pg'
import type { Appended, Row } from './engine.ts'

const COLUMNS = ['bigint', 'bigint', 'bigint', 'smallint', 'text', 'text', 'text', 'boolean']
const ARRAYS = COLUMNS.map((type, i) => `$${i + 1}::${type}[]`).join(', ')

// One statement for the whole batch: rows go in by unnest, news about them in the same statement, so they commit together.
// Numbered as they came, but inserted by client id: two batches that hold the same ids in another order would wait for each other.
const INSERT = `with given as (
  select nextval('affirmations_id_seq') as id, g.*
  from unnest(${ARRAYS}) with ordinality as g (event_id, env_id, at, status, source, value, client_id, is_news, n)
), stored as (
  insert into affirmations (id, event_id, env_id, at, status, source, value, client_id)
  select id, event_id, env_id, at, status, source, value, client_id from given
  where exists (select 1 from events where events.id = given.event_id)
  order by event_id, env_id, client_id, n
  on conflict do nothing
  returning event_id, env_id, client_id
), told as (
  insert into news (event_id, env_id, at, status, source)
  select g.event_id, g.env_id, g.at, g.status, g.source from given g
  where g.is_news and exists (select 1 from events where events.id = g.event_id)
  and (g.client_id is null or exists (
    select 1 from stored s where s.event_id = g.event_id and s.env_id = g.env_id and s.client_id = g.client_id))
)
select event_id, env_id, client_id from stored where client_id is not null`
const LIVING = 'select id from events where id = any($1::bigint[])'

const nameOf = (eventId: number, envId: number, clientId: string): string => `${eventId} ${envId} ${clientId}`

/** Which of the rows were stored: of those with one client id the first, unless it was there before. */
function tellApart(rows: readonly Row[], living: ReadonlySet<number>, storedIds: ReadonlySet<string>): Appended[] {
  const unclaimed = new Set(storedIds)
  return rows.map(({ eventId, envId, clientId }) => {
    if (!living.has(eventId)) return 'gone'
    return clientId === null || unclaimed.delete(nameOf(eventId, envId, clientId)) ? 'stored' : 'duplicate'
  })
}

/** Of those with one client id only the first can be stored, so only the first can be news. */
function newsAmong(rows: readonly Row[]): boolean[] {
  const seen = new Set<string>()
  return rows.map(({ eventId, envId, clientId, isNews }) => {
    if (clientId === null) return isNews
    const name = nameOf(eventId, envId, clientId)
    return !seen.has(name) && seen.add(name) && isNews
  })
}

const columnsOf = (rows: readonly Row[]): unknown[][] => [
  rows.map(({ eventId }) => eventId),
  rows.map(({ envId }) => envId),
  rows.map(({ at }) => at),
  rows.map(({ status }) => status),
  rows.map(({ source }) => source),
  rows.map(({ value }) => value),
  rows.map(({ clientId }) => clientId),
  newsAmong(rows),
]

/** Stores rows in one transaction. Throws the driver's error; then it is not known whether they were stored (a client id makes the retry safe). */
export function postgresAppend(pool: pg.Pool): (rows: readonly Row[]) => Promise<Appended[]> {
  return async (rows) => {
    const client = await pool.connect()
    let trouble: Error | undefined
    try {
      await client.query('begin')
      // Locked against deletion until commit, so that no row is stored for an event that goes away in this very moment.
      const ids = [...new Set(rows.map(({ eventId }) => eventId))].sort((a, b) => a - b)
      const living = await client.query<{ id: number }>(`${LIVING} order by id for key share`, [ids])
      const stored = await client.query<{ event_id: number; env_id: number; client_id: string }>({
        name: 'append',
        text: INSERT,
        values: columnsOf(rows),
      })
      await client.query('commit')
      const storedIds = new Set(stored.rows.map((row) => nameOf(row.event_id, row.env_id, row.client_id)))
      return tellApart(rows, new Set(living.rows.map(({ id }) => id)), storedIds)
    } catch (error) {
      trouble = error instanceof Error ? error : new Error(String(error))
      await client.query('rollback').catch(() => undefined)
      throw error
    } finally {
      client.release(trouble)
    }
  }
}

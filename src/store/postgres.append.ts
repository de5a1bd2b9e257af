import type pg from 'pg'
import type { Appended, Row } from './engine.ts'

const COLUMNS = ['bigint', 'text', 'bigint', 'bigint', 'smallint', 'text', 'text', 'text', 'boolean']
const ARRAYS = COLUMNS.map((type, i) => `$${i + 1}::${type}[]`).join(', ')
const IDS = `$${COLUMNS.length + 1}::bigint[]`

// One statement for the whole batch, so one way to the database and back: rows go in by unnest, news about them with them.
// The events are locked against deletion and renaming until it commits, so that no row is stored for one that goes away in this very moment.
// Numbered as they came, but inserted by client id: two batches that hold the same ids in another order would wait for each other.
const INSERT = `with living as (
  select id, name, key from events where id = any(${IDS}) order by id for key share
), given as (
  select nextval('affirmations_id_seq') as id, g.*
  from unnest(${ARRAYS}) with ordinality as g (event_id, name, env_id, at, status, source, value, client_id, is_news, n)
), meant as (
  select given.* from given join living on living.id = event_id and given.name in (living.name, living.key)
), stored as (
  insert into affirmations (id, event_id, env_id, at, status, source, value, client_id)
  select id, event_id, env_id, at, status, source, value, client_id from meant
  order by event_id, env_id, client_id, n
  on conflict do nothing
  returning event_id, env_id, client_id
), told as (
  insert into news (event_id, env_id, at, status, source)
  select g.event_id, g.env_id, g.at, g.status, g.source from meant g
  where g.is_news and (g.client_id is null or exists (
    select 1 from stored s where s.event_id = g.event_id and s.env_id = g.env_id and s.client_id = g.client_id))
)
select id as event_id, name, key, null as env_id, null as client_id from living
union all select event_id, null, null, env_id, client_id from stored where client_id is not null`

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

/** Of those with one client id only the first can be stored, so only the first can be news. */
function newsAmong(rows: readonly Row[]): boolean[] {
  const seen = new Set<string>()
  return rows.map(({ eventId, envId, clientId, isNews }) => {
    if (clientId === null) return isNews
    const name = nameOf(eventId, envId, clientId)
    return !seen.has(name) && seen.add(name) && isNews
  })
}

const element = (one: number | string | boolean | null): string =>
  one === null ? 'NULL' : typeof one === 'string' ? `"${one.replace(/["\\]/g, '\\$&')}"` : `${one}`

/** An array as PostgreSQL writes it. By hand: the driver spends three times as long on it. */
const arrayOf = (values: readonly (number | string | boolean | null)[]): string => `{${values.map(element).join(',')}}`

const columnsOf = (rows: readonly Row[]): string[] => [
  arrayOf(rows.map(({ eventId }) => eventId)),
  arrayOf(rows.map(({ name }) => name)),
  arrayOf(rows.map(({ envId }) => envId)),
  arrayOf(rows.map(({ at }) => at)),
  arrayOf(rows.map(({ status }) => status)),
  arrayOf(rows.map(({ source }) => source)),
  arrayOf(rows.map(({ value }) => value)),
  arrayOf(rows.map(({ clientId }) => clientId)),
  arrayOf(newsAmong(rows)),
]

/** Stores rows in one transaction. Throws the driver's error; then it is not known whether they were stored (a client id makes the retry safe). */
export function postgresAppend(pool: pg.Pool): (rows: readonly Row[]) => Promise<Appended[]> {
  return async (rows) => {
    const ids = [...new Set(rows.map(({ eventId }) => eventId))]
    const answer = await pool.query<Living | Stored>({ name: 'append', text: INSERT, values: [...columnsOf(rows), arrayOf(ids)] })
    return tellApart(rows, answer.rows)
  }
}

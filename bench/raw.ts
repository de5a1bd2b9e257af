import Database from 'better-sqlite3'
import pg from 'pg'
import { DAY, type Window } from '../src/domain/time.ts'
import { openStore } from '../src/store/open.ts'

/** SQL by hand on either engine, for filling and for floors. */
export type Raw = {
  isPostgres: boolean
  exec(sql: string): Promise<void>
  rows<T>(sql: string): Promise<T[]>
  /** A table `s` with `i` from 0 to `count − 1`. */
  series(count: number): string
  /** What was written is in the file itself afterwards, if that is what it is. */
  close(): Promise<void>
}

/** A connection as the product's own: what is measured is not to owe anything to other settings. */
export function connect(path: string): Database.Database {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('cache_size = -16000')
  db.pragma('wal_autocheckpoint = 2000')
  return db
}

function rawSqlite(path: string): Raw {
  const db = connect(path)
  db.pragma('cache_size = -256000')
  return {
    isPostgres: false,
    exec: async (sql) => void db.exec(sql),
    rows: async <T>(sql: string) => db.prepare<[], T>(sql).all(),
    series: (count) =>
      `(with recursive n (i) as (select 0 union all select i + 1 from n where i < ${count - 1}) select i from n) s`,
    close: async () => {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}

async function rawPostgres(url: string): Promise<Raw> {
  const client = new pg.Client({ connectionString: url })
  // A server that goes away is told by the next statement.
  client.on('error', () => undefined)
  await client.connect()
  return {
    isPostgres: true,
    exec: async (sql) => void (await client.query(sql)),
    rows: async <T>(sql: string) => (await client.query(sql)).rows as T[],
    series: (count) => `generate_series(0::bigint, ${count - 1}) as s (i)`,
    close: () => client.end(),
  }
}

export const pathOf = (url: string): string => url.replace(/^file:/, '')

/** Opens a database that exists. */
export const openRaw = async (url: string): Promise<Raw> => (url.startsWith('file:') ? rawSqlite(pathOf(url)) : rawPostgres(url))

/** Makes the tables as the product does, with room for the affirmations of a window. */
export async function migrate(url: string, { from, to }: Window): Promise<void> {
  const store = await openStore(url, () => undefined)
  for (let at = from; at < to + DAY; at += DAY) await store.makeRoom(at)
  await store.close()
}

import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Millis } from '../domain/time.ts'
import { COPYING } from './copy.notes.ts'
import { type Db, type Engine, InUse } from './engine.ts'
import { migrationsOf, refuseNewer, refuseUnfinished } from './migrations.ts'
import { sqliteAppend } from './sqlite.append.ts'
import { sqliteTick } from './sqlite.tick.ts'
import * as tables from './tables.sqlite.ts'
import type { Tables } from './tables.ts'

/** Holds a lock that the system takes back when the process ends, however it ends: a second program on the file would judge twice. */
export function lockOut(path: string): Database.Database {
  const lock = new Database(`${path}.lock`, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') throw error
    throw new InUse(
      `Another affirmative is using ${path}. Stop it first, or give this one a file of its own: DATABASE_URL=file:./data/other.db`,
    )
  }
}

/** A connection for reading or writing, as we want it. */
export function connect(path: string): Database.Database {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  db.pragma('cache_size = -16000')
  // Rows of many events touch a page each: copying those back every 2,000 pages instead of every 1,000 stores a third more a second.
  db.pragma('wal_autocheckpoint = 2000')
  return db
}

/** Is there a table of this name? */
export const hasTable = (db: Database.Database, name: string): boolean =>
  db.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(name) !== undefined

/** When the last migration that it has seen was made; null for none. */
export function lastMigration(db: Database.Database): number | null {
  if (!hasTable(db, '__drizzle_migrations')) return null
  return db.prepare<[], { last: number | null }>('select max(created_at) as last from __drizzle_migrations').get()?.last ?? null
}

const sqliteVersion = (db: Database.Database): string => db.prepare<[], string>('select sqlite_version()').pluck().get() ?? ''

/** Brings the tables up to date. */
export const migrateTables = (db: Database.Database): void => migrate(drizzle(db), { migrationsFolder: migrationsOf('sqlite') })

/** One after the other: writes of two callers never share a transaction. */
function turns(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Opens (and makes, and migrates) the database file. Throws `InUse` or `TooNew` in words. */
export async function openSqlite(file: string): Promise<Engine> {
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true })
  const lock = lockOut(path)
  try {
    return engineOn(path, lock)
  } catch (error) {
    lock.close()
    throw error
  }
}

function engineOn(path: string, lock: Database.Database): Engine {
  const writer = connect(path)
  refuseNewer('sqlite', lastMigration(writer))
  refuseUnfinished(hasTable(writer, COPYING))
  migrateTables(writer)
  const reader = connect(path)
  const read = drizzle(reader, { schema: tables })
  const write = drizzle(writer, { schema: tables }) as unknown as Db
  const turn = turns()
  const append = sqliteAppend(writer)
  const tick = sqliteTick(writer)
  const judge = writer.prepare<[Millis]>('update judging set up_to = max(up_to, ?)')
  return {
    name: 'sqlite',
    t: tables as unknown as Tables,
    db: read as unknown as Db,
    tx: (work) =>
      turn(async () => {
        writer.exec('BEGIN IMMEDIATE')
        try {
          const result = await work(write, tick)
          writer.exec('COMMIT')
          return result
        } catch (error) {
          if (writer.inTransaction) writer.exec('ROLLBACK')
          throw error
        }
      }),
    write: (statement) => turn(() => statement(write)),
    claiming: (query) => query,
    holding: (query) => query,
    // Transactions take turns here anyway.
    alone: async () => undefined,
    byBytes: (column) => sql`${column}`,
    lists: async <T extends unknown[]>(query: SQL) => read.values<T>(query),
    append: (rows) => turn(() => append(rows)),
    clock: async () => null,
    connections: () => null,
    server: async () => `SQLite ${sqliteVersion(reader)}`,
    judgeUpTo: (horizon) => turn(() => void judge.run(horizon)),
    partitions: null,
    // The index that knows them is of the rows themselves.
    freeIds: async () => undefined,
    close: () =>
      turn(() => {
        reader.close()
        writer.close()
        lock.close()
      }),
  }
}

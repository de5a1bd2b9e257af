import type { SQL } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { AnyPgColumn, AnyPgTable } from 'drizzle-orm/pg-core'
import type { Millis } from '../domain/time.ts'
import type { Tables } from './tables.ts'
import type { Tick } from './tick.ts'

/** Queries are written against this; SQLite's drizzle speaks the part of it that the queries use. */
export type Db = NodePgDatabase<Record<string, never>>

/** An affirmation on its way to disk. `isNews`: the evaluator must look at it for itself, even if nothing of its time has been judged. */
export type Row = {
  eventId: number
  /** The name or key that it was affirmed by: an event that is called otherwise by now is not the one that was meant. */
  name: string
  envId: number
  at: number
  status: number
  source: string
  value: string | null
  clientId: string | null
  isNews: boolean
}

/** `gone`: its event was deleted or renamed meanwhile; nothing was stored. */
export type Appended = 'stored' | 'duplicate' | 'gone'

/** All that differs between the engines. */
export type Engine = {
  name: 'sqlite' | 'postgresql'
  t: Tables
  /** For reads. */
  db: Db
  /** All or nothing, one after the other on SQLite. Nothing but calls on `db` inside. */
  tx<T>(work: (db: Db, tick: Tick) => Promise<T>): Promise<T>
  /** One statement that is a transaction of its own, in its turn on SQLite. */
  write<T>(statement: (db: Db) => Promise<T>): Promise<T>
  /** Takes the rows for this transaction alone and passes over those that another one has taken (SQLite has no other one). */
  claiming<Q>(query: Q): Q
  /** Takes the rows for this transaction alone, after whoever has them: what is read of them then is not changed by others before we write. */
  holding<Q>(query: Q): Q
  /** Until the transaction ends nobody else writes to the table; reading goes on. */
  alone(db: Db, table: AnyPgTable): Promise<void>
  /** Text sorted and compared by its bytes, the same on both engines. */
  byBytes(column: AnyPgColumn): SQL
  /** Rows of a query written by hand, each a list of its columns: naming them takes SQLite's driver longer than reading them. For reads. */
  lists<T extends unknown[]>(query: SQL): Promise<T[]>
  /** Stores all rows in one transaction, committed to disk when it resolves; one answer a row. */
  append(rows: readonly Row[]): Promise<Appended[]>
  /** See `Store.clock`, `Store.connections` and `Store.server`. */
  clock(): Promise<Millis | null>
  connections(): { idle: number; busy: number; waiting: number } | null
  server(): Promise<string>
  /** See `Store.judgeUpTo`. */
  judgeUpTo(horizon: Millis): Promise<void>
  /** Null where affirmations lie in one table, and old ones are deleted row by row. */
  partitions: {
    /** Makes the parts that affirmations of around `at` go to, so that nobody waits for that later. */
    makeRoom(at: Millis): Promise<void>
    /** One step: drops a part in which all are older than `before`, or forgets up to `limit` of their client ids. False when nothing is left to do. */
    dropOld(before: Millis, limit: number): Promise<boolean>
  } | null
  /** These client ids of the event may come again: their affirmations were deleted in the same transaction. */
  freeIds(db: Db, event: number, taken: readonly { envId: number; clientId: string }[]): Promise<void>
  close(): Promise<void>
}

/** The database cannot be used as it is; the message says why and what to do. */
export class Refusal extends Error {}
/** The database was made by a newer program than this one. */
export class TooNew extends Refusal {}
/** The database cannot be reached, or is none. */
export class CannotOpen extends Refusal {}
/** Another program uses this database and it cannot be shared. */
export class InUse extends Refusal {}

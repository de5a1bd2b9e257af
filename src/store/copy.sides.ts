import type { Cell, CopiedRow, CopiedTable } from './copy.tables.ts'

/** Of each table how many rows there are, and a sum of each column. */
export type Digest = Record<string, { rows: number; sums: readonly Cell[] }>

/** How far a table has come. */
export type Reached = { rows: number; after: readonly number[] | null }

/** Of each table that gives ids the highest one that it ever gave. */
export type Counters = Record<string, number>

/** A database that is copied from. While it is open nobody else can start to use it. */
export type Source = {
  digest(): Promise<Digest>
  counters(): Promise<Counters>
  /** All rows after the given key in the order of their keys, some at a time. */
  rows(table: CopiedTable, after: readonly number[] | null): AsyncIterable<CopiedRow[]>
  /** A number that only who uses the same database finds taken; null where that is seen otherwise. */
  mark: number | null
  close(): Promise<void>
}

/** What an earlier try has left: of what source (see `copy.ts`), and how far it came. */
export type Begun = { source: string; reached: Readonly<Record<string, Reached>> }

/** A database that is copied into. While it is open nobody else can start to use it, nor before it is finished. */
export type Target = {
  /** Null: nothing is there yet. */
  begun(): Promise<Begun | null>
  /** Makes the tables, without indexes. */
  begin(source: string): Promise<void>
  /** Stores the rows and how far the table has come in one transaction. */
  write(table: CopiedTable, rows: readonly CopiedRow[], reached: Reached): Promise<void>
  /** Makes the indexes that are not there yet. */
  index(): Promise<void>
  digest(): Promise<Digest>
  /** From now on it is a database like any other. */
  finish(counters: Counters): Promise<void>
  close(): Promise<void>
}

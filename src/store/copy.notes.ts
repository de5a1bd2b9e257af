import type { Begun, Reached } from './copy.sides.ts'

/** The table that is there from the first row of a copy to its last: how far it came, for the next try. */
export const COPYING = 'copying'

/** One row a table that has been begun, one for the source and one for the indexes still to be made. */
export const NOTES = `create table ${COPYING} (name text primary key, state text not null)`
export type Noted = { name: string; state: string }
export type Index = { name: string; sql: string }

export const notesIn = (rows: readonly Noted[]): Map<string, unknown> =>
  new Map(rows.map(({ name, state }) => [name, JSON.parse(state)]))

/** What an earlier try has noted. */
export function begunBy(notes: ReadonlyMap<string, unknown>): Begun {
  const { source, indexes, ...reached } = Object.fromEntries(notes)
  return { source: String(source), reached: reached as Record<string, Reached> }
}

import type Database from 'better-sqlite3'

/** Ten characters, as a host name may have. */
export const SOURCE = 'web-server'

/** better-sqlite3's own prepared insert, nothing else. */
export function prepareInsert(db: Database.Database): (row: { event: number; at: number }) => void {
  const insert = db.prepare<[number, number, string]>(
    'insert into affirmations (event_id, env_id, at, status, source) values (?, 1, ?, 0, ?)',
  )
  return ({ event, at }) => void insert.run(event, at, SOURCE)
}

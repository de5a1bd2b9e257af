import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { begunBy, COPYING, type Index, NOTES, type Noted, notesIn } from './copy.notes.ts'
import type { Counters, Digest, Source, Target } from './copy.sides.ts'
import { type Cell, COPIED, type CopiedTable, digestOf, isCounted } from './copy.tables.ts'
import { InUse, Refusal } from './engine.ts'
import { refuseNewer, refuseOlder, refuseUnfinished } from './migrations.ts'
import { rowsOf } from './sqlite.rows.ts'
import { connect, hasTable, lastMigration, lockOut, migrateTables } from './sqlite.ts'

function lockForCopy(path: string): Database.Database {
  try {
    return lockOut(path)
  } catch (error) {
    throw error instanceof InUse
      ? new InUse(`Another copy, or a server, is using ${path}. Wait for it, or stop it first.`)
      : error
  }
}

function digest(db: Database.Database): Digest {
  const entries = COPIED.map((table) => {
    const [rows, ...sums] = db.prepare<[], Cell[]>(digestOf(table)).raw().get() ?? []
    return [table.name, { rows: Number(rows), sums }] as const
  })
  return Object.fromEntries(entries)
}

function counters(db: Database.Database): Counters {
  const given = db.prepare<[], { name: string; seq: number }>('select name, seq from sqlite_sequence').all()
  const last = db.prepare<[], { id: number | null }>('select max(id) as id from affirmations').get()?.id ?? 0
  return { ...Object.fromEntries(given.map(({ name, seq }) => [name, seq])), affirmations: last }
}

/** The database file, to be copied from: it is only read. Throws a `Refusal`, or the driver's error. */
export async function sqliteSource(file: string): Promise<Source> {
  const path = resolve(file)
  if (!existsSync(path)) throw new Refusal(`There is no file ${path}.`)
  const lock = lockForCopy(path)
  try {
    const db = new Database(path, { readonly: true })
    const last = lastMigration(db)
    if (last === null) throw new Refusal(`${path} is no database of affirmative.`)
    refuseNewer('sqlite', last)
    refuseUnfinished(hasTable(db, COPYING))
    refuseOlder('sqlite', last)
    return {
      mark: null,
      digest: async () => digest(db),
      counters: async () => counters(db),
      rows: (table, after) => rowsOf(db, table, after),
      close: async () => {
        db.close()
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    throw error
  }
}

/** Looks at what is there without touching it. */
function refuseFilled(path: string): void {
  if (!existsSync(path)) return
  const db = new Database(path, { readonly: true })
  try {
    const last = lastMigration(db)
    refuseNewer('sqlite', last)
    if (hasTable(db, COPYING)) {
      refuseOlder('sqlite', last)
      return
    }
    // A fresh database has one row there.
    const tables = COPIED.filter(({ name }) => name !== 'judging' && hasTable(db, name))
    const filled = tables.filter(({ name }) => db.prepare(`select 1 from ${name} limit 1`).get() !== undefined)
    if (filled.length > 0)
      throw new Refusal(
        `${path} is not empty: it has ${filled.map(({ name }) => name).join(', ')}. Nothing was changed; take another file.`,
      )
  } finally {
    db.close()
  }
}

const NOTE = `insert into ${COPYING} (name, state) values (?, ?) on conflict (name) do update set state = excluded.state`

function targetOn(db: Database.Database, lock: Database.Database): Target {
  const prepared = new Map<string, Database.Statement<Cell[]>>()
  const insertInto = ({ name, columns }: CopiedTable): Database.Statement<Cell[]> => {
    const known = prepared.get(name)
    if (known !== undefined) return known
    const made = db.prepare<Cell[]>(
      `insert into ${name} (${columns.map((column) => `"${column.name}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    )
    prepared.set(name, made)
    return made
  }
  const note = (name: string, state: unknown) => db.prepare(NOTE).run(name, JSON.stringify(state))
  const notes = () => notesIn(db.prepare<[], Noted>(`select name, state from ${COPYING}`).all())

  return {
    begun: async () => (hasTable(db, COPYING) ? begunBy(notes()) : null),

    begin: async (source) => {
      migrateTables(db)
      db.transaction(() => {
        const indexes = db
          .prepare<[], Index>("select name, sql from sqlite_master where type = 'index' and sql is not null")
          .all()
        for (const { name } of indexes) db.exec(`drop index ${name}`)
        db.exec('delete from judging')
        db.exec(NOTES)
        note('source', source)
        note('indexes', indexes)
      })()
    },

    write: async (table, rows, reached) => {
      const insert = insertInto(table)
      db.transaction(() => {
        for (const row of rows) insert.run(...row)
        note(table.name, reached)
      })()
    },

    index: async () => {
      for (const { name, sql } of notes().get('indexes') as Index[])
        if (db.prepare('select 1 from sqlite_master where name = ?').get(name) === undefined) db.exec(sql)
    },

    digest: async () => digest(db),

    finish: async (counters) => {
      // All that went before reaches the disk with this.
      db.pragma('synchronous = FULL')
      db.transaction(() => {
        for (const { name } of COPIED.filter(isCounted)) {
          db.prepare('delete from sqlite_sequence where name = ?').run(name)
          if (name !== 'affirmations')
            db.prepare('insert into sqlite_sequence (name, seq) values (?, ?)').run(name, counters[name] ?? 0)
        }
        db.exec(`drop table ${COPYING}`)
      })()
    },

    close: async () => {
      db.close()
      lock.close()
    },
  }
}

/** The database file, to be copied into. Throws a `Refusal`, or the driver's error, and then nothing was changed. */
export async function sqliteTarget(file: string): Promise<Target> {
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true })
  const lock = lockForCopy(path)
  try {
    refuseFilled(path)
    const db = connect(path)
    // A power cut may take the last pieces with the note of how far they came: the next try goes on before them.
    db.pragma('synchronous = NORMAL')
    db.pragma('cache_size = -128000')
    return targetOn(db, lock)
  } catch (error) {
    lock.close()
    throw error
  }
}

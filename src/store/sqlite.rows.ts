import type Database from 'better-sqlite3'
import { type Cell, type CopiedRow, type CopiedTable, isRow, placeOf, rowInWords, rowsAfter } from './copy.tables.ts'
import { Refusal } from './engine.ts'

const ROWS_AT_ONCE = 1_000
/** What the driver reads where there is no UTF-8, half a character for one. It may have been written as itself, too. */
const REPLACED = '\ufffd'

function refuseUnreadable(db: Database.Database, table: CopiedTable, row: CopiedRow): void {
  table.columns.forEach(({ name }, i) => {
    const cell = row[i]
    if (typeof cell !== 'string' || !cell.includes(REPLACED)) return
    const asked = `select cast("${name}" as blob) from ${table.name} where ${isRow(table, placeOf(table, row))}`
    const bytes = db.prepare<[], Buffer>(asked).pluck().get()
    if (bytes?.equals(Buffer.from(cell))) return
    throw new Refusal(
      `There is half a character in ${rowInWords(table, row)}: ${name} is no UTF-8. Mend or delete that row, and begin anew with an empty database.`,
    )
  })
}

/** Rows of a table after the given key, to be copied. Throws a `Refusal` for a text that cannot be read as it is. */
export async function* rowsOf(
  db: Database.Database,
  table: CopiedTable,
  from: readonly number[] | null,
): AsyncIterable<CopiedRow[]> {
  for (let after = from; ; ) {
    const rows = db
      .prepare<[], Cell[]>(`${rowsAfter(table, after)} limit ${ROWS_AT_ONCE}`)
      .raw()
      .all()
    const last = rows.at(-1)
    if (last === undefined) return
    for (const row of rows) refuseUnreadable(db, table, row)
    yield rows
    after = placeOf(table, last)
  }
}

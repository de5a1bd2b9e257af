import type pg from 'pg'
import { COPYING } from './copy.notes.ts'
import type { Target } from './copy.sides.ts'
import { type CopiedRow, type CopiedTable, rowInWords } from './copy.tables.ts'
import { Refusal } from './engine.ts'
import { arrayOf } from './postgres.arrays.ts'
import { dayOf, ensurePartitions } from './postgres.partitions.ts'

function refuseUnstorable(table: CopiedTable, rows: readonly CopiedRow[]): void {
  for (const row of rows) {
    const at = row.findIndex((cell) => typeof cell === 'string' && cell.includes('\0'))
    if (at === -1) continue
    throw new Refusal(
      `PostgreSQL cannot hold what is in ${rowInWords(table, row)}: ${table.columns[at]?.name} has a NUL in it. Mend or delete that row of the source, and begin anew with an empty database.`,
    )
  }
}

// One statement, so one transaction: rows go in by unnest, and with them how far the table has come.
function insertInto({ name, columns }: CopiedTable, more: string): string {
  const names = columns.map((column) => `"${column.name}"`).join(', ')
  const arrays = columns.map(({ kind }, i) => `$${i + 1}::${kind === 'text' ? 'text' : 'bigint'}[]`).join(', ')
  const values = columns.map((column) => (column.kind === 'boolean' ? `"${column.name}" <> 0` : `"${column.name}"`)).join(', ')
  return `with given as (
  select * from unnest(${arrays}) as g (${names})
), noted as (
  insert into ${COPYING} (name, state) values ('${name}', $${columns.length + 1})
  on conflict (name) do update set state = excluded.state
)${more}
insert into ${name} (${names}) select ${values} from given`
}

// PostgreSQL keeps client ids in a table of their own, and rows in partitions that have to be there.
const WITH_IDS = `, ids as (
  insert into client_ids (event_id, env_id, client_id, at)
  select event_id, env_id, client_id, at from given where client_id is not null
)`

/** Writes pieces of all tables. See `Target.write`. */
export function postgresPieces(pool: pg.Pool, client: pg.ClientBase): Target['write'] {
  const days = new Set<number>()

  const makeRoom = async (table: CopiedTable, rows: readonly CopiedRow[]): Promise<void> => {
    const at = table.columns.findIndex(({ name }) => name === 'at')
    const instants = rows.map((row) => Number(row[at])).filter((instant) => !days.has(dayOf(instant)))
    if (instants.length === 0) return
    await ensurePartitions(pool, instants)
    for (const instant of instants) days.add(dayOf(instant))
  }

  return async (table, rows, reached) => {
    refuseUnstorable(table, rows)
    const areAffirmations = table.name === 'affirmations'
    if (areAffirmations) await makeRoom(table, rows)
    const columns = table.columns.map((_, i) => arrayOf(rows.map((row) => row[i] ?? null)))
    await client.query({
      name: `copy ${table.name}`,
      text: insertInto(table, areAffirmations ? WITH_IDS : ''),
      values: [...columns, JSON.stringify(reached)],
    })
  }
}

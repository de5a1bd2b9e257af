import { randomInt } from 'node:crypto'
import type pg from 'pg'
import { begunBy, COPYING, type Index, NOTES, type Noted, notesIn } from './copy.notes.ts'
import type { Counters, Digest, Source, Target } from './copy.sides.ts'
import { type Cell, COPIED, type CopiedRow, type CopiedTable, digestOf, isCounted, rowsAfter } from './copy.tables.ts'
import { Refusal } from './engine.ts'
import { refuseNewer, refuseOlder, refuseUnfinished } from './migrations.ts'
import { type Connection, connect, lock, refuseInUse } from './postgres.alone.ts'
import { hasTable, lastMigration, migrateTables } from './postgres.migrate.ts'
import { postgresPieces } from './postgres.pieces.ts'

const ROWS_AT_ONCE = 1_000
async function digest(client: pg.ClientBase): Promise<Digest> {
  const found: Digest = {}
  for (const table of COPIED) {
    const { rows } = await client.query<Cell[]>({ text: digestOf(table), rowMode: 'array' })
    const [count, ...sums] = rows[0] ?? []
    found[table.name] = { rows: Number(count), sums }
  }
  return found
}

async function counters(client: pg.ClientBase): Promise<Counters> {
  const found: Counters = {}
  for (const { name } of COPIED.filter(isCounted)) {
    const { rows } = await client.query<{ id: number }>(
      `select case when is_called then last_value else 0 end as id from ${name}_id_seq`,
    )
    found[name] = rows[0]?.id ?? 0
  }
  return found
}

async function* rowsOf(client: pg.ClientBase, table: CopiedTable, after: readonly number[] | null): AsyncIterable<CopiedRow[]> {
  await client.query('begin transaction isolation level repeatable read read only')
  // Affirmations have no index in the order of their ids: they are sorted once.
  await client.query("set local work_mem = '64MB'")
  await client.query(`declare piece no scroll cursor for ${rowsAfter(table, after)}`)
  for (;;) {
    const { rows } = await client.query<Cell[]>({ text: `fetch ${ROWS_AT_ONCE} from piece`, rowMode: 'array' })
    if (rows.length === 0) break
    yield rows
  }
  await client.query('commit')
}

/** The database, to be copied from: it is only read. Throws a `Refusal`, or the driver's error. */
export async function postgresSource(url: string): Promise<Source> {
  const { client, close } = await connect(url)
  try {
    const last = await lastMigration(client)
    if (last === null) throw new Refusal('It is no database of affirmative.')
    refuseNewer('postgresql', last)
    refuseUnfinished(await hasTable(client, COPYING))
    refuseOlder('postgresql', last)
    await lock(client)
    await refuseInUse(client)
    const mark = randomInt(2 ** 47)
    await client.query('select pg_advisory_lock($1)', [mark])
    return {
      mark,
      digest: () => digest(client),
      counters: () => counters(client),
      rows: (table, after) => rowsOf(client, table, after),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Looks at what is there without touching it. */
async function refuseFilled(client: pg.ClientBase): Promise<void> {
  const last = await lastMigration(client)
  refuseNewer('postgresql', last)
  if (await hasTable(client, COPYING)) {
    refuseOlder('postgresql', last)
    return
  }
  if (await hasTable(client, 'listening')) await refuseInUse(client)
  const filled: string[] = []
  // A fresh database has one row in `judging`.
  for (const { name } of COPIED.filter(({ name }) => name !== 'judging'))
    if ((await hasTable(client, name)) && (await client.query(`select 1 from ${name} limit 1`)).rowCount !== 0) filled.push(name)
  if (filled.length > 0)
    throw new Refusal(`It is not empty: it has ${filled.join(', ')}. Nothing was changed; take an empty database.`)
}

const INDEXES = `select c.relname as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as sql
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
where t.relname = any ($1) and t.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid)`

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

function targetOn({ pool, client, close }: Connection): Target {
  const notes = async () => notesIn((await client.query<Noted>(`select name, state from ${COPYING}`)).rows)
  const note = (name: string, state: unknown) =>
    client.query(`insert into ${COPYING} (name, state) values ($1, $2)`, [name, JSON.stringify(state)])
  return {
    begun: async () => ((await hasTable(client, COPYING)) ? begunBy(await notes()) : null),

    begin: async (source) => {
      await migrateTables(client)
      await inTransaction(client, async () => {
        const { rows: indexes } = await client.query<Index>(INDEXES, [COPIED.map(({ name }) => name)])
        for (const { name } of indexes) await client.query(`drop index ${name}`)
        await client.query('delete from judging')
        await client.query(NOTES)
        await note('source', source)
        await note('indexes', indexes)
      })
    },

    write: postgresPieces(pool, client),

    index: async () => {
      for (const { name, sql } of (await notes()).get('indexes') as Index[])
        if (!(await hasTable(client, name))) await client.query(sql)
    },

    digest: () => digest(client),

    finish: async (counters) => {
      await client.query('set synchronous_commit = on')
      await inTransaction(client, async () => {
        for (const { name } of COPIED.filter(isCounted)) {
          const last = counters[name] ?? 0
          await client.query(`select setval('${name}_id_seq', $1, $2)`, [Math.max(last, 1), last > 0])
        }
        await client.query(`drop table ${COPYING}`)
      })
      // Nobody else ever does it for a table that lies in parts.
      await client.query('analyze')
    },

    close,
  }
}

/** The database, to be copied into. Throws a `Refusal`, or the driver's error, and then nothing was changed. `mark` is the source's. */
export async function postgresTarget(url: string, mark: number | null): Promise<Target> {
  const connection = await connect(url)
  const { client } = connection
  try {
    const { rows } = await client.query<{ isFree: boolean }>('select pg_try_advisory_lock($1) as "isFree"', [
      mark ?? randomInt(2 ** 47),
    ])
    if (rows[0]?.isFree !== true) throw new Refusal('It is the same database as that of --from.')
    await lock(client)
    await refuseFilled(client)
    // A crash of the database may take the last pieces with the note of how far they came: the next try goes on before them.
    await client.query('set synchronous_commit = off')
    return targetOn(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
}

import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Db, Engine } from './engine.ts'
import { postgresAppend, postgresJudging } from './postgres.append.ts'
import { migrateAlone } from './postgres.migrate.ts'
import { postgresPartitions } from './postgres.partitions.ts'
import { postgresTick } from './postgres.tick.ts'
import * as tables from './tables.postgres.ts'
import type { Tick } from './tick.ts'

const INT8 = 20
// All our bigints are milliseconds, counts and ids: safe integers. For the whole program, as drizzle asks the driver's own list.
pg.types.setTypeParser(INT8, Number)

/** A connection that failed is not used again: nobody knows what state it is in. */
async function inTransaction<T>(pool: pg.Pool, work: (db: Db, tick: Tick) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let trouble: Error | undefined
  try {
    await client.query('begin')
    const result = await work(drizzle(client, { schema: tables }) as unknown as Db, postgresTick(client))
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      trouble = failure
    })
    throw error
  } finally {
    client.release(trouble)
  }
}

/** Opens (and migrates) the database. `onTrouble` hears of idle connections that break; the pool makes new ones. */
export async function openPostgres(url: string, onTrouble: (error: Error) => void): Promise<Engine> {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 })
  pool.on('error', onTrouble)
  try {
    await migrateAlone(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  const db: Db = drizzle(pool, { schema: tables }) as unknown as Db
  return {
    name: 'postgresql',
    t: tables,
    db,
    tx: (work) => inTransaction(pool, work),
    write: (statement) => statement(db),
    claiming: (query) =>
      (query as { for(strength: 'update', how: { skipLocked: true }): typeof query }).for('update', { skipLocked: true }),
    holding: (query) => (query as { for(strength: 'update'): typeof query }).for('update'),
    byBytes: (column) => sql`${column} collate "C"`,
    lists: async <T extends unknown[]>(query: SQL) => (await db.execute(query)).rows.map((row) => Object.values(row) as T),
    append: postgresAppend(pool),
    judgeUpTo: postgresJudging(pool),
    partitions: postgresPartitions(pool),
    freeIds: async (db, event, taken) => {
      if (taken.length === 0) return
      const lists = [taken.map(({ envId }) => envId), taken.map(({ clientId }) => clientId)].map((list) => sql.param(list))
      await db.execute(
        sql`delete from client_ids where event_id = ${event} and (env_id, client_id) in (select * from unnest(${lists[0]}::bigint[], ${lists[1]}::text[]))`,
      )
    },
    close: () => pool.end(),
  }
}

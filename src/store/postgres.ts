import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Db, Engine } from './engine.ts'
import { postgresAppend, postgresJudging } from './postgres.append.ts'
import { hearing, inTransaction } from './postgres.connections.ts'
import { longestConnect, migrateAlone } from './postgres.migrate.ts'
import { postgresPartitions } from './postgres.partitions.ts'
import { postgresTick } from './postgres.tick.ts'
import * as tables from './tables.postgres.ts'

const INT8 = 20
/** Milliseconds. */
const LONGEST_STATEMENT = 8_000
const LONGEST_SILENCE = 10_000
const CONNECTIONS = 8
const CONNECTIONS_TO_STORE = 3
// All our bigints are milliseconds, counts and ids: safe integers. For the whole program, as drizzle asks the driver's own list.
pg.types.setTypeParser(INT8, Number)

/**
 * Connections that never make anybody wait without an end. The server gives a statement up after {@link LONGEST_STATEMENT}, and a transaction
 * whose node has gone silent soon after: what it held is free for others. We give one up a little later, should the network not say a word.
 */
function aPool(url: string, max: number, onTrouble: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: longestConnect(url),
    query_timeout: LONGEST_STATEMENT + 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    onConnect: async (client: pg.ClientBase) => {
      await client.query(
        `set statement_timeout = ${LONGEST_STATEMENT}; set idle_in_transaction_session_timeout = ${LONGEST_SILENCE}`,
      )
    },
  })
  return hearing(pool, onTrouble)
}

/** Opens (and migrates) the database. `onTrouble` hears of idle connections that break; the pool makes new ones. */
export async function openPostgres(url: string, onTrouble: (error: Error) => void): Promise<Engine> {
  await migrateAlone(url)
  const pool = aPool(url, CONNECTIONS, onTrouble)
  // Storing and listening have connections of their own: no number of slow readers keeps them waiting.
  const storing = aPool(url, CONNECTIONS_TO_STORE, onTrouble)
  const db: Db = drizzle(pool, { schema: tables }) as unknown as Db
  const store: Db = drizzle(storing, { schema: tables }) as unknown as Db
  return {
    name: 'postgresql',
    t: tables,
    db,
    tx: (work) =>
      inTransaction(pool, (client) => work(drizzle(client, { schema: tables }) as unknown as Db, postgresTick(client))),
    write: (statement) => statement(store),
    claiming: (query) =>
      (query as { for(strength: 'update', how: { skipLocked: true }): typeof query }).for('update', { skipLocked: true }),
    holding: (query) => (query as { for(strength: 'update'): typeof query }).for('update'),
    alone: async (db, table) => {
      await db.execute(sql`lock table ${table} in share row exclusive mode`)
    },
    byBytes: (column) => sql`${column} collate "C"`,
    lists: async <T extends unknown[]>(query: SQL) => (await db.execute(query)).rows.map((row) => Object.values(row) as T),
    append: postgresAppend(storing),
    clock: async () => {
      const { rows } = await storing.query<{ now: number }>(
        'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
      )
      return rows[0]?.now ?? null
    },
    connections: () => {
      const pools = [pool, storing]
      const sum = (of: (pool: pg.Pool) => number) => pools.reduce((all, one) => all + of(one), 0)
      const idle = sum(({ idleCount }) => idleCount)
      return { idle, busy: sum(({ totalCount }) => totalCount) - idle, waiting: sum(({ waitingCount }) => waitingCount) }
    },
    server: async () => {
      const { rows } = await pool.query<{ server_version: string }>('show server_version')
      return `PostgreSQL ${rows[0]?.server_version ?? ''}`
    },
    judgeUpTo: postgresJudging(storing),
    partitions: postgresPartitions(pool),
    freeIds: async (db, event, taken) => {
      if (taken.length === 0) return
      const lists = [taken.map(({ envId }) => envId), taken.map(({ clientId }) => clientId)].map((list) => sql.param(list))
      await db.execute(
        sql`delete from client_ids where event_id = ${event} and (env_id, client_id) in (select * from unnest(${lists[0]}::bigint[], ${lists[1]}::text[]))`,
      )
    },
    close: async () => {
      await Promise.all([pool.end(), storing.end()])
    },
  }
}

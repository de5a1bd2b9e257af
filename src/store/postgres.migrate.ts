import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { COPYING } from './copy.notes.ts'
import { migrationsOf, refuseNewer, refuseUnfinished } from './migrations.ts'

/** Any number, the same for all programs that use the database: whoever holds it migrates or copies, the others wait. */
export const MIGRATION_LOCK = 5_123_000_001

/** Milliseconds. */
const LONGEST_CONNECT = 4_000

/** How long a connection may take to be had, in milliseconds: `connect_timeout` of the URL says it in seconds, as for all of PostgreSQL's clients. */
export function longestConnect(url: string): number {
  const seconds = Number(new URL(url).searchParams.get('connect_timeout'))
  return seconds > 0 ? seconds * 1_000 : LONGEST_CONNECT
}

/** Is there a table of this name? */
export async function hasTable(client: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ t: string | null }>('select to_regclass($1)::text as t', [name])
  return rows[0]?.t != null
}

/** When the last migration that it has seen was made; null for none. */
export async function lastMigration(client: pg.ClientBase): Promise<number | null> {
  if (!(await hasTable(client, 'drizzle.__drizzle_migrations'))) return null
  const { rows } = await client.query<{ last: number | null }>('select max(created_at) as last from drizzle.__drizzle_migrations')
  return rows[0]?.last ?? null
}

/** Brings the tables up to date. Whoever calls this holds the lock. */
export const migrateTables = (client: pg.Client | pg.PoolClient): Promise<void> =>
  migrate(drizzle(client), { migrationsFolder: migrationsOf('postgresql') })

/**
 * Brings the tables up to date while nobody else does; refuses what a newer program or half a copy has left. On a connection of its own,
 * without limits: an index over a billion rows takes its time, and other nodes wait for it.
 */
export async function migrateAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: longestConnect(url), keepAlive: true })
  // A connection that breaks is told by the statement that runs on it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    refuseNewer('postgresql', await lastMigration(client))
    refuseUnfinished(await hasTable(client, COPYING))
    await migrateTables(client)
  } finally {
    // The lock goes with the connection.
    await client.end().catch(() => undefined)
  }
}

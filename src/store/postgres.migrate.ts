import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import { COPYING } from './copy.notes.ts'
import { migrationsOf, refuseNewer, refuseUnfinished } from './migrations.ts'

/** Any number, the same for all programs that use the database: whoever holds it migrates or copies, the others wait. */
export const MIGRATION_LOCK = 5_123_000_001

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
export const migrateTables = (client: pg.PoolClient): Promise<void> =>
  migrate(drizzle(client), { migrationsFolder: migrationsOf('postgresql') })

/** Brings the tables up to date while nobody else does; refuses what a newer program or half a copy has left. */
export async function migrateAlone(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    refuseNewer('postgresql', await lastMigration(client))
    refuseUnfinished(await hasTable(client, COPYING))
    await migrateTables(client)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined)
    client.release()
  }
}

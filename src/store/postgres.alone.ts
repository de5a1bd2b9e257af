import pg from 'pg'
import { InUse } from './engine.ts'
import { hearing, LOCK_NOT_AVAILABLE } from './postgres.connections.ts'
import { longestConnect, MIGRATION_LOCK } from './postgres.migrate.ts'

/** A copy that was killed gives its lock free when its last statement has ended. */
const LONGEST_WAIT = '10s'
/** Whoever listened that lately may still do so: servers stretch their spans every five seconds. */
const LATELY = 30_000

/** `client` keeps its locks until it is closed. */
export type Connection = { pool: pg.Pool; client: pg.PoolClient; close(): Promise<void> }

/** Connects for the length of a copy. Throws the driver's error. */
export async function connect(url: string): Promise<Connection> {
  const options = { connectionString: url, max: 2, connectionTimeoutMillis: longestConnect(url), keepAlive: true }
  // What breaks is told by the query that waits for it.
  const pool = hearing(new pg.Pool(options), () => undefined)
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  const close = async () => {
    // Its locks end with it.
    client.release(true)
    await pool.end()
  }
  return { pool, client, close }
}

/** Nobody else migrates, starts on it or copies while the client is connected. */
export async function lock(client: pg.ClientBase): Promise<void> {
  await client.query(`set lock_timeout = '${LONGEST_WAIT}'`)
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]).catch((error: { code?: string }) => {
    throw error.code === LOCK_NOT_AVAILABLE ? new InUse('Another copy, or a server that starts, is at work on it.') : error
  })
  // An index over a billion rows takes its time.
  await client.query('set lock_timeout = 0; set statement_timeout = 0')
}

/** Refuses a database that a server may be using, by the database's clock. */
export async function refuseInUse(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ rest: number | null }>(
    `select ceil((max(span_to) + ${LATELY} - extract(epoch from clock_timestamp()) * 1000) / 1000)::int as rest from listening`,
  )
  const rest = rows[0]?.rest ?? 0
  if (rest > 0)
    throw new InUse(`A server used it until a moment ago. Stop every server that uses it, and try again in ${rest} seconds.`)
}

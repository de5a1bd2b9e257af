import pg from 'pg'

/** PostgreSQL's code for a lock that was not to be had in time. */
export const LOCK_NOT_AVAILABLE = '55P03'

/**
 * The pool, with somebody who hears of idle connections that break, until it is ended. One that breaks while it is used tells whoever uses it;
 * unheard, it would end the program.
 */
export function hearing(pool: pg.Pool, onTrouble: (error: Error) => void): pg.Pool {
  pool.on('error', (error) => {
    if (!pool.ending) onTrouble(error)
  })
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** The server itself refused: the connection is sound and can be used again. */
const isAnswer = (error: unknown): boolean => error instanceof pg.DatabaseError

/** A connection that failed is not used again: nobody knows what state it is in. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let trouble: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    if (!isAnswer(error)) trouble = error instanceof Error ? error : new Error(String(error))
    else
      await client.query('rollback').catch((failure: Error) => {
        trouble = failure
      })
    throw error
  } finally {
    client.release(trouble)
  }
}

import type pg from 'pg'
import { DAY, iso, type Millis } from '../domain/time.ts'
import type { Engine } from './engine.ts'
import { inTransaction, LOCK_NOT_AVAILABLE } from './postgres.connections.ts'

/** Any number, the same for all programs that use the database: whoever holds it makes partitions, the others wait. */
const PARTITION_LOCK = 5_123_000_002
/** So long may the dropping of a day wait for those who read it; everybody else waits behind it. */
const LONGEST_WAIT = '1s'

/** A part of `affirmations`: those of `[from, to)`. `from` is null where it reaches back without an end. */
type Partition = { name: string; from: Millis | null; to: Millis }

const LISTED = `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'affirmations'::regclass`
const BOUNDS = /FROM \((?:'(-?\d+)'|MINVALUE)\) TO \('(-?\d+)'\)/

async function partitions(client: pg.ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<{ name: string; bounds: string }>(LISTED)
  return rows.flatMap(({ name, bounds }) => {
    const [, from, to] = BOUNDS.exec(bounds) ?? []
    return to === undefined ? [] : [{ name, from: from === undefined ? null : Number(from), to: Number(to) }]
  })
}

/** The first instant of its day. */
export const dayOf = (at: Millis): Millis => Math.floor(at / DAY) * DAY
/** `affirmations_2026_11_21`. */
const nameOf = (day: Millis): string => `affirmations_${iso(day).split('T')[0]?.replace(/\W/g, '_')}`

const alone = <T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK])
    return work(client)
  })

/** Makes the partitions of the days of these instants where there is none. Any number of nodes may do it at once. */
export async function ensurePartitions(pool: pg.Pool, instants: readonly Millis[]): Promise<void> {
  const days = [...new Set(instants.map(dayOf))]
  await alone(pool, async (client) => {
    const there = await partitions(client)
    for (const day of days) {
      if (there.some(({ from, to }) => (from === null || from <= day) && day < to)) continue
      const name = nameOf(day)
      // Attached rather than made as a part: nobody who reads or writes the others waits for it.
      await client.query(`create table ${name} (like affirmations including defaults including indexes)`)
      await client.query(`alter table affirmations attach partition ${name} for values from (${day}) to (${day + DAY})`)
    }
  })
}

/** Drops one partition that holds only affirmations of before `before`. False when there is none, or when readers hold it for now. */
export const dropPartition = (pool: pg.Pool, before: Millis): Promise<boolean> =>
  alone(pool, async (client) => {
    const old = (await partitions(client)).find(({ to }) => to <= before)
    if (old === undefined) return false
    await client.query(`set local lock_timeout = '${LONGEST_WAIT}'`)
    await client.query(`drop table ${old.name}`)
    return true
  }).catch((error: { code?: string }) => {
    if (error.code !== LOCK_NOT_AVAILABLE) throw error
    return false
  })

const FORGET = `delete from client_ids where ctid = any (array(select ctid from client_ids where at < $1 limit $2))`

/** What is done with the parts of `affirmations` as time goes by. See `Engine.partitions`. */
export const postgresPartitions = (pool: pg.Pool): NonNullable<Engine['partitions']> => {
  let lastDay = Number.NEGATIVE_INFINITY
  return {
    makeRoom: async (at) => {
      if (dayOf(at) === lastDay) return
      await ensurePartitions(pool, [at, at + DAY])
      lastDay = dayOf(at)
    },
    dropOld: async (before, limit) => {
      if (await dropPartition(pool, before)) return true
      const { rowCount } = await pool.query({ name: 'forget ids', text: FORGET, values: [dayOf(before), limit] })
      return (rowCount ?? 0) > 0
    },
  }
}

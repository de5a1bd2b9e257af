import { and, eq, inArray, sql } from 'drizzle-orm'
import { OK, WITHDRAWN, type Withdrawn } from '../domain/affirmation.ts'
import { iso } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import type { Store, Withdrawal } from './store.ts'
import type { Tables } from './tables.ts'

/** By the affirmation's number: the status that it had, and who took it back. */
export type Withdrawals = ReadonlyMap<number, { was: number; withdrawn: Withdrawn }>

type Kept = Pick<Tables['affirmations']['$inferSelect'], 'id' | 'eventId' | 'status'>

/** Of those of these rows that were withdrawn; hardly ever there is one to ask for. */
export async function withdrawalsOf({ t: { withdrawals: w }, db }: Engine, rows: readonly Kept[]): Promise<Withdrawals> {
  const taken = rows.filter(({ status }) => status === WITHDRAWN)
  const [first] = taken
  if (first === undefined) return new Map()
  const ids = taken.map(({ id }) => id)
  const found = await db
    .select()
    .from(w)
    .where(and(eq(w.eventId, first.eventId), inArray(w.affirmationId, ids)))
  return new Map(
    found.map((row) => [row.affirmationId, { was: row.status, withdrawn: { by: row.withdrawnBy, at: row.withdrawnAt } }]),
  )
}

/** The number says all: whoever finds it as `ok` wins, and from then on no query counts it. */
async function takeBack(db: Db, { affirmations: a, environments: n }: Tables, { event, env, at, id }: Withdrawal) {
  const envId = sql`(select env.id from ${n} env where env.name = ${env})`
  const [row] = await db
    .update(a)
    .set({ status: WITHDRAWN })
    .where(and(eq(a.eventId, event.id), eq(a.envId, envId), eq(a.at, at), eq(a.id, id), eq(a.status, OK)))
    .returning({ envId: a.envId, source: a.source })
  return row
}

/** See `Store.withdraw`. */
export function withdrawalStore({ t, tx }: Engine): Pick<Store, 'withdraw'> {
  const { withdrawals: w, news } = t
  return {
    withdraw: (asked) =>
      tx(async (db) => {
        const { event, env, at, id, source: withdrawnBy, by, now } = asked
        const row = await takeBack(db, t, asked)
        if (row === undefined) return false
        const of = { eventId: event.id, envId: row.envId, at }
        await db.insert(w).values({ ...of, affirmationId: id, status: OK, withdrawnBy, withdrawnAt: now })
        // Always news, judged or not: who settles it holds the expectations, and so sees every verdict that still counted this one. Nobody
        // has to wait for those who judge right now.
        await db.insert(news).values({ ...of, status: WITHDRAWN, source: row.source })
        const snapshot = { env, at: iso(at), source: row.source }
        const before = { ...snapshot, status: 'ok' }
        const after = { ...snapshot, status: 'withdrawn' }
        await noteChange(db, t, { at: now, by, action: 'affirmation.withdraw', subject: event.name, before, after })
        return true
      }),
  }
}

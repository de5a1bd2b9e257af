import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import { WITHDRAWN } from '../domain/affirmation.ts'
import type { Millis } from '../domain/time.ts'
import type { Db, Engine } from './engine.ts'

/**
 * One short write inside a transaction: deletes up to `limit` of the event's affirmations, of before `before` if that is given, in the order of
 * their index – by id they are not found where they are partitioned. Their client ids may come again. Resolves to how many.
 */
export async function clearSome(
  { t: { affirmations: a, withdrawals: w }, freeIds }: Engine,
  db: Db,
  event: number,
  before: Millis | null,
  limit: number,
): Promise<number> {
  const these = and(eq(a.eventId, event), before === null ? undefined : lt(a.at, before))
  const [last] = await db
    .select({ envId: a.envId, at: a.at, id: a.id })
    .from(a)
    .where(these)
    .orderBy(asc(a.envId), asc(a.at), asc(a.id))
    .limit(1)
    .offset(limit - 1)
  const upTo = last === undefined ? undefined : sql`(${a.envId}, ${a.at}, ${a.id}) <= (${last.envId}, ${last.at}, ${last.id})`
  const gone = await db
    .delete(a)
    .where(and(these, upTo))
    .returning({ id: a.id, envId: a.envId, clientId: a.clientId, status: a.status })
  const taken = gone.flatMap(({ envId, clientId }) => (clientId === null ? [] : [{ envId, clientId }]))
  await freeIds(db, event, taken)
  const withdrawn = gone.flatMap(({ id, status }) => (status === WITHDRAWN ? [id] : []))
  if (withdrawn.length > 0) await db.delete(w).where(and(eq(w.eventId, event), inArray(w.affirmationId, withdrawn)))
  return gone.length
}

import { and, asc, eq, lt, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Db, Engine } from './engine.ts'

/**
 * One short write inside a transaction: deletes up to `limit` of the event's affirmations, of before `before` if that is given, in the order of
 * their index – by id they are not found where they are partitioned. Their client ids may come again. Resolves to how many.
 */
export async function clearSome(
  { t: { affirmations: a }, freeIds }: Engine,
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
  const gone = await db.delete(a).where(and(these, upTo)).returning({ envId: a.envId, clientId: a.clientId })
  const taken = gone.flatMap(({ envId, clientId }) => (clientId === null ? [] : [{ envId, clientId }]))
  await freeIds(db, event, taken)
  return gone.length
}

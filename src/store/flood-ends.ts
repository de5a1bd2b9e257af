import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

/** A flood whose first message will never arrive ends with it: nobody knows of its members, and who is missed next is not told by it. */
export async function endUntoldFloods(db: Db, { floods: f, tellings: g }: Tables, channel: number, at: Millis): Promise<void> {
  const isUntold = sql`exists (select 1 from deliveries o where o.flood_id = ${f.id} and o.kind = 'flood' and o.state in ('withheld', 'failed'))`
  const ended = await db
    .update(f)
    .set({ overAt: sql`coalesce(${f.overAt}, ${at})`, endedAt: at })
    .where(and(eq(f.channelId, channel), isNull(f.endedAt), isUntold))
    .returning({ id: f.id })
  for (const { id } of ended) await db.delete(g).where(eq(g.floodId, id))
}

/** What was to be told of the end of floods will be withheld: they are to end once more. */
export async function reopenFloods(db: Db, { floods: f }: Tables, channel: number): Promise<void> {
  const isToBeTold = (kind: 'flood-over' | 'flood-recovered') =>
    sql`exists (select 1 from deliveries o where o.flood_id = ${f.id} and o.kind = ${kind} and o.state = 'waiting')`
  await db
    .update(f)
    .set({ endedAt: null })
    .where(and(eq(f.channelId, channel), isToBeTold('flood-recovered')))
  const isAlone = sql`not exists (select 1 from floods n where n.channel_id = ${channel} and (n.over_at is null or n.id > ${f.id}))`
  await db
    .update(f)
    .set({ overAt: null, endedAt: null })
    .where(and(eq(f.channelId, channel), isToBeTold('flood-over'), isAlone))
}

import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Duration, Millis } from '../domain/time.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

/** What comes in one go is told in one go: so long the first message of a flood waits for the rest. */
export const GATHERING: Duration = 10_000

async function end(db: Db, { floods: f }: Tables, which: SQL, at: Millis): Promise<void> {
  await db
    .update(f)
    .set({ overAt: sql`coalesce(${f.overAt}, ${at})`, endedAt: at })
    .where(and(which, isNull(f.endedAt)))
}

/** All floods of a channel that is gone. */
export const endFloods = (db: Db, t: Tables, channel: number, at: Millis): Promise<void> =>
  end(db, t, eq(t.floods.channelId, channel), at)

/** Messages of floods that name their members. */
const NAMES = sql`o.flood_id = floods.id and o.kind in ('flood', 'flood-over')`

/**
 * Messages of this channel's floods will never arrive: whom only they name is known to nobody. A flood of which nothing arrived ends with it, and who is
 * missed next is not told by it.
 */
export async function forgetUntold(db: Db, t: Tables, channel: number, at: Millis): Promise<void> {
  const { floods: f, tellings: g } = t
  const lost = sql`exists (select 1 from deliveries o where ${NAMES} and o.state in ('withheld', 'failed'))`
  const isNoneOnItsWay = sql`not exists (select 1 from deliveries o where ${NAMES} and o.state = 'waiting')`
  // Written when the first one joined, and composed when the others had.
  const toldUntil = sql<
    number | null
  >`(select max(o.created_at) + max(case when o.kind = 'flood' then ${GATHERING} else 0 end) from deliveries o where ${NAMES} and o.state = 'sent')`
  const rows = await db
    .select({ id: f.id, toldUntil })
    .from(f)
    .where(and(eq(f.channelId, channel), isNull(f.endedAt), lost, isNoneOnItsWay))
  for (const { id, toldUntil } of rows)
    if (toldUntil !== null) await db.delete(g).where(and(eq(g.floodId, id), gt(g.since, Number(toldUntil))))
  const untold = rows.filter(({ toldUntil }) => toldUntil === null).map(({ id }) => id)
  if (untold.length === 0) return
  await end(db, t, inArray(f.id, untold), at)
  await db.delete(g).where(inArray(g.floodId, untold))
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

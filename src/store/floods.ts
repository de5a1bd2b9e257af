import { and, asc, eq, gte, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Delivery } from '../domain/delivery.ts'
import { WITH_OTHERS } from '../domain/gate.ts'
import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import { toDelivery, toFlood } from './delivery-rows.ts'
import type { Db, Engine } from './engine.ts'
import { GATHERING } from './flood-ends.ts'
import { ofThisTry } from './outbox.ts'
import { addDeliveries, newRow } from './owing.ts'
import type { TellingStore } from './store.telling.ts'

type Dampers = Pick<
  TellingStore,
  'missesSince' | 'joinFlood' | 'settleFloods' | 'floodMembers' | 'findFlood' | 'heldDeliveries' | 'liftDelivery'
>

/** Rows written in one statement. */
const AT_ONCE = 200

/** A flood that goes on for long is told again, with all that came, no more often than this. */
const BETWEEN_MESSAGES: Duration = 5 * MINUTE

type Told = { tellAt: number | null; remindEvery: number | null; inNoHands: number }

/** More were missed since the last message of a flood that goes on. */
const moreOf = ({ lastAt }: { lastAt: Millis }, { tellAt }: Told, at: Millis): 'flood' | null =>
  tellAt !== null && at - tellAt >= BETWEEN_MESSAGES && lastAt > tellAt + GATHERING ? 'flood' : null

/** One that is over is reminded of as a whole, while somebody should look at any of it. */
const reminderOf = ({ tellAt, remindEvery, inNoHands }: Told, at: Millis): 'flood-over' | null =>
  tellAt !== null && remindEvery !== null && inNoHands > 0 && at - tellAt >= remindEvery ? 'flood-over' : null

/** See `TellingStore`. */
export function dampingStore({ t, db, tx }: Engine): Dampers {
  const { deliveries: d, floods: f, tellings: g } = t

  /** The flood that goes on at this channel, begun now where there is none. */
  const floodAt = async (db: Db, channel: number, at: Millis): Promise<number> => {
    const [begun] = await db
      .insert(f)
      .values({ channelId: channel, beganAt: at, lastAt: at, misses: 0 })
      .onConflictDoNothing()
      .returning({ id: f.id })
    if (begun !== undefined) {
      await db.insert(d).values(newRow({ channel, kind: 'flood', about: {}, flood: begun.id }, at, at + GATHERING))
      return begun.id
    }
    const [goingOn] = await db
      .select({ id: f.id })
      .from(f)
      .where(and(eq(f.channelId, channel), isNull(f.overAt)))
    if (goingOn === undefined) throw new Error('A flood went on and was over in the same moment; it is tried again.')
    return goingOn.id
  }

  const join = async (db: Db, ours: readonly Delivery[], flood: number, at: Millis): Promise<number> => {
    const won = await db
      .update(d)
      .set({ state: 'withheld', reason: WITH_OTHERS, floodId: flood, settledAt: at, nextAt: null })
      .where(or(...ours.map((one) => ofThisTry(t, one))))
      .returning()
    if (won.length === 0) return 0
    const rows = won.map(({ channelId, expectationId, incidentId, about }) => ({
      channelId,
      expectationId: expectationId ?? 0,
      incidentId: incidentId ?? 0,
      floodId: flood,
      since: at,
      told: 'flood',
      thread: `flood-${flood}`,
      about,
    }))
    await db.insert(g).values(rows).onConflictDoNothing()
    return won.length
  }

  /** When the last message of the flood was written. */
  const tellAt = sql<
    number | null
  >`(select max(o.created_at) from deliveries o where o.flood_id = floods.id and o.kind in ('flood', 'flood-over'))`
  const remindEvery = sql<
    number | null
  >`(select c.remind_every from channels c where c.id = floods.channel_id and c.tells like '%"reminder"%')`
  const inNoHands = sql`(select count(*) from tellings m join incidents o on o.id = m.incident_id
    where m.flood_id = floods.id and o.acknowledged_at is null)`.mapWith(Number)
  const openMembers = sql`(select count(*) from tellings m where m.flood_id = floods.id)`.mapWith(Number)

  return {
    async missesSince(channel, since) {
      const rows = await db
        .select({ delivery: d.id, expectation: d.expectationId, at: d.createdAt })
        .from(d)
        .where(
          and(
            eq(d.channelId, channel),
            gte(d.createdAt, since),
            eq(d.kind, 'missed'),
            sql`held_by is distinct from 'maintenance'`,
          ),
        )
        .orderBy(asc(d.id))
      return rows.map(({ expectation, ...row }) => ({ ...row, expectation: expectation ?? 0 }))
    },

    joinFlood: (channel, deliveries, at) =>
      tx(async (db) => {
        const flood = await floodAt(db, channel, at)
        let joined = 0
        for (let i = 0; i < deliveries.length; i += AT_ONCE) joined += await join(db, deliveries.slice(i, i + AT_ONCE), flood, at)
        await db
          .update(f)
          .set({ lastAt: at, misses: sql`${f.misses} + ${joined}` })
          .where(eq(f.id, flood))
      }),

    settleFloods: async (quiet, at) => {
      // None goes on nearly always: no transaction then.
      if ((await db.select({ id: f.id }).from(f).where(isNull(f.endedAt)).limit(1)).length === 0) return
      await tx(async (db) => {
        const isOn = sql`exists (select 1 from channels c where c.id = floods.channel_id and c.ended_at is null and c.is_enabled)`
        const open = await db
          .select({ f, open: openMembers, inNoHands, tellAt, remindEvery })
          .from(f)
          .where(and(isNull(f.endedAt), isOn))
          .orderBy(asc(f.id))
        for (const { f: flood, open: left, ...known } of open) {
          const isGoingOn = flood.overAt === null && flood.lastAt >= quiet
          const again = isGoingOn ? moreOf(flood, known, at) : left > 0 && flood.overAt !== null ? reminderOf(known, at) : null
          if (again !== null)
            await addDeliveries(db, t, [{ channel: flood.channelId, kind: again, about: {}, flood: flood.id }], at)
          if (isGoingOn || (flood.overAt !== null && left > 0)) continue
          const to = left > 0 ? { overAt: at } : { overAt: flood.overAt ?? at, endedAt: at }
          const was = flood.overAt === null ? isNull(f.overAt) : isNotNull(f.overAt)
          const won = await db
            .update(f)
            .set(to)
            .where(and(eq(f.id, flood.id), was, isNull(f.endedAt)))
            .returning({ id: f.id })
          if (won.length === 0) continue
          const kind = left > 0 ? 'flood-over' : 'flood-recovered'
          await addDeliveries(db, t, [{ channel: flood.channelId, kind, about: {}, flood: flood.id }], at)
        }
      })
    },

    async floodMembers(flood, limit) {
      const rows = await db
        .select({
          expectation: d.expectationId,
          isOpen: sql`exists (select 1 from tellings m where m.channel_id = deliveries.channel_id
            and m.expectation_id = deliveries.expectation_id and m.flood_id = ${flood})`.mapWith(Boolean),
        })
        .from(d)
        .where(and(eq(d.floodId, flood), eq(d.kind, 'missed')))
        .orderBy(asc(d.id))
        .limit(limit)
      const [all] = await db.select({ count: f.misses, open: openMembers }).from(f).where(eq(f.id, flood))
      return {
        items: rows.map(({ expectation, isOpen }) => ({ expectation: expectation ?? 0, isOpen })),
        count: all?.count ?? 0,
        open: all?.open ?? 0,
      }
    },

    async findFlood(id) {
      const [row] = await db.select().from(f).where(eq(f.id, id))
      return row === undefined ? null : toFlood(row)
    },

    async heldDeliveries(after, limit) {
      const rows = await db
        .select()
        .from(d)
        .where(and(sql`held_by is not null`, sql`${d.id} > ${after}`))
        .orderBy(asc(d.id))
        .limit(limit)
      return rows.map(toDelivery)
    },

    liftDelivery: (delivery, again, at) =>
      tx(async (db) => {
        const won = await db
          .update(d)
          .set({ heldBy: null })
          .where(and(eq(d.id, delivery.id), sql`held_by is not null`))
          .returning({ id: d.id })
        if (won.length > 0 && again !== null) {
          const { channel, expectation, incident, due } = delivery
          await addDeliveries(db, t, [{ channel, kind: 'missed', about: again, expectation, incident, due }], at)
        }
        return won.length > 0
      }),
  }
}

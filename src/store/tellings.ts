import { and, asc, eq, gte, inArray, isNotNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import { livingChannels } from './channel-rows.ts'
import { toTelling } from './delivery-rows.ts'
import type { Engine } from './engine.ts'
import { addDeliveries } from './owing.ts'
import type { NewDelivery, TellingStore } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'

type Tellings = Pick<
  TellingStore,
  'subjects' | 'tellingsOf' | 'changesSince' | 'flappingTellings' | 'dueReminders' | 'remind' | 'settleOrphans'
>

/** Names compared in one statement. */
const MOST_PAIRS = 500

/** See `TellingStore`. */
export function tellingStore({ t, db, tx, claiming }: Engine): Tellings {
  const { tellings: g, incidents: i } = t

  const isPair = (pair: { channel: number; expectation: number }): SQL | undefined =>
    and(eq(g.channelId, pair.channel), eq(g.expectationId, pair.expectation))

  return {
    subjects: (expectations) => subjectsIn(db, t, expectations),

    async tellingsOf(pairs) {
      const found = []
      for (let n = 0; n < pairs.length; n += MOST_PAIRS) {
        const some = pairs.slice(n, n + MOST_PAIRS).map(isPair)
        found.push(
          ...(await db
            .select()
            .from(g)
            .where(or(...some))),
        )
      }
      return found.map(toTelling)
    },

    async changesSince(expectations, since) {
      const changes = new Map<number, Millis[]>()
      if (expectations.length === 0) return changes
      const rows = await db
        .select({ expectation: i.expectationId, openedAt: i.openedAt, closedAt: i.closedAt })
        .from(i)
        .where(and(inArray(i.expectationId, [...expectations]), or(gte(i.openedAt, since), gte(i.closedAt, since))))
      for (const { expectation, openedAt, closedAt } of rows) {
        const times = [openedAt, ...(closedAt === null ? [] : [closedAt])].filter((at) => at >= since)
        changes.set(
          expectation,
          [...(changes.get(expectation) ?? []), ...times].sort((a, b) => a - b),
        )
      }
      return changes
    },

    async flappingTellings() {
      return (await db.select().from(g).where(eq(g.told, 'flapping'))).map(toTelling)
    },

    async dueReminders(now, limit) {
      const rows = await db
        .select()
        .from(g)
        .where(and(isNotNull(g.remindAt), lte(g.remindAt, now)))
        .orderBy(asc(g.remindAt))
        .limit(limit)
      return rows.map(toTelling)
    },

    remind: (telling, next, isOwed, at) =>
      tx(async (db) => {
        const { channel, expectation, incident, remindAt, about } = telling
        if (remindAt === null) return false
        const won = await db
          .update(g)
          .set({ remindAt: next })
          .where(and(isPair(telling), eq(g.remindAt, remindAt)))
          .returning({ channel: g.channelId })
        if (won.length > 0 && isOwed)
          await addDeliveries(db, t, [{ channel, kind: 'reminder', about, expectation, incident }], at)
        return won.length > 0
      }),

    settleOrphans: (at, limit) =>
      tx(async (db) => {
        const isOver = sql`not exists (select 1 from incidents o join expectations y on y.id = o.expectation_id
          where o.expectation_id = tellings.expectation_id and o.closed_at is null)`
        const isQuiet = sql`not exists (select 1 from deliveries p where p.state = 'waiting'
          and p.channel_id = tellings.channel_id and p.expectation_id = tellings.expectation_id)`
        const isThere = sql`exists (select 1 from expectations y where y.id = tellings.expectation_id)`
        // What flaps is settled when it is steady, unless there is nothing left that could be.
        const isOurs = sql`(told <> 'flapping' or not ${isThere})`
        const orphans = await claiming(
          db
            .select()
            .from(g)
            .where(and(isOver, isQuiet, isOurs))
            .orderBy(asc(g.channelId), asc(g.expectationId))
            .limit(limit),
        )
        const living = new Set((await livingChannels(db, t)).map(({ id }) => id))
        const owed: NewDelivery[] = []
        for (const one of orphans.map(toTelling)) {
          const { channel, expectation, incident, about } = one
          const isOwed = one.told !== 'flood' && living.has(channel)
          if (isOwed) owed.push({ channel, kind: 'recovered', about, expectation, incident })
          else await db.delete(g).where(isPair(one))
        }
        await addDeliveries(db, t, owed, at)
        return orphans.length
      }),
  }
}

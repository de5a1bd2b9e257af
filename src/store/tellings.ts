import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import { livingChannels } from './channel-rows.ts'
import { toTelling } from './delivery-rows.ts'
import type { Db, Engine } from './engine.ts'
import { oweWhatIsOpen } from './open-owing.ts'
import { addDeliveries } from './owing.ts'
import type { KnownChannel, NewDelivery, TellingStore } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'

type Tellings = Pick<
  TellingStore,
  'subjects' | 'tellingsOf' | 'changesSince' | 'settleFlapping' | 'dueReminders' | 'remind' | 'settleOrphans' | 'oweWhatIsOpen'
>

/** Nothing is to be sent to the channel about the expectation just now. */
const IS_QUIET = sql`not exists (select 1 from deliveries p where p.state = 'waiting'
  and p.channel_id = tellings.channel_id and p.expectation_id = tellings.expectation_id)`
/** One that is switched off hears of the end when it is on again. */
const IS_ON = sql`not exists (select 1 from channels c where c.id = tellings.channel_id and c.ended_at is null and not c.is_enabled)`
const IS_THERE = sql`exists (select 1 from expectations y where y.id = tellings.expectation_id)`

/** See `TellingStore`. */
export function tellingStore({ t, db, tx, claiming, alone }: Engine): Tellings {
  const { tellings: g, incidents: i } = t

  const isPair = (pair: { channel: number; expectation: number }): SQL | undefined =>
    and(eq(g.channelId, pair.channel), eq(g.expectationId, pair.expectation))

  /** Nothing is wrong nearly always: no transaction then. */
  const isAnyTold = async (): Promise<boolean> => (await db.select({ one: sql`1` }).from(g).limit(1)).length > 0

  /** Reminders that were asked for after it was told, or for sooner, begin now. */
  const scheduleReminders = async (db: Db, { id, when, remindEvery }: KnownChannel, at: Millis): Promise<void> => {
    if (remindEvery === null || !when.includes('reminder')) return
    await db
      .update(g)
      .set({ remindAt: at + remindEvery })
      .where(and(eq(g.channelId, id), eq(g.told, 'missed'), or(isNull(g.remindAt), gt(g.remindAt, at + remindEvery))))
  }

  return {
    subjects: (expectations) => subjectsIn(db, t, expectations),

    async tellingsOf(pairs) {
      const found = []
      for (const channel of new Set(pairs.map((pair) => pair.channel))) {
        const theirs = pairs.filter((pair) => pair.channel === channel).map(({ expectation }) => expectation)
        found.push(
          ...(await db
            .select()
            .from(g)
            .where(and(eq(g.channelId, channel), inArray(g.expectationId, theirs)))),
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

    settleFlapping: async (steady, at) => {
      if (!(await isAnyTold())) return
      await tx(async (db) => {
        await alone(db, g)
        const isSteady = sql`not exists (select 1 from incidents c where c.expectation_id = tellings.expectation_id
          and (c.opened_at >= ${steady} or c.closed_at >= ${steady}))`
        const rows = await claiming(
          db
            .select()
            .from(g)
            .where(and(eq(g.told, 'flapping'), isSteady, IS_QUIET, IS_THERE, IS_ON)),
        )
        const owed = rows.map(toTelling).map(
          ({ channel, expectation, incident, about }): NewDelivery => ({
            channel,
            kind: 'settled',
            about,
            expectation,
            incident,
          }),
        )
        await addDeliveries(db, t, owed, at)
      })
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

    oweWhatIsOpen: async (at) => {
      if ((await db.select({ id: i.id }).from(i).where(sql`closed_at is null`).limit(1)).length === 0) return
      for (const channel of (await livingChannels(db, t)).filter(({ isEnabled }) => isEnabled))
        await tx(async (db) => {
          // Two nodes that look at once would owe it twice.
          await alone(db, g)
          await oweWhatIsOpen(db, t, channel.id, at)
          await scheduleReminders(db, channel, at)
        })
    },

    settleOrphans: async (at, limit) => {
      if (!(await isAnyTold())) return 0
      return tx(async (db) => {
        await alone(db, g)
        // Said as two questions, each is a look into an index; joined, PostgreSQL reads all incidents for each row. Of another incident that is open
        // by now the channel was told nothing: this one has its end first.
        const isOpen = sql`exists (select 1 from incidents o where o.id = tellings.incident_id and o.closed_at is null)`
        const isOver = sql`(not ${isOpen} or not ${IS_THERE})`
        // What flaps is settled when it is steady, unless there is nothing left that could be.
        const isOurs = sql`(told <> 'flapping' or not ${IS_THERE})`
        const orphans = await claiming(
          db
            .select()
            .from(g)
            .where(and(isOver, IS_QUIET, isOurs, IS_ON))
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
      })
    },
  }
}

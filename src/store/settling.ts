import { and, eq, gt, inArray, isNotNull, lt, ne, or, sql } from 'drizzle-orm'
import { type Delivery, ON_ITS_WAY } from '../domain/delivery.ts'
import type { Millis } from '../domain/time.ts'
import { tellingColumns } from './delivery-rows.ts'
import type { Db, Engine } from './engine.ts'
import { forgetUntold } from './flood-ends.ts'
import { ofThisTry, WAITING } from './outbox.ts'
import { addDeliveries } from './owing.ts'
import type { Settlement, TellingStore } from './store.telling.ts'

type Settling = Pick<
  TellingStore,
  'settleDelivery' | 'withholdDeliveries' | 'releaseDeliveries' | 'noteSending' | 'noteParts' | 'restChannel'
>

/** Rows written in one transaction. */
const AT_ONCE = 200

/** It names those that are missed in a flood. */
const isNaming = ({ kind }: { kind: string }): boolean => kind === 'flood' || kind === 'flood-over'

/** What a settlement writes into the delivery's row. */
function columnsOf(to: Settlement, at: Millis) {
  if (to.state === 'waiting') return { nextAt: to.nextAt, said: to.said }
  const end = { state: to.state, nextAt: null, settledAt: at }
  if (to.state === 'sent') return { ...end, said: to.said, reason: null }
  if (to.state === 'failed') return { ...end, said: to.said, reason: to.reason }
  return { ...end, reason: to.reason, heldBy: to.heldBy ?? null }
}

/** What becomes of tries. See `TellingStore`. */
export function settlingStore({ t, tx, write }: Engine): Settling {
  const { deliveries: d, channels: c, tellings: g } = t

  const noteFailure = async (db: Db, channel: number, at: Millis): Promise<void> => {
    await db
      .update(c)
      .set({ failingSince: sql`coalesce(${c.failingSince}, ${at})`, failures: sql`${c.failures} + 1` })
      .where(eq(c.id, channel))
  }

  /** Where nothing arrived before, what failed then is tried now: it may be an alarm, or what an alarm waits for. Not what somebody has in hand. */
  const noteArrival = async (db: Db, channel: number, at: Millis): Promise<void> => {
    const works = await db
      .update(c)
      .set({ failingSince: null, failures: 0 })
      .where(and(eq(c.id, channel), sql`${c.failures} > 0`))
      .returning({ id: c.id })
    if (works.length === 0) return
    const hasFailed = and(gt(d.attempts, 0), isNotNull(d.said), ne(d.said, ON_ITS_WAY))
    await db
      .update(d)
      .set({ nextAt: at })
      .where(and(eq(d.channelId, channel), WAITING, gt(d.nextAt, at), hasFailed))
  }

  const settleTelling = async (db: Db, delivery: Pick<Delivery, 'channel' | 'expectation'>, to: Settlement): Promise<void> => {
    if (!('telling' in to) || to.telling === undefined || delivery.expectation === null) return
    await db.delete(g).where(and(eq(g.channelId, delivery.channel), eq(g.expectationId, delivery.expectation)))
    if (to.telling !== null) await db.insert(g).values(tellingColumns(to.telling))
  }

  /** All of one channel. */
  const withhold = async (
    db: Db,
    some: readonly Delivery[],
    { reason, heldBy = null, forget }: Parameters<Settling['withholdDeliveries']>[1],
    at: Millis,
  ): Promise<number[]> => {
    const won = await db
      .update(d)
      .set({ state: 'withheld', reason, heldBy, nextAt: null, settledAt: at })
      .where(or(...some.map((one) => ofThisTry(t, one))))
      .returning({ id: d.id, channel: d.channelId, expectation: d.expectationId, kind: d.kind })
    const channel = won[0]?.channel ?? 0
    const expectations = won.flatMap(({ expectation }) => expectation ?? [])
    if (forget) await db.delete(g).where(and(eq(g.channelId, channel), inArray(g.expectationId, expectations)))
    if (won.some(isNaming)) await forgetUntold(db, t, channel, at)
    return won.map(({ id }) => id)
  }

  return {
    settleDelivery: (delivery, to, at) =>
      tx(async (db) => {
        const won = await db.update(d).set(columnsOf(to, at)).where(ofThisTry(t, delivery)).returning({ kind: d.kind })
        if (won.length === 0) return false
        const isUntoldFlood = won.some(isNaming) && (to.state === 'failed' || to.state === 'withheld')
        if (isUntoldFlood) await forgetUntold(db, t, delivery.channel, at)
        await settleTelling(db, delivery, to)
        // A test that did not arrive was somebody's try, not an alarm that is lost.
        const isTry = to.state !== 'withheld' && (won[0]?.kind !== 'test' || to.state === 'sent')
        if (isTry) await (to.state === 'sent' ? noteArrival : noteFailure)(db, delivery.channel, at)
        if (to.state !== 'withheld') return true
        if (to.then !== undefined) await addDeliveries(db, t, [to.then], at)
        return true
      }),

    withholdDeliveries: async (deliveries, to, at) => {
      const won = new Set<number>()
      for (let i = 0; i < deliveries.length; i += AT_ONCE)
        for (const id of await tx((db) => withhold(db, deliveries.slice(i, i + AT_ONCE), to, at))) won.add(id)
      return deliveries.filter(({ id }) => won.has(id))
    },

    releaseDeliveries: async (released, nextAt) => {
      for (let i = 0; i < released.length; i += AT_ONCE) {
        const ours = or(...released.slice(i, i + AT_ONCE).map((one) => ofThisTry(t, one)))
        await write((db) =>
          db
            .update(d)
            .set({ nextAt, attempts: sql`${d.attempts} - 1` })
            .where(ours),
        )
      }
    },

    noteSending: async (delivery) => {
      const ours = await write((db) =>
        db.update(d).set({ said: ON_ITS_WAY }).where(ofThisTry(t, delivery)).returning({ id: d.id }),
      )
      return ours.length > 0
    },

    noteParts: async (delivery, parts, until) => {
      await write((db) => db.update(d).set({ parts, nextAt: until }).where(ofThisTry(t, delivery)))
    },

    restChannel: async (channel, until) => {
      await write((db) =>
        db
          .update(d)
          .set({ nextAt: until })
          .where(and(eq(d.channelId, channel), WAITING, lt(d.nextAt, until))),
      )
    },
  }
}

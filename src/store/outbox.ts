import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { type Delivery, ON_ITS_WAY } from '../domain/delivery.ts'
import type { Millis } from '../domain/time.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import { tellingColumns, toDelivery, toNamedDelivery } from './delivery-rows.ts'
import type { Db, Engine } from './engine.ts'
import { endUntoldFloods } from './flood-ends.ts'
import { addDeliveries, newRow } from './owing.ts'
import type { DeliveryFilter, Settlement, TellingStore } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Outbox = Pick<
  TellingStore,
  | 'deliveries'
  | 'findDelivery'
  | 'addDelivery'
  | 'claimDeliveries'
  | 'settleDelivery'
  | 'withholdDeliveries'
  | 'releaseDeliveries'
  | 'noteSending'
  | 'noteParts'
  | 'restChannel'
  | 'outboxState'
>

/** Rows written in one transaction. */
const AT_ONCE = 200

/** As the partial indexes say it: a parameter would hide them from SQLite. */
const WAITING = sql`state = 'waiting'`

const matching = (
  { deliveries: d }: Tables,
  { channel, incident, flood, state, kind, from, to }: DeliveryFilter,
): (SQL | undefined)[] => [
  channel === undefined ? undefined : eq(d.channelId, channel),
  incident === undefined ? undefined : eq(d.incidentId, incident),
  flood === undefined ? undefined : eq(d.floodId, flood),
  state === undefined ? undefined : eq(d.state, state),
  kind === undefined ? undefined : eq(d.kind, kind),
  from === undefined ? undefined : gte(d.createdAt, from),
  to === undefined ? undefined : lt(d.createdAt, to),
]

/** What a settlement writes into the delivery's row. */
function columnsOf(to: Settlement, at: Millis) {
  if (to.state === 'waiting') return { nextAt: to.nextAt, said: to.said }
  const end = { state: to.state, nextAt: null, settledAt: at }
  if (to.state === 'sent') return { ...end, said: to.said, reason: null }
  if (to.state === 'failed') return { ...end, said: to.said, reason: to.reason }
  return { ...end, reason: to.reason, heldBy: to.heldBy ?? null }
}

/** The row that is still in the hands of this try. */
const ofThisTry = ({ deliveries: d }: Tables, { id, attempts }: Pick<Delivery, 'id' | 'attempts'>): SQL | undefined =>
  and(eq(d.id, id), eq(d.attempts, attempts), WAITING)

/** See `TellingStore`. */
export function outboxStore({ name, t, db, tx, write, claiming }: Engine): Outbox {
  const { deliveries: d, channels: c, tellings: g } = t

  const named = () => db.select({ d, name: c.name, channelKind: c.kind }).from(d).leftJoin(c, eq(c.id, d.channelId)).$dynamic()

  const noteTry = async (db: Db, channel: number, isThere: boolean, at: Millis): Promise<void> => {
    const to = isThere
      ? { failingSince: null, failures: 0 }
      : { failingSince: sql`coalesce(${c.failingSince}, ${at})`, failures: sql`${c.failures} + 1` }
    const isNews = isThere ? sql`${c.failures} > 0` : undefined
    await db
      .update(c)
      .set(to)
      .where(and(eq(c.id, channel), isNews))
  }

  const settleTelling = async (db: Db, delivery: Pick<Delivery, 'channel' | 'expectation'>, to: Settlement): Promise<void> => {
    if (!('telling' in to) || to.telling === undefined || delivery.expectation === null) return
    await db.delete(g).where(and(eq(g.channelId, delivery.channel), eq(g.expectationId, delivery.expectation)))
    if (to.telling !== null) await db.insert(g).values(tellingColumns(to.telling))
  }

  /** Nobody else has an SQLite database open: what was in somebody's hands was in those of a process that has ended. */
  let isFresh = name === 'sqlite'
  const freeLeases = (now: Millis) => {
    const isLeased = and(gt(d.nextAt, now), gt(d.attempts, 0), or(isNull(d.said), eq(d.said, ON_ITS_WAY)))
    return write((db) => db.update(d).set({ nextAt: now }).where(and(WAITING, isLeased)))
  }

  /** All of one channel. */
  const withhold = async (
    db: Db,
    some: readonly Delivery[],
    { reason, heldBy = null, forget }: Parameters<Outbox['withholdDeliveries']>[1],
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
    if (won.some(({ kind }) => kind === 'flood')) await endUntoldFloods(db, t, channel, at)
    return won.map(({ id }) => id)
  }

  return {
    async deliveries(filter, page) {
      const place = readCursor(page.cursor, 1)?.[0]
      const rows = await named()
        .where(and(...matching(t, filter), place === undefined ? undefined : lt(d.id, place)))
        .orderBy(desc(d.id))
        .limit(page.limit + 1)
      return paged(rows.map(toNamedDelivery), page, ({ id }) => cursorOf(id))
    },

    async findDelivery(id) {
      const [row] = await named().where(eq(d.id, id))
      return row === undefined ? null : toNamedDelivery(row)
    },

    addDelivery: (delivery, at, nextAt = at) =>
      write(async (db) => {
        const [row] = await db
          .insert(d)
          .values(newRow(delivery, at, nextAt))
          .returning()
        if (row === undefined) throw new Error('The delivery was stored but no row came back.')
        return toDelivery(row)
      }),

    claimDeliveries: async (now, until, limit, but) => {
      if (isFresh) await freeLeases(now)
      isFresh = false
      const isFirst = sql`not exists (select 1 from deliveries p where p.state = 'waiting' and p.channel_id = deliveries.channel_id
        and p.expectation_id = deliveries.expectation_id and p.id < deliveries.id)`
      const isTheirs = but.length === 0 ? undefined : notInArray(d.channelId, [...but])
      const due = (db: Db, limit: number) =>
        db
          .select({ id: d.id })
          .from(d)
          .where(and(WAITING, lte(d.nextAt, now), isTheirs, isFirst))
          .orderBy(asc(d.nextAt), asc(d.id))
          .limit(limit)
      // Nothing waits nearly always: no transaction then.
      if ((await due(db, 1)).length === 0) return []
      return tx(async (db) => {
        const ids = (await claiming(due(db, limit))).map(({ id }) => id)
        if (ids.length === 0) return []
        const claimed = await db
          .update(d)
          .set({ nextAt: until, attempts: sql`${d.attempts} + 1` })
          .where(and(inArray(d.id, ids), WAITING))
          .returning()
        return claimed.map(toDelivery).sort((a, b) => a.id - b.id)
      })
    },

    settleDelivery: (delivery, to, at) =>
      tx(async (db) => {
        const won = await db.update(d).set(columnsOf(to, at)).where(ofThisTry(t, delivery)).returning({ kind: d.kind })
        if (won.length === 0) return false
        const isUntoldFlood = won[0]?.kind === 'flood' && (to.state === 'failed' || to.state === 'withheld')
        if (isUntoldFlood) await endUntoldFloods(db, t, delivery.channel, at)
        await settleTelling(db, delivery, to)
        if (to.state !== 'withheld') await noteTry(db, delivery.channel, to.state === 'sent', at)
        else if (to.then !== undefined) await addDeliveries(db, t, [to.then], at)
        return true
      }),

    withholdDeliveries: async (deliveries, to, at) => {
      const won = new Set<number>()
      for (let i = 0; i < deliveries.length; i += AT_ONCE)
        for (const id of await tx((db) => withhold(db, deliveries.slice(i, i + AT_ONCE), to, at))) won.add(id)
      return deliveries.filter(({ id }) => won.has(id))
    },

    releaseDeliveries: async (released, nextAt) => {
      if (released.length === 0) return
      const ours = or(...released.map(({ id, attempts }) => and(eq(d.id, id), eq(d.attempts, attempts))))
      await write((db) =>
        db
          .update(d)
          .set({ nextAt, attempts: sql`${d.attempts} - 1` })
          .where(and(ours, WAITING)),
      )
    },

    noteSending: async (delivery) => {
      const ours = await write((db) =>
        db.update(d).set({ said: ON_ITS_WAY }).where(ofThisTry(t, delivery)).returning({ id: d.id }),
      )
      return ours.length > 0
    },

    noteParts: async (delivery, parts) => {
      await write((db) => db.update(d).set({ parts }).where(ofThisTry(t, delivery)))
    },

    restChannel: async (channel, until) => {
      await write((db) =>
        db
          .update(d)
          .set({ nextAt: until })
          .where(and(eq(d.channelId, channel), WAITING, lt(d.nextAt, until))),
      )
    },

    async outboxState() {
      const [row] = await db
        .select({ waiting: sql`count(*)`.mapWith(Number), oldest: sql<number | null>`min(${d.createdAt})` })
        .from(d)
        .where(WAITING)
      return { waiting: row?.waiting ?? 0, oldest: row?.oldest ?? null }
    },
  }
}

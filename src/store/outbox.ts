import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { type Delivery, ON_ITS_WAY } from '../domain/delivery.ts'
import { type Duration, HOUR, MINUTE, type Millis } from '../domain/time.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import { toDelivery, toNamedDelivery } from './delivery-rows.ts'
import type { Db, Engine } from './engine.ts'
import { newRow } from './owing.ts'
import type { DeliveryFilter, TellingStore } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Outbox = Pick<TellingStore, 'deliveries' | 'findDelivery' | 'addDelivery' | 'claimDeliveries' | 'outboxState'>

/** As the partial indexes say it: a parameter would hide them from SQLite. */
export const WAITING = sql`state = 'waiting'`

/** The row that is still in the hands of this try. */
export const ofThisTry = ({ deliveries: d }: Tables, { id, attempts }: Pick<Delivery, 'id' | 'attempts'>): SQL | undefined =>
  and(eq(d.id, id), eq(d.attempts, attempts), WAITING)

/** Nothing rests for longer, but where the clock was ahead of itself. */
const LONGEST_WAIT: Duration = 2 * HOUR
/** Clocks of nodes differ by less. */
const CLOCK_JUMP: Duration = 2 * MINUTE

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

/** See `TellingStore`. */
export function outboxStore({ name, t, db, tx, write, claiming }: Engine): Outbox {
  const { deliveries: d, channels: c } = t

  const named = () => db.select({ d, name: c.name, channelKind: c.kind }).from(d).leftJoin(c, eq(c.id, d.channelId)).$dynamic()

  /** Nobody else has an SQLite database open: what was in somebody's hands was in those of a process that has ended. */
  let isFresh = name === 'sqlite'
  const freeLeases = (now: Millis) => {
    const isLeased = and(gt(d.nextAt, now), gt(d.attempts, 0), or(isNull(d.said), eq(d.said, ON_ITS_WAY)))
    return write((db) => db.update(d).set({ nextAt: now }).where(and(WAITING, isLeased)))
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
      // What is counted for every met verdict is in nobody's way.
      const isFirst = sql`not exists (select 1 from deliveries p where p.state = 'waiting' and p.channel_id = deliveries.channel_id
        and p.expectation_id = deliveries.expectation_id and p.id < deliveries.id and (p.kind <> 'met' or deliveries.kind = 'met'))`
      // Written by a clock that was ahead of itself: when it was to be tried is not known.
      const isOfTheFuture = and(eq(d.attempts, 0), gt(d.createdAt, now + CLOCK_JUMP))
      const isTheirs = but.length === 0 ? undefined : notInArray(d.channelId, [...but])
      const due = (db: Db, limit: number) =>
        db
          .select({ id: d.id })
          .from(d)
          .where(and(WAITING, or(lte(d.nextAt, now), gt(d.nextAt, now + LONGEST_WAIT), isOfTheFuture), isTheirs, isFirst))
          .orderBy(sql`case when kind = 'met' then 1 else 0 end`, asc(d.nextAt), asc(d.id))
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
        return claimed.map(toDelivery).sort((a, b) => Number(a.kind === 'met') - Number(b.kind === 'met') || a.id - b.id)
      })
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

import { and, type SQL, sql } from 'drizzle-orm'
import { STATES } from '../domain/expectation.ts'
import type { Engine } from './engine.ts'
import { matching, toEvent } from './events.ts'
import { inState } from './expectation-rows.ts'
import type { EventOrder, Store } from './store.ts'

/** Names that a typo may be meant for. */
const MOST_NAMES = 10_000

/** Events as the table of the configuration shows them: in any order, by number. */
export function eventTableStore(engine: Engine): Pick<Store, 'eventTable' | 'expectedNames'> {
  const { t, db, byBytes } = engine
  const { events: e, expectations: x } = t
  const ofEvent = (value: SQL): SQL => sql`(select ${value} from ${x} where ${x.eventId} = ${e.id})`
  const rank = sql`case ${sql.join(
    STATES.map((state, i) => sql`when ${inState(t, state)} then ${sql.raw(String(i))}`),
    sql` `,
  )} end`

  const BY: Record<EventOrder, SQL> = {
    event: byBytes(e.name),
    registered: sql`${e.id}`,
    expectations: ofEvent(sql`count(*)`),
    state: ofEvent(sql`min(${rank})`),
    due: ofEvent(sql`min(${x.nextDue})`),
  }

  return {
    async eventTable(filter, { by, isDown }, { limit, offset }) {
      const where = and(...matching(engine, filter))
      const [{ total } = { total: 0 }] = await db
        .select({ total: sql`count(*)`.mapWith(Number) })
        .from(e)
        .where(where)
      // What has no such thing comes last, whichever way the rest is turned.
      const hasNone = sql`case when ${BY[by]} is null then 1 else 0 end`
      const place = isDown ? sql`${BY[by]} desc` : BY[by]
      const order = by === 'event' || by === 'registered' ? [place] : [hasNone, place, byBytes(e.name)]
      const rows = await db
        .select()
        .from(e)
        .where(where)
        .orderBy(...order)
        .limit(limit)
        .offset(offset)
      return { items: rows.map(toEvent), total }
    },

    async expectedNames() {
      const rows = await db
        .select({ name: e.name })
        .from(e)
        .where(sql`exists (select 1 from ${x} where ${x.eventId} = ${e.id})`)
        .limit(MOST_NAMES)
      return rows.map(({ name }) => name)
    },
  }
}

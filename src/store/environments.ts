import { asc, sql } from 'drizzle-orm'
import { isLast } from './affirmations.ts'
import type { Engine } from './engine.ts'
import type { Store } from './store.ts'

/** So many places to look at, an event in an environment each, are looked at quickly. */
const MOST_PLACES = 5_000

export function environmentStore({ t, db, byBytes }: Engine): Pick<Store, 'environmentsInUse'> {
  const { environments: n, events: e, expectations: x, terms: m, affirmations: a } = t

  const expectationsOf = async (): Promise<Map<number, number>> => {
    const rows = await db
      .select({ id: m.envId, count: sql`count(*)`.mapWith(Number) })
      .from(x)
      .innerJoin(m, sql`${m.id} = ${x.termsId}`)
      .groupBy(m.envId)
    return new Map(rows.map(({ id, count }) => [id, count]))
  }

  const affirmedIn = async () => {
    const rows = await db
      .select({ id: n.id, last: sql<number>`max(${a.at})`.mapWith(Number), events: sql`count(*)`.mapWith(Number) })
      .from(n)
      .innerJoin(e, sql`1 = 1`)
      .innerJoin(a, isLast(a, e.id, n.id))
      .groupBy(n.id)
    return new Map(rows.map(({ id, ...row }) => [id, row]))
  }

  return {
    async environmentsInUse() {
      const all = await db
        .select()
        .from(n)
        .orderBy(asc(byBytes(n.name)))
      const [{ events } = { events: 0 }] = await db.select({ events: sql`count(*)`.mapWith(Number) }).from(e)
      const [expectations, affirmed] = [await expectationsOf(), events * all.length > MOST_PLACES ? null : await affirmedIn()]
      return all.map(({ id, name }) => ({
        name,
        expectations: expectations.get(id) ?? 0,
        events: affirmed === null ? null : (affirmed.get(id)?.events ?? 0),
        last: affirmed?.get(id)?.last ?? null,
      }))
    },
  }
}

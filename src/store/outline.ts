import { sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { Engine } from './engine.ts'
import type { Outline, Store } from './store.ts'

type PlainOutline = [
  ...[id: number, eventId: number, event: string, eventKey: string, eventTags: string, env: string, tags: string],
  ...[pausedAt: Millis | null, nextDue: Millis | null, checkAt: Millis | null, lastVerdict: Outcome | null],
]

/** Most have none. */
const tagsIn = (json: string): string[] => (json === '[]' ? [] : (JSON.parse(json) as string[]))

const toOutline = (c: PlainOutline): Outline => ({
  id: c[0],
  eventId: c[1],
  event: c[2],
  eventKey: c[3],
  eventTags: tagsIn(c[4]),
  env: c[5],
  tags: tagsIn(c[6]),
  pausedAt: c[7],
  nextDue: c[8],
  checkAt: c[9],
  lastVerdict: c[10],
})

/** All expectations at a glance, however many there are. */
export function outlineStore(engine: Engine): Pick<Store, 'outline' | 'kinds' | 'census'> {
  const { t, db } = engine
  const { expectations: x, events: e, environments: n, terms: m, incidents: i } = t

  return {
    async outline() {
      // By hand, as the verdicts of the board are: there may be thousands.
      const rows =
        await engine.lists<PlainOutline>(sql`select ${x.id}, ${x.eventId}, ${e.name} as event, ${e.key}, ${e.tags} as event_tags,
          ${n.name} as env, ${x.tags}, ${x.pausedAt}, ${x.nextDue}, ${x.checkAt}, ${x.lastVerdict}
        from ${x} inner join ${m} on ${m.id} = ${x.termsId} inner join ${e} on ${e.id} = ${x.eventId} inner join ${n} on ${n.id} = ${m.envId}
        order by ${engine.byBytes(e.name)}, ${engine.byBytes(n.name)}, ${x.id}`)
      return rows.map(toOutline)
    },

    async kinds() {
      const isPaused = sql<number>`case when ${x.pausedAt} is null then 0 else 1 end`
      const isInGrace = sql<number>`case when ${x.checkAt} > ${x.nextDue} then 1 else 0 end`
      const rows = await db
        .select({
          isPaused: isPaused.as('is_paused'),
          isInGrace: isInGrace.as('is_in_grace'),
          lastVerdict: x.lastVerdict,
          count: sql`count(*)`.mapWith(Number),
        })
        .from(x)
        .groupBy(sql`is_paused`, sql`is_in_grace`, x.lastVerdict)
      return rows.map(({ isPaused, isInGrace, lastVerdict, count }) => ({
        pausedAt: isPaused === 1 ? 0 : null,
        nextDue: 0,
        checkAt: isInGrace,
        lastVerdict: lastVerdict as Outcome | null,
        count,
      }))
    },

    async census() {
      // Incidents of deleted expectations stay for a while, until they are cleared away.
      const [row] = await engine.lists<[events: number, environments: number, openIncidents: number]>(sql`select
        (select count(*) from ${e}) as events, (select count(*) from ${n}) as environments,
        (select count(*) from ${i} inner join ${x} on ${x.id} = ${i.expectationId} where ${i.closedAt} is null) as incidents`)
      const [events, environments, openIncidents] = row ?? [0, 0, 0]
      return { events, environments, openIncidents }
    },
  }
}

import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, max, or, type SQL } from 'drizzle-orm'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Engine } from './engine.ts'
import { contains } from './events.ts'
import type { IncidentFilter, NamedIncident, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { toTerms } from './terms.ts'

type IncidentStore = Pick<Store, 'incidents' | 'openIncidents' | 'findIncident' | 'lastClosed'>

const toIncident = ({ expectationId, ...row }: Tables['incidents']['$inferSelect']) => ({ ...row, expectation: expectationId })

function matching({ incidents: i, events: e, environments: n }: Tables, filter: IncidentFilter): (SQL | undefined)[] {
  const { isOpen, env, eventId, expectation, q, before } = filter
  return [
    isOpen === undefined ? undefined : isOpen ? isNull(i.closedAt) : isNotNull(i.closedAt),
    env === undefined ? undefined : eq(n.name, env),
    eventId === undefined ? undefined : eq(e.id, eventId),
    expectation === undefined ? undefined : eq(i.expectationId, expectation),
    q ? or(contains(e.name, q), eq(e.key, q)) : undefined,
    before === undefined ? undefined : lt(i.id, before),
  ]
}

/** What is asked of incidents; they are opened and closed with the verdicts, by what is in `incidents.ts`. */
export function incidentStore({ t, db }: Engine): IncidentStore {
  const { incidents: i, expectations: x, terms: m, events: e, environments: n, verdicts: v } = t

  return {
    async incidents(filter, page) {
      const place = readCursor(page.cursor, 1)
      const rows = await db
        .select({ i, event: e.name, env: n.name })
        .from(i)
        .innerJoin(x, eq(x.id, i.expectationId))
        .innerJoin(m, eq(m.id, x.termsId))
        .innerJoin(e, eq(e.id, x.eventId))
        .innerJoin(n, eq(n.id, m.envId))
        .where(and(...matching(t, filter), place === null ? undefined : lt(i.id, place[0] ?? 0)))
        .orderBy(desc(i.id))
        .limit(page.limit + 1)
      const items = rows.map(({ i, event, env }): NamedIncident => ({ ...toIncident(i), event, env }))
      return paged(items, page, ({ id }) => cursorOf(id))
    },

    async openIncidents(expectations) {
      if (expectations.length === 0) return []
      const rows = await db
        .select()
        .from(i)
        .where(and(inArray(i.expectationId, [...expectations]), isNull(i.closedAt)))
      return rows.map(toIncident)
    },

    async findIncident(id) {
      const [row] = await db.select().from(i).where(eq(i.id, id))
      if (row === undefined) return null
      const [named] = await db
        .select({ event: e.name, env: n.name })
        .from(x)
        .innerJoin(m, eq(m.id, x.termsId))
        .innerJoin(e, eq(e.id, x.eventId))
        .innerJoin(n, eq(n.id, m.envId))
        .where(eq(x.id, row.expectationId))
      const [opened] = await db
        .select({ m })
        .from(v)
        .innerJoin(m, eq(m.id, v.termsId))
        .where(and(eq(v.expectationId, row.expectationId), eq(v.due, row.openedDue)))
        .orderBy(asc(v.reported))
        .limit(1)
      return {
        ...toIncident(row),
        event: named?.event ?? null,
        env: named?.env ?? null,
        terms: opened === undefined ? null : toTerms(opened.m),
      }
    },

    async lastClosed() {
      const [row] = await db.select({ at: max(i.closedAt) }).from(i)
      return row?.at ?? null
    },
  }
}

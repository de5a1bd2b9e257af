import { and, asc, desc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { type Affirmation, FAIL, OK, STATUSES, type Status, statusNumber, WITHDRAWN } from '../domain/affirmation.ts'
import type { Event } from '../domain/event.ts'
import { clearSome } from './clearing.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Engine } from './engine.ts'
import { noteClearing } from './noting.ts'
import type { AffirmationFilter, Bucket, Page, Paged, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { type Withdrawals, withdrawalsOf } from './withdrawals.ts'

type AffirmationStore = Pick<
  Store,
  'append' | 'clearAffirmations' | 'affirmations' | 'affirmationsUpwards' | 'counts' | 'lastAffirmations'
>
type AffirmationRow = Tables['affirmations']['$inferSelect']
type Direction = 'up' | 'down'

const toAffirmation = (
  event: Event,
  env: string,
  { eventId, envId, status, ...row }: AffirmationRow,
  taken: Withdrawals,
): Affirmation => {
  const { was = status, withdrawn = null } = taken.get(row.id) ?? {}
  return { ...row, event: event.name, env, status: STATUSES[was] ?? 'log', withdrawn }
}

/** Only `ok` ones are ever withdrawn, and stay among them. */
const isOfStatus = ({ affirmations: a }: Tables, status: Status): SQL | undefined =>
  status === 'ok' ? inArray(a.status, [OK, WITHDRAWN]) : eq(a.status, statusNumber(status))

/** Past the place of the cursor, in the direction of reading. */
function past({ affirmations: a }: Tables, cursor: string | null, direction: Direction): SQL | undefined {
  const place = readCursor(cursor, 2)
  if (place === null) return undefined
  const [at, id] = place
  return direction === 'up' ? sql`(${a.at}, ${a.id}) > (${at}, ${id})` : sql`(${a.at}, ${a.id}) < (${at}, ${id})`
}

const ahead = (direction: Direction) => (x: Affirmation, y: Affirmation) =>
  (direction === 'up' ? 1 : -1) * (x.at - y.at || x.id - y.id)

/** The one of that name, or all. */
const environmentsOf = ({ t: { environments: n }, db }: Engine, name: string | undefined) =>
  db
    .select()
    .from(n)
    .where(name === undefined ? undefined : eq(n.name, name))

// One environment after the other, then merged: the index starts with event and env, so that each costs only what is shown.
async function inDirection(
  engine: Engine,
  event: Event,
  filter: AffirmationFilter,
  page: Page,
  direction: Direction,
): Promise<Paged<Affirmation>> {
  const { t, db } = engine
  const { affirmations: a } = t
  const order = direction === 'up' ? asc : desc
  const found = await Promise.all(
    (await environmentsOf(engine, filter.env)).map(async (env) => {
      const rows = await db
        .select()
        .from(a)
        .where(
          and(
            eq(a.eventId, event.id),
            eq(a.envId, env.id),
            filter.status === undefined ? undefined : isOfStatus(t, filter.status),
            filter.source === undefined ? undefined : eq(a.source, filter.source),
            filter.from === undefined ? undefined : gte(a.at, filter.from),
            filter.to === undefined ? undefined : lt(a.at, filter.to),
            past(t, page.cursor, direction),
          ),
        )
        .orderBy(order(a.at), order(a.id))
        .limit(page.limit + 1)
      const taken = await withdrawalsOf(engine, rows)
      return rows.map((row) => toAffirmation(event, env.name, row, taken))
    }),
  )
  return paged(found.flat().sort(ahead(direction)), page, ({ at, id }) => cursorOf(at, id))
}

/** Of its event and env what counts as seen, by the index that there is: of rows of one instant the last that came. */
export function isLast(a: Tables['affirmations'], event: AnyPgColumn, env: AnyPgColumn): SQL | undefined {
  const of = sql`l.event_id = ${event} and l.env_id = ${env} and l.status <> ${WITHDRAWN}`
  const at = sql`(select l.at from ${a} l where ${of} order by l.at desc limit 1)`
  const id = sql`(select max(l.id) from ${a} l where ${of} and l.at = ${a.at})`
  return and(eq(a.eventId, event), eq(a.envId, env), eq(a.at, at), eq(a.id, id))
}

export function affirmationStore(engine: Engine): AffirmationStore {
  const { t, db, tx } = engine
  const { affirmations: a, expectations: x, terms: m } = t

  return {
    append: engine.append,
    affirmations: (event, filter, page) => inDirection(engine, event, filter, page, 'down'),
    affirmationsUpwards: (event, filter, page) => inDirection(engine, event, filter, page, 'up'),

    clearAffirmations: (event, before, limit, by) =>
      tx(async (db) => {
        const cleared = await clearSome(engine, db, event.id, before, limit)
        if (by !== null && cleared > 0) await noteClearing({ db, t, at: before, by }, event)
        return cleared
      }),

    async counts(event, env, { from, to }, bucket) {
      const start = sql<number>`${a.at} - ${a.at} % ${bucket}`.mapWith(Number)
      const count = (status: number) => sql<number>`sum(case when ${a.status} = ${status} then 1 else 0 end)`.mapWith(Number)
      const counted = or(eq(a.status, OK), eq(a.status, FAIL))
      const sums = new Map<number, Bucket>()
      for (const { id } of await environmentsOf(engine, env)) {
        const inWindow = and(eq(a.eventId, event.id), eq(a.envId, id), gte(a.at, from), lt(a.at, to), counted)
        const rows = await db
          .select({ from: sql<number>`bucket`.mapWith(Number).as('bucket_from'), ok: count(OK), fail: count(FAIL) })
          .from(
            db
              .select({ bucket: start.as('bucket'), status: a.status })
              .from(a)
              .where(inWindow)
              .as('a'),
          )
          .groupBy(sql`bucket`)
        for (const { from, ok, fail } of rows) {
          const sum = sums.get(from) ?? { from, ok: 0, fail: 0 }
          sums.set(from, { from, ok: sum.ok + ok, fail: sum.fail + fail })
        }
      }
      return [...sums.values()].sort((x, y) => x.from - y.from)
    },

    async lastAffirmations(expectations) {
      if (expectations.length === 0) return new Map()
      const rows = await db
        .select({ id: x.id, at: a.at, source: a.source })
        .from(x)
        .innerJoin(m, eq(m.id, x.termsId))
        .innerJoin(a, isLast(a, x.eventId, m.envId))
        .where(sql`${x.id} in ${[...expectations]}`)
      return new Map(rows.map(({ id, at, source }) => [id, { at, source }]))
    },
  }
}

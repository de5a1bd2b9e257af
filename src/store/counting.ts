import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import { OK } from '../domain/affirmation.ts'
import type { Count } from '../domain/expectation.ts'
import type { Window } from '../domain/time.ts'
import { fits, type Where } from '../domain/where.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

const ROWS_AT_ONCE = 5_000

/** What the query around a count calls the tables of expectations and terms. */
type Names = { expectation: string; terms: string }

/**
 * How many affirmations count in `[from, to)` for the terms of the row, as a correlated query: the database counts the windows of a whole
 * batch in one go. Terms with a `where` are 0 here and counted by {@link countWhere}. All four are SQL written by us, never by a caller.
 */
export function countOf({ expectation: x, terms: m }: Names, from: string, to: string): string {
  const inWindow = `c.event_id = ${x}.event_id and c.env_id = ${m}.env_id and c.at >= ${from} and c.at < ${to} and c.status = ${OK}`
  return `case when ${m}.filter is not null then 0
  when ${m}.counting = 'sources' then (select count(distinct c.source) from affirmations c where ${inWindow})
  else (select count(*) from affirmations c where ${inWindow}) end`
}

export type Filtered = { eventId: number; envId: number; count: Count; where: Where }

/** The same for terms with a `where`: reads the window's rows in pages. One answer a window; all windows start at the same instant. */
export async function countWhere(
  db: Db,
  { affirmations: a }: Tables,
  { eventId, envId, count, where }: Filtered,
  windows: Window[],
): Promise<number[]> {
  const found = windows.map(() => ({ n: 0, sources: new Set<string>() }))
  const to = Math.max(...windows.map((window) => window.to))
  let place = { at: Math.min(...windows.map(({ from }) => from)), id: -1 }
  for (;;) {
    const rows = await db
      .select({ id: a.id, at: a.at, source: a.source, value: a.value })
      .from(a)
      .where(
        and(
          eq(a.eventId, eventId),
          eq(a.envId, envId),
          eq(a.status, OK),
          gte(a.at, place.at),
          lt(a.at, to),
          sql`(${a.at}, ${a.id}) > (${place.at}, ${place.id})`,
        ),
      )
      .orderBy(asc(a.at), asc(a.id))
      .limit(ROWS_AT_ONCE)
    for (const { at, source, value } of rows) {
      if (!fits(where, source, value)) continue
      windows.forEach((window, i) => {
        const here = found[i]
        if (here === undefined || at < window.from || at >= window.to) return
        here.n += 1
        here.sources.add(source)
      })
    }
    const last = rows.at(-1)
    if (rows.length < ROWS_AT_ONCE || last === undefined)
      return found.map(({ n, sources }) => (count === 'sources' ? sources.size : n))
    place = last
  }
}

import { eq, inArray } from 'drizzle-orm'
import type { Severity } from '../domain/channel.ts'
import type { Db } from './engine.ts'
import type { RoutedSubject } from './store.telling.ts'
import type { Tables } from './tables.ts'

/** Expectations asked for in one statement. */
const AT_ONCE = 1_000

/** What decides who is told of these expectations; those that are gone are left out. */
export async function subjectsIn(db: Db, t: Tables, expectations: readonly number[]): Promise<Map<number, RoutedSubject>> {
  const { expectations: x, terms: m, events: e, environments: n } = t
  const found = new Map<number, RoutedSubject>()
  for (let i = 0; i < expectations.length; i += AT_ONCE) {
    const rows = await db
      .select({
        id: x.id,
        own: x.tags,
        tags: e.tags,
        severity: x.severity,
        channels: x.channels,
        event: e.name,
        key: e.key,
        env: n.name,
      })
      .from(x)
      .innerJoin(m, eq(m.id, x.termsId))
      .innerJoin(e, eq(e.id, x.eventId))
      .innerJoin(n, eq(n.id, m.envId))
      .where(inArray(x.id, expectations.slice(i, i + AT_ONCE)))
    for (const { id, own, tags, severity, channels, ...names } of rows)
      found.set(id, {
        ...names,
        expectation: id,
        tags: [...(JSON.parse(own) as string[]), ...(JSON.parse(tags) as string[])],
        severity: severity as Severity,
        channels: JSON.parse(channels) as number[],
      })
  }
  return found
}

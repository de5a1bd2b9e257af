import { and, desc, eq, gte, lt } from 'drizzle-orm'
import type { Change } from '../domain/audit.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

const json = (snapshot: Change['before']): string | null => (snapshot === null ? null : JSON.stringify(snapshot))
const read = (text: string | null): Change['before'] => (text === null ? null : (JSON.parse(text) as Change['before']))

/** Part of the transaction that makes the change: neither is there without the other. */
export async function noteChange(db: Db, { audit }: Tables, { at, by, action, subject, before, after }: Change): Promise<void> {
  await db.insert(audit).values({ at, ...by, action, subject, before: json(before), after: json(after) })
}

export function auditStore({ t, db }: Engine): Pick<Store, 'changes'> {
  const { audit: a } = t
  return {
    async changes({ who, from, to }, page) {
      const before = readCursor(page.cursor, 1)
      const rows = await db
        .select()
        .from(a)
        .where(
          and(
            who === undefined ? undefined : eq(a.who, who),
            from === undefined ? undefined : gte(a.at, from),
            to === undefined ? undefined : lt(a.at, to),
            before === null ? undefined : lt(a.id, before[0] ?? 0),
          ),
        )
        .orderBy(desc(a.id))
        .limit(page.limit + 1)
      return paged(
        rows.map(({ who, address, before, after, ...row }) => ({
          ...row,
          by: { who, address },
          before: read(before),
          after: read(after),
        })),
        page,
        ({ id }) => cursorOf(id),
      )
    },
  }
}

import { and, asc, desc, gt, gte, inArray, lt, type SQL } from 'drizzle-orm'
import type { Audited, Change } from '../domain/audit.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import type { ChangeFilter, Page, Paged, Store } from './store.ts'
import type { Tables } from './tables.ts'

const json = (snapshot: Change['before']): string | null => (snapshot === null ? null : JSON.stringify(snapshot))
const read = (text: string | null): Change['before'] => (text === null ? null : (JSON.parse(text) as Change['before']))

/** Part of the transaction that makes the change: neither is there without the other. */
export async function noteChange(db: Db, { audit }: Tables, { at, by, action, subject, before, after }: Change): Promise<void> {
  await db.insert(audit).values({ at, ...by, action, subject, before: json(before), after: json(after) })
}

/** Who, by the full name that was written down or by what a person calls herself: `user:ann`, or `ann`. */
const isBy = ({ audit: a }: Tables, who: string): SQL => inArray(a.who, [who, `user:${who}`, `key:${who}`])

const matching = (t: Tables, { who, from, to }: ChangeFilter): (SQL | undefined)[] => [
  who === undefined ? undefined : isBy(t, who),
  from === undefined ? undefined : gte(t.audit.at, from),
  to === undefined ? undefined : lt(t.audit.at, to),
]

async function inDirection({ t, db }: Engine, filter: ChangeFilter, page: Page, isUp: boolean): Promise<Paged<Audited>> {
  const { audit: a } = t
  const place = readCursor(page.cursor, 1)?.[0]
  const rows = await db
    .select()
    .from(a)
    .where(and(...matching(t, filter), place === undefined ? undefined : (isUp ? gt : lt)(a.id, place)))
    .orderBy((isUp ? asc : desc)(a.id))
    .limit(page.limit + 1)
  const toChange = ({ who, address, before, after, ...row }: (typeof rows)[number]): Audited => ({
    ...row,
    by: { who, address },
    before: read(before),
    after: read(after),
  })
  return paged(rows.map(toChange), page, ({ id }) => cursorOf(id))
}

export const auditStore = (engine: Engine): Pick<Store, 'changes' | 'changesUpwards'> => ({
  changes: (filter, page) => inDirection(engine, filter, page, false),
  changesUpwards: (filter, page) => inDirection(engine, filter, page, true),
})

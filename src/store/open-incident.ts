import { eq } from 'drizzle-orm'
import type { Claimed } from '../domain/incident.ts'
import type { Db, Engine } from './engine.ts'
import type { Tables } from './tables.ts'

export type IncidentRow = Tables['incidents']['$inferSelect']

/** Does something with an open incident that nobody closes or takes meanwhile. */
export const withOpen = (
  { t, tx, holding }: Engine,
  id: number,
  work: (db: Db, row: IncidentRow) => Promise<Claimed>,
): Promise<Claimed> =>
  tx(async (db) => {
    const [row] = await holding(db.select().from(t.incidents).where(eq(t.incidents.id, id)))
    if (row === undefined) return 'gone'
    return row.closedAt === null ? work(db, row) : 'closed'
  })

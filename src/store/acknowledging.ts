import { and, desc, eq, gte, inArray } from 'drizzle-orm'
import type { Author } from '../domain/audit.ts'
import type { Claim, Claimed, IncidentStep } from '../domain/incident.ts'
import type { Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type Row = Tables['incidents']['$inferSelect']
type AuditRow = Pick<Tables['audit']['$inferSelect'], 'at' | 'action' | 'before' | 'after'>
type Noted = { by: string; note: string; at: Millis; author: Author }
/** What the audit log keeps of a step. */
type Holding = { acknowledgedBy: string | null; note: string | null }

const TAKEN = 'incident.acknowledge'
const NOTED = 'incident.note'
const MOST_STEPS = 200

function toStep({ at, action, before, after }: AuditRow): IncidentStep {
  if (action === NOTED) return { kind: 'noted', at, ...(JSON.parse(after ?? '{}') as { by: string; note: string }) }
  const had = JSON.parse(before ?? '{}') as Holding
  const has = JSON.parse(after ?? '{}') as Holding
  return { kind: 'acknowledged', at, by: has.acknowledgedBy ?? '', over: had.acknowledgedBy, note: has.note }
}

async function take(db: Db, t: Tables, row: Row, { who, note }: Claim, at: Millis, author: Author): Promise<void> {
  const to: Holding = { acknowledgedBy: who, note }
  await db
    .update(t.incidents)
    .set({ ...to, acknowledgedAt: at })
    .where(eq(t.incidents.id, row.id))
  const before: Holding = { acknowledgedBy: row.acknowledgedBy, note: row.note }
  await noteChange(db, t, { at, by: author, action: TAKEN, subject: `${row.id}`, before, after: to })
}

/** A note of who has it stands beside the name; those of others are kept in the log alone. */
async function add(db: Db, t: Tables, row: Row, { by, note, at, author }: Noted): Promise<void> {
  if (row.acknowledgedBy === by) await db.update(t.incidents).set({ note }).where(eq(t.incidents.id, row.id))
  await noteChange(db, t, { at, by: author, action: NOTED, subject: `${row.id}`, before: null, after: { by, note } })
}

/** Who has an incident, and what was said of it. The audit log holds every step, in the transaction of the step. */
export function acknowledgingStore({
  t,
  db,
  tx,
  holding,
}: Engine): Pick<Store, 'acknowledge' | 'noteIncident' | 'incidentSteps'> {
  const { incidents: i, audit: a } = t

  /** Nobody closes or takes it while we do. */
  const withOpen = (id: number, work: (db: Db, row: Row) => Promise<Claimed>): Promise<Claimed> =>
    tx(async (db) => {
      const [row] = await holding(db.select().from(i).where(eq(i.id, id)))
      if (row === undefined) return 'gone'
      return row.closedAt === null ? work(db, row) : 'closed'
    })

  return {
    acknowledge: (id, claim, at, author) =>
      withOpen(id, async (db, row) => {
        const { who, note, over } = claim
        if (row.acknowledgedBy === who) {
          if (note !== null && note !== row.note) await add(db, t, row, { by: who, note, at, author })
          return 'done'
        }
        if (row.acknowledgedBy !== over) return 'held'
        await take(db, t, row, claim, at, author)
        return 'done'
      }),

    noteIncident: (id, { by, note }, at, author) =>
      withOpen(id, async (db, row) => {
        await add(db, t, row, { by, note, at, author })
        return 'done'
      }),

    async incidentSteps({ id, openedAt }) {
      const rows = await db
        .select({ at: a.at, action: a.action, before: a.before, after: a.after })
        .from(a)
        .where(and(gte(a.at, openedAt), inArray(a.action, [TAKEN, NOTED]), eq(a.subject, `${id}`)))
        .orderBy(desc(a.id))
        .limit(MOST_STEPS)
      return rows.map(toStep).reverse()
    },
  }
}

import { eq } from 'drizzle-orm'
import type { Author } from '../domain/audit.ts'
import type { Claim } from '../domain/incident.ts'
import type { Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import { type Holding, NOTED, TAKEN } from './incident-steps.ts'
import { type IncidentRow, withOpen } from './open-incident.ts'
import { oweAcknowledged } from './owing-acknowledged.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type Noted = { by: string; note: string; at: Millis; author: Author }

async function take(db: Db, t: Tables, row: IncidentRow, { who, note }: Claim, at: Millis, author: Author): Promise<void> {
  const to: Holding = { acknowledgedBy: who, note }
  await db
    .update(t.incidents)
    .set({ ...to, acknowledgedAt: at })
    .where(eq(t.incidents.id, row.id))
  await oweAcknowledged(db, t, row, at)
  const before: Holding = { acknowledgedBy: row.acknowledgedBy, note: row.note }
  await noteChange(db, t, { at, by: author, action: TAKEN, subject: `${row.id}`, before, after: to })
}

/** A note of who has it stands beside the name; those of others are kept in the log alone. */
async function add(db: Db, t: Tables, row: IncidentRow, { by, note, at, author }: Noted): Promise<void> {
  if (row.acknowledgedBy === by) await db.update(t.incidents).set({ note }).where(eq(t.incidents.id, row.id))
  await noteChange(db, t, { at, by: author, action: NOTED, subject: `${row.id}`, before: null, after: { by, note } })
}

/** Who has an incident, and what was said of it. */
export const acknowledgingStore = (engine: Engine): Pick<Store, 'acknowledge' | 'noteIncident'> => ({
  acknowledge: (id, claim, at, author) =>
    withOpen(engine, id, async (db, row) => {
      const { who, note, over } = claim
      if (row.acknowledgedBy === who) {
        if (note !== null && note !== row.note) await add(db, engine.t, row, { by: who, note, at, author })
        return 'done'
      }
      if (row.acknowledgedBy !== over) return 'held'
      await take(db, engine.t, row, claim, at, author)
      return 'done'
    }),

  noteIncident: (id, { by, note }, at, author) =>
    withOpen(engine, id, async (db, row) => {
      await add(db, engine.t, row, { by, note, at, author })
      return 'done'
    }),
})

import { and, eq, ne, sql } from 'drizzle-orm'
import { noteChange } from './audit.ts'
import type { Db, Engine } from './engine.ts'
import { ASSIGNED, type Assigning, isoOrNull, SNOOZED, type Snoozing } from './incident-steps.ts'
import { type IncidentRow, withOpen } from './open-incident.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type Reminding = { until: number | null; at: number }

/**
 * Channels that know of it hear of it again at the end of the snooze, if it is open then; where the snooze is ended, as often as they are reminded. What flaps
 * is told when it has settled, and not before.
 */
async function remindAt(db: Db, { tellings: k, channels: c }: Tables, row: IncidentRow, { until, at }: Reminding): Promise<void> {
  const usual = sql`(select ${at} + c.remind_every from ${c} c where c.id = ${k.channelId} and c.tells like '%"reminder"%')`
  const remindAt = until ?? (row.acknowledgedAt === null ? usual : null)
  await db
    .update(k)
    .set({ remindAt })
    .where(and(eq(k.incidentId, row.id), ne(k.told, 'flapping')))
}

/** Who is to look at an incident, and until when it can wait. */
export function attendingStore(engine: Engine): Pick<Store, 'assignIncident' | 'snoozeIncident'> {
  const { t } = engine
  const { incidents: i } = t

  return {
    assignIncident: (id, { by, to }, at, author) =>
      withOpen(engine, id, async (db, row) => {
        if (row.assignedTo === to) return 'done'
        await db.update(i).set({ assignedTo: to }).where(eq(i.id, id))
        const before: Omit<Assigning, 'by'> = { assignedTo: row.assignedTo }
        const after: Assigning = { by, assignedTo: to }
        await noteChange(db, t, { at, by: author, action: ASSIGNED, subject: `${id}`, before, after })
        return 'done'
      }),

    snoozeIncident: (id, { by, until }, at, author) =>
      withOpen(engine, id, async (db, row) => {
        if (row.snoozedUntil === until) return 'done'
        await db.update(i).set({ snoozedUntil: until }).where(eq(i.id, id))
        await remindAt(db, t, row, { until, at })
        const before: Omit<Snoozing, 'by'> = { snoozedUntil: isoOrNull(row.snoozedUntil) }
        const after: Snoozing = { by, snoozedUntil: isoOrNull(until) }
        await noteChange(db, t, { at, by: author, action: SNOOZED, subject: `${id}`, before, after })
        return 'done'
      }),
  }
}

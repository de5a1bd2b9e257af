import { and, desc, eq, gte, inArray } from 'drizzle-orm'
import type { IncidentStep } from '../domain/incident.ts'
import { iso, type Millis } from '../domain/time.ts'
import type { Engine } from './engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

type AuditRow = Pick<Tables['audit']['$inferSelect'], 'at' | 'action' | 'before' | 'after'>
/** What the audit log keeps of each step; `by` where the author does not say it: nobody was asked, and somebody said a name. */
export type Holding = { acknowledgedBy: string | null; note: string | null }
export type Assigning = { by: string; assignedTo: string | null }
export type Snoozing = { by: string; snoozedUntil: string | null }

export const TAKEN = 'incident.acknowledge'
export const NOTED = 'incident.note'
export const ASSIGNED = 'incident.assign'
export const SNOOZED = 'incident.snooze'
const MOST_STEPS = 200

export const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

function toStep({ at, action, before, after }: AuditRow): IncidentStep {
  const said: unknown = JSON.parse(after ?? '{}')
  if (action === NOTED) return { kind: 'noted', at, ...(said as { by: string; note: string }) }
  if (action === ASSIGNED) {
    const { by, assignedTo: to } = said as Assigning
    return { kind: 'assigned', at, by, to }
  }
  if (action === SNOOZED) {
    const { by, snoozedUntil } = said as Snoozing
    return { kind: 'snoozed', at, by, until: snoozedUntil === null ? null : Date.parse(snoozedUntil) }
  }
  const had = JSON.parse(before ?? '{}') as Holding
  const has = said as Holding
  return { kind: 'acknowledged', at, by: has.acknowledgedBy ?? '', over: had.acknowledgedBy, note: has.note }
}

/** Who did what with an incident. The audit log holds every step, in the transaction of the step. */
export const incidentStepStore = ({ t: { audit: a }, db }: Engine): Pick<Store, 'incidentSteps'> => ({
  async incidentSteps({ id, openedAt }) {
    const rows = await db
      .select({ at: a.at, action: a.action, before: a.before, after: a.after })
      .from(a)
      .where(and(gte(a.at, openedAt), inArray(a.action, [TAKEN, NOTED, ASSIGNED, SNOOZED]), eq(a.subject, `${id}`)))
      .orderBy(desc(a.id))
      .limit(MOST_STEPS)
    return rows.map(toStep).reverse()
  },
})

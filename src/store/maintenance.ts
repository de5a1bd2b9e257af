import { and, asc, desc, eq, gt, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { type Author, difference } from '../domain/audit.ts'
import { type Maintenance, type MaintenanceMatch, MOST_MAINTENANCE, type Plan } from '../domain/maintenance.ts'
import { declaredMaintenance } from '../domain/maintenance-words.ts'
import type { Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import type { MaintenanceDraft, MaintenanceStore } from './store.maintenance.ts'
import type { Tables } from './tables.ts'

type Row = Tables['maintenance']['$inferSelect']

function planOf({ schedule, timeZone, lasts, startsAt, endsAt }: Row): Plan {
  if (schedule !== null) return { kind: 'again', expression: schedule, timeZone, lasts: lasts ?? 0 }
  return { kind: 'once', from: startsAt ?? 0, to: endsAt ?? 0 }
}

const toMaintenance = (row: Row): Maintenance => ({
  id: row.id,
  name: row.name,
  plan: planOf(row),
  match: row.matching === null ? null : (JSON.parse(row.matching) as MaintenanceMatch),
  createdBy: row.createdBy,
  createdAt: row.createdAt,
  endedAt: row.endedAt,
})

const valuesOf = ({ name, plan, match }: MaintenanceDraft) => ({
  name,
  matching: match === null ? null : JSON.stringify(match),
  ...(plan.kind === 'once'
    ? { schedule: null, timeZone: 'UTC', lasts: null, startsAt: plan.from, endsAt: plan.to }
    : { schedule: plan.expression, timeZone: plan.timeZone, lasts: plan.lasts, startsAt: null, endsAt: null }),
})

type Both = { before: Maintenance | null; after: Maintenance | null }

export function maintenanceStore({ t, db, tx, alone }: Engine): MaintenanceStore {
  const { maintenance: m } = t
  const isLiving = (at: Millis): SQL | undefined => and(isNull(m.endedAt), or(isNull(m.endsAt), gt(m.endsAt, at)))
  /** It can only be ended before it is over by itself. */
  const overAt = sql`coalesce(${m.endedAt}, ${m.endsAt})`.mapWith(Number)

  const living = (db: Db, at: Millis, id?: number): Promise<Row[]> =>
    db
      .select()
      .from(m)
      .where(and(isLiving(at), id === undefined ? undefined : eq(m.id, id)))
      .orderBy(asc(m.id))

  async function note(db: Db, verb: string, { before, after }: Both, at: Millis, by: Author): Promise<void> {
    const declared = (one: Maintenance | null) => (one === null ? null : { id: one.id, ...declaredMaintenance(one) })
    const [was, is] = [declared(before), declared(after)]
    const differ = was === null || is === null ? { before: was, after: is } : difference(was, is, ['id', 'name'])
    const subject = (before ?? after)?.name ?? ''
    if (differ !== null) await noteChange(db, t, { at, by, action: `maintenance.${verb}`, subject, ...differ })
  }

  return {
    maintenanceWindows: async (at) => (await living(db, at)).map(toMaintenance),

    async livingMaintenance(at, page) {
      const before = readCursor(page.cursor, 1)?.[0]
      const rows = await db
        .select()
        .from(m)
        .where(and(isLiving(at), before === undefined ? undefined : lt(m.id, before)))
        .orderBy(desc(m.id))
        .limit(page.limit + 1)
      return paged(rows.map(toMaintenance), page, ({ id }) => cursorOf(id))
    },

    async pastMaintenance(at, page) {
      const place = readCursor(page.cursor, 2)
      const [over = 0, id = 0] = place ?? []
      const rows = await db
        .select()
        .from(m)
        .where(and(lte(overAt, at), place === null ? undefined : or(lt(overAt, over), and(eq(overAt, over), lt(m.id, id)))))
        .orderBy(desc(overAt), desc(m.id))
        .limit(page.limit + 1)
      const { items, next } = paged(rows, page, (row) => cursorOf(row.endedAt ?? row.endsAt ?? 0, row.id))
      return { items: items.map(toMaintenance), next }
    },

    async findMaintenance(id) {
      const [row] = await db.select().from(m).where(eq(m.id, id))
      return row === undefined ? null : toMaintenance(row)
    },

    createMaintenance: (draft, at, by) =>
      tx(async (db) => {
        // Who plans at the same moment comes one after the other: never too many.
        await alone(db, m)
        if ((await living(db, at)).length >= MOST_MAINTENANCE) return 'too-many'
        const [row] = await db
          .insert(m)
          .values({ ...valuesOf(draft), createdBy: by.who, createdAt: at })
          .returning()
        if (row === undefined) throw new Error('The maintenance was stored but no row came back.')
        const made = toMaintenance(row)
        await note(db, 'plan', { before: null, after: made }, at, by)
        return made
      }),

    changeMaintenance: (id, to, at, by) =>
      tx(async (db) => {
        await alone(db, m)
        const [old] = await living(db, at, id)
        if (old === undefined) return null
        const [row] = await db.update(m).set(valuesOf(to)).where(eq(m.id, id)).returning()
        if (row === undefined) return null
        const changed = toMaintenance(row)
        await note(db, 'change', { before: toMaintenance(old), after: changed }, at, by)
        return changed
      }),

    endMaintenance: (id, at, by) =>
      tx(async (db) => {
        const [row] = await db
          .update(m)
          .set({ endedAt: at })
          .where(and(eq(m.id, id), isLiving(at)))
          .returning()
        if (row === undefined) return false
        await note(db, 'end', { before: toMaintenance(row), after: null }, at, by)
        return true
      }),
  }
}

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { maintenancePath, withQuery } from '../../../views/addresses.ts'
import {
  MAINTENANCE_FIELDS,
  type MaintenanceField,
  type MaintenanceRow,
  type MaintenancePage as Page,
} from '../../../views/models.maintenance.ts'
import type { FormState } from '../../../views/models.ts'
import { MaintenancePage } from '../../../views/pages/maintenance.tsx'
import type { FieldError } from '../../domain/fault.ts'
import { type Maintenance, nextWindows, spellAt } from '../../domain/maintenance.ts'
import { matchInWords, planInWords } from '../../domain/maintenance-words.ts'
import type { Millis } from '../../domain/time.ts'
import { authorIn } from '../access.ts'
import { idOf, readQuery } from '../query.ts'
import { search } from '../schema/fields.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, type Posted, readForm, typed } from './form.ts'
import { frameOf } from './frame.ts'
import { blankMaintenance, maintenanceTyped, maintenanceValues } from './maintenance-input.ts'

const ROWS_A_PAGE = 20
const text = v.optional(search, '')
const pageQuery = v.object({ cursor: text, event: text, plan: text, for: text })

const rowOf = (maintenance: Maintenance, now: Millis): MaintenanceRow => {
  const { id, name, plan, match, createdBy, endedAt } = maintenance
  const only = plan.kind === 'once' ? { from: plan.from, to: plan.to } : null
  return {
    ...{ id, name, createdBy, endedAt, isFor: matchInWords(match) },
    again: plan.kind === 'again' ? planInWords(plan) : null,
    window: spellAt(maintenance, now) ?? nextWindows(maintenance, now, 1)[0] ?? only,
  }
}

/** The next to come first. */
const byWindow = (a: MaintenanceRow, b: MaintenanceRow): number => (a.window?.from ?? 0) - (b.window?.from ?? 0)

/** `GET /maintenance`, planning one there, changing one and ending it. */
export function maintenancePageRoutes(services: Services): Hono {
  const { store, maintaining, clock, changes, settings } = services
  const zone = settings.timeZone
  const app = new Hono()
  const found = (c: Context) => maintaining.find(idOf(c, 'maintenance'))
  async function pageOf(c: Context, id: number | null, form?: FormState<MaintenanceField>): Promise<Page> {
    const { cursor, ...asked } = readQuery(c, pageQuery)
    const now = clock.now()
    const [living, past, envs, frame] = await Promise.all([
      store.maintenanceWindows(now),
      store.pastMaintenance(now, { limit: ROWS_A_PAGE, cursor: cursor || null }),
      store.environments(),
      frameOf(c, services),
    ])
    const rows = (some: readonly Maintenance[]) => some.map((one) => rowOf(one, now))
    return {
      ...{ frame, id, envs, event: asked.event },
      on: rows(living.filter((one) => spellAt(one, now) !== null)),
      coming: rows(living.filter((one) => spellAt(one, now) === null)).sort(byWindow),
      past: { items: rows(past.items), cursor: cursor || null, next: past.next },
      form: form ?? { values: blankMaintenance(asked, now, zone), errors: {} },
    }
  }

  const refuse = async (c: Context, id: number | null, posted: Posted, errors: readonly FieldError[]) => {
    const atFields = errors.map(({ path, detail }) => ({ path: path.replace(/^match\./, ''), detail }))
    const form = mistaken(MAINTENANCE_FIELDS, typed(MAINTENANCE_FIELDS, posted), atFields)
    return c.html(MaintenancePage({ page: await pageOf(c, id, form) }), 422)
  }
  const back = (c: Context, done: string) => {
    changes.tell()
    return c.redirect(withQuery(maintenancePath, { done }), 303)
  }

  app.get(maintenancePath, async (c) => c.html(MaintenancePage({ page: await pageOf(c, null) })))

  app.post(maintenancePath, async (c) => {
    const posted = await readForm(c)
    const tried = await attempt(async () =>
      maintaining.plan(maintenanceTyped(typed(MAINTENANCE_FIELDS, posted), zone), clock.now(), authorIn(c, services)),
    )
    return 'errors' in tried ? refuse(c, null, posted, tried.errors) : back(c, 'planned')
  })

  app.get(`${maintenancePath}/:id`, async (c) => {
    const old = await found(c)
    const form = { values: maintenanceValues(old, zone), errors: {} }
    return c.html(MaintenancePage({ page: await pageOf(c, old.id, form) }))
  })

  app.post(`${maintenancePath}/:id`, async (c) => {
    const { id } = await found(c)
    const posted = await readForm(c)
    const tried = await attempt(async () =>
      maintaining.change(id, maintenanceTyped(typed(MAINTENANCE_FIELDS, posted), zone), clock.now(), authorIn(c, services)),
    )
    return 'errors' in tried ? refuse(c, id, posted, tried.errors) : back(c, 'saved')
  })

  app.post(`${maintenancePath}/:id/end`, async (c) => {
    await maintaining.end(idOf(c, 'maintenance'), clock.now(), authorIn(c, services))
    return back(c, 'ended')
  })

  return app
}

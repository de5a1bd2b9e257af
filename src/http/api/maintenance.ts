import { type Context, Hono } from 'hono'
import { invalid } from '../../domain/fault.ts'
import { type Maintenance, nextWindows, spellAt } from '../../domain/maintenance.ts'
import { declaredMaintenance, matchInWords, planInWords } from '../../domain/maintenance-words.ts'
import { iso, type Millis, type Window } from '../../domain/time.ts'
import { authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { idOf, readQuery } from '../query.ts'
import { maintenanceOf, maintenanceQuery, sentMaintenance } from '../schema/maintenance.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { listShape } from './shapes.ts'

/** Windows to come that are told. */
const TOLD = 5

const windowShape = ({ from, to }: Window) => ({ from: iso(from), to: iso(to) })

const shapeAt = (now: Millis) => (maintenance: Maintenance) => ({
  id: maintenance.id,
  ...declaredMaintenance(maintenance),
  description: `${planInWords(maintenance.plan)}: ${matchInWords(maintenance.match)}`,
  active: spellAt(maintenance, now) !== null,
  next: nextWindows(maintenance, now, TOLD).map(windowShape),
  createdBy: maintenance.createdBy,
  createdAt: iso(maintenance.createdAt),
  endedAt: maintenance.endedAt === null ? null : iso(maintenance.endedAt),
})

const ONCE = ['from', 'to']
const AGAIN = ['schedule', 'timeZone', 'lasts']

/** What a change leaves of what was declared: one that says when in the other way begins there anew. */
function changed(old: Maintenance, change: Record<string, unknown>): Record<string, unknown> {
  const [own, other] = old.plan.kind === 'once' ? [ONCE, AGAIN] : [AGAIN, ONCE]
  const isOther = other.some((field) => field in change) && !own.some((field) => field in change)
  const kept = Object.entries(declaredMaintenance(old)).filter(([field]) => !(isOther && own.includes(field)))
  return { ...Object.fromEntries(kept), ...change }
}

export function maintenanceRoutes(services: Services): Hono {
  const { store, maintaining, clock, settings } = services
  const app = new Hono()
  const found = (c: Context) => maintaining.find(idOf(c, 'maintenance'))
  const draftOf = (input: unknown) => maintenanceOf(read(sentMaintenance, input), settings.timeZone)

  app.get('/maintenance', async (c) => {
    const { limit, cursor = null, past } = readQuery(c, maintenanceQuery)
    const now = clock.now()
    const list = past === 'true' ? store.pastMaintenance : store.livingMaintenance
    return c.json(listShape(await list(now, { limit, cursor }), shapeAt(now)))
  })

  app.post('/maintenance', async (c) => {
    const now = clock.now()
    const made = await maintaining.plan(draftOf(await readJson(c)), now, authorIn(c, services))
    return c.json(shapeAt(now)(made), 201, { location: `/api/v1/maintenance/${made.id}` })
  })

  app.get('/maintenance/:id', async (c) => c.json(shapeAt(clock.now())(await found(c))))

  app.patch('/maintenance/:id', async (c) => {
    const old = await found(c)
    const change = await readJson(c)
    if (!isObject(change)) throw invalid([{ path: '', detail: 'must be an object with the fields to change' }])
    const now = clock.now()
    return c.json(shapeAt(now)(await maintaining.change(old.id, draftOf(changed(old, change)), now, authorIn(c, services))))
  })

  app.delete('/maintenance/:id', async (c) => {
    await maintaining.end(idOf(c, 'maintenance'), clock.now(), authorIn(c, services))
    return c.body(null, 204)
  })

  return app
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

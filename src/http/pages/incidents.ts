import { type Context, Hono } from 'hono'
import type { IncidentRow, IncidentsFilter, IncidentsPage as Page } from '../../../views/models.incidents.ts'
import { IncidentsPage } from '../../../views/pages/incidents.tsx'
import { describe, type Expectation } from '../../domain/expectation.ts'
import { calledAs } from '../../domain/incident.ts'
import { expectationsOf, listIncidents } from '../../services/incidents.ts'
import type { IncidentFilter, NamedIncident, Paged } from '../../store/store.ts'
import { incidentShape } from '../api/shapes.ts'
import { csvLine } from '../csv.ts'
import { readQuery } from '../query.ts'
import { incidentsExportQuery, incidentsPageQuery } from '../schema/incident.ts'
import type { Services } from '../services.ts'
import { CSV, NDJSON, streamPages } from '../stream.ts'
import { frameOf } from './frame.ts'

const ROWS_A_READ = 500
const COLUMNS = [
  ...(['id', 'event', 'env', 'expectation', 'openedAt', 'openedDue', 'closedAt', 'closedDue'] as const),
  ...(['acknowledgedAt', 'acknowledgedBy', 'note', 'assignedTo', 'snoozedUntil'] as const),
]

const rowOf =
  (expectations: ReadonlyMap<number, Expectation>) =>
  (incident: NamedIncident): IncidentRow => {
    const { id, event, env, expectation, openedAt, closedAt, acknowledgedBy, note, assignedTo, snoozedUntil } = incident
    const found = expectations.get(expectation)
    const sentence = found === undefined ? '' : describe(found.terms)
    const severity = found?.telling.severity ?? null
    const by = acknowledgedBy && calledAs(acknowledgedBy)
    return { id, event, env, sentence, severity, openedAt, closedAt, note, acknowledgedBy: by, assignedTo, snoozedUntil }
  }

async function pageOf(c: Context, services: Services): Promise<Page> {
  const { store, settings } = services
  const { q, env, open, cursor } = readQuery(c, incidentsPageQuery)
  const isOpen = open === '' ? null : open === 'true'
  const list = await listIncidents(store, { q, env, isOpen, cursor: cursor || null })
  const expectations = await expectationsOf(store, [...(list.open?.items ?? []), ...(list.closed?.items ?? [])])
  const shown = (part: Paged<NamedIncident> | null) =>
    part === null ? null : { items: part.items.map(rowOf(expectations)), next: part.next }
  const frame = await frameOf(c, services)
  return {
    frame,
    filter: { q, env, open: open as IncidentsFilter['open'] },
    envs: await store.environments(),
    defaultEnv: settings.env,
    open: shown(list.open),
    closed: shown(list.closed),
    cursor: cursor || null,
    lastClosed: frame.openIncidents === 0 ? await store.lastClosed() : null,
  }
}

const csvOf = (incident: NamedIncident): string => {
  const shape = incidentShape(incident)
  return csvLine(COLUMNS.map((column) => shape[column]))
}
const lineOf = (incident: NamedIncident): string => `${JSON.stringify(incidentShape(incident))}\n`

/** All that the filter lets through, newest first. */
function listing(c: Context, { store }: Services): (cursor: string | null) => Promise<Paged<NamedIncident>> {
  const { q, env, open } = readQuery(c, incidentsExportQuery)
  const filter: IncidentFilter = { q, ...(env && { env }), ...(open && { isOpen: open === 'true' }) }
  return (cursor) => store.incidents(filter, { limit: ROWS_A_READ, cursor })
}

const AS_CSV = { type: CSV, file: 'incidents.csv', head: csvLine(COLUMNS), write: csvOf }
const AS_LINES = { type: NDJSON, file: 'incidents.ndjson', write: lineOf }

/** `GET /incidents`, and the same as files. */
export function incidentsPageRoutes(services: Services): Hono {
  const app = new Hono()
  app.get('/incidents', async (c) => c.html(IncidentsPage({ page: await pageOf(c, services) })))

  app.get('/incidents/export.csv', (c) => streamPages(c, services, AS_CSV, listing(c, services)))
  app.get('/incidents/export.ndjson', (c) => streamPages(c, services, AS_LINES, listing(c, services)))
  return app
}

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { AuditFilter, AuditPage as Page } from '../../../views/models.settings.ts'
import { AuditPage } from '../../../views/pages/audit.tsx'
import { invalid } from '../../domain/fault.ts'
import { DAY, type Millis } from '../../domain/time.ts'
import type { ChangeFilter } from '../../store/store.ts'
import { streamChanges } from '../api/audit.ts'
import { readQuery } from '../query.ts'
import { search } from '../schema/fields.ts'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

const ROWS_A_PAGE = 50
const text = v.optional(search, '')
const auditPageQuery = v.object({ who: text, from: text, to: text, cursor: text })

/** The first instant of a day in UTC; null for what is no day. */
function dayOf(text: string): Millis | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // 31 April is read as 1 May.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at
}

function readFilter({ who, from, to }: AuditFilter): { asked: ChangeFilter; errors: Page['errors'] } {
  const [first, last] = [from, to].map((day) => (day === '' ? undefined : dayOf(day)))
  const wrong = 'is no day; write it like 2026-03-04'
  const isTurned = first != null && last != null && first > last
  return {
    asked: {
      ...(who === '' ? {} : { who }),
      ...(first == null ? {} : { from: first }),
      ...(last == null ? {} : { to: last + DAY }),
    },
    errors: {
      ...(first === null || isTurned ? { from: isTurned ? 'is later than the last day' : wrong } : {}),
      ...(last === null ? { to: wrong } : {}),
    },
  }
}

async function pageOf(c: Context, services: Services): Promise<Page> {
  const { store, settings } = services
  const { cursor, ...filter } = readQuery(c, auditPageQuery)
  const { asked, errors } = readFilter(filter)
  const isWrong = Object.keys(errors).length > 0
  const found = isWrong
    ? { items: [], next: null }
    : await store.changes(asked, { limit: ROWS_A_PAGE, cursor: cursor === '' ? null : cursor })
  return {
    frame: await frameOf(c, services),
    ...{ filter, errors },
    changes: found.items,
    cursor: cursor === '' ? null : cursor,
    next: found.next,
    kept: settings.retention.verdicts,
  }
}

/** `GET /settings/audit`, and the same as a file. */
export function auditPageRoutes(services: Services): Hono {
  const app = new Hono()
  app.get('/settings/audit', async (c) => c.html(AuditPage({ page: await pageOf(c, services) })))
  for (const as of ['csv', 'ndjson'] as const)
    app.get(`/settings/audit.${as}`, (c) => {
      const { asked, errors } = readFilter(readQuery(c, auditPageQuery))
      // Rather nothing than more than was asked for.
      if (Object.keys(errors).length > 0) throw invalid(Object.entries(errors).map(([path, detail]) => ({ path, detail })))
      return streamChanges(c, services, as, asked, `affirmative-audit.${as}`)
    })
  return app
}

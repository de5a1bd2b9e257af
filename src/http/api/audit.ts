import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { Audited } from '../../domain/audit.ts'
import { changeInWords } from '../../domain/audit-words.ts'
import { iso } from '../../domain/time.ts'
import type { ChangeFilter } from '../../store/store.ts'
import { csvLine } from '../csv.ts'
import { readQuery } from '../query.ts'
import { instant, page, search } from '../schema/fields.ts'
import type { Services } from '../services.ts'
import { CSV, NDJSON, streamPages } from '../stream.ts'
import { listShape } from './shapes.ts'

const ROWS_A_READ = 500
const auditQuery = v.strictObject({ ...page, who: v.optional(search), from: v.optional(instant), to: v.optional(instant) })

const changeShape = ({ id, at, by, action, subject, before, after }: Audited) => ({
  id,
  at: iso(at),
  who: by.who,
  address: by.address,
  action,
  subject,
  before,
  after,
})

const HEAD = csvLine(['id', 'at', 'who', 'address', 'action', 'subject', 'what', 'before', 'after'])
const json = (value: Audited['before']): string => (value === null ? '' : JSON.stringify(value))
const changeLine = (change: Audited): string => {
  const { id, at, by, action, subject, before, after } = change
  return csvLine([id, iso(at), by.who, by.address, action, subject, changeInWords(change), json(before), json(after)])
}

/** The whole log, oldest first, as the reader takes it. `file`: a browser saves it. */
export function streamChanges(
  c: Context,
  services: Services,
  as: 'ndjson' | 'csv',
  filter: ChangeFilter,
  file?: string,
): Response {
  const write = as === 'csv' ? changeLine : (change: Audited) => `${JSON.stringify(changeShape(change))}\n`
  const form = { type: as === 'csv' ? CSV : NDJSON, file, write, ...(as === 'csv' ? { head: HEAD } : {}) }
  return streamPages(c, services, form, (cursor) => services.store.changesUpwards(filter, { limit: ROWS_A_READ, cursor }))
}

/** `GET /api/v1/audit`, newest first; as NDJSON all of it, oldest first. */
export function auditRoutes(services: Services): Hono {
  return new Hono().get('/audit', async (c) => {
    const { limit, cursor = null, ...filter } = readQuery(c, auditQuery)
    if (/application\/(x-ndjson|ndjson|jsonl)/.test(c.req.header('accept') ?? ''))
      return streamChanges(c, services, 'ndjson', filter as ChangeFilter)
    return c.json(listShape(await services.store.changes(filter as ChangeFilter, { limit, cursor }), changeShape))
  })
}

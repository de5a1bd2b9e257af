import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../src/store/open.ts'
import { migrate, openRaw, pathOf } from './database.ts'
import { SOURCE } from './insert.ts'
import { type Part, plain, row, say } from './report.ts'

const EVENTS = 1_000
const ROWS = 200_000
const A_BATCH = 1_000

async function size(url: string): Promise<number> {
  const db = await openRaw(url)
  const [found] = db.isPostgres
    ? await db.rows<{ size: number }>('select pg_database_size(current_database())::float8 as size')
    : []
  await db.close()
  return found?.size ?? statSync(pathOf(url)).size
}

/** Bytes on disk for each affirmation, indexes included, stored as they come: one event after the other. */
export const growth: Part = async ({ dir, postgres }) => {
  say('growth')
  const url = postgres === null ? `file:${join(dir, 'growth.db')}` : await postgres.fresh()
  await migrate(url)
  const store = await openStore(url, () => undefined)
  const envId = await store.environment('prod')
  const ids: number[] = []
  for (let i = 0; i < EVENTS; i++) {
    const event = await store.createEvent({ name: `job_${i}`, key: `k${i}`, description: '', tags: [], createdAt: 0 })
    if (typeof event !== 'string') ids.push(event.id)
  }
  const before = await size(url)
  for (let n = 0; n < ROWS; n += A_BATCH)
    await store.append(
      ids.map((eventId, i) => ({
        eventId,
        name: `job_${i}`,
        envId,
        at: 1.77e12 + n,
        status: 0,
        source: SOURCE,
        value: null,
        clientId: null,
        isNews: false,
      })),
    )
  await store.close()
  const bytes = ((await size(url)) - before) / ROWS
  return [
    row({
      part: 'growth',
      what: 'bytes an affirmation, indexes included',
      figure: plain(bytes),
      measured: bytes,
      atMost: 60,
      unit: '',
    }),
  ]
}

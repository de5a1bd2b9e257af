import { statSync } from 'node:fs'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { SOURCE } from './insert.ts'
import { migrate, openRaw, pathOf } from './raw.ts'
import { type Part, plain, rowsOf, type Scale, say } from './report.ts'

const EVENTS = 1_000
const ROWS: Record<Scale, number> = { full: 1_000_000, quick: 200_000, tiny: 20_000 }

/** In bytes, with nothing left in the write-ahead log. */
async function sizeOf(url: string): Promise<number> {
  const db = await openRaw(url)
  const [found] = db.isPostgres
    ? await db.rows<{ size: number }>('select pg_database_size(current_database())::float8 as size')
    : []
  await db.close()
  return found?.size ?? statSync(pathOf(url)).size
}

async function makeEvents(store: Store): Promise<number[]> {
  const ids: number[] = []
  for (let i = 0; i < EVENTS; i++) {
    const event = await store.createEvent({ name: `job_${i}`, key: `k${i}`, description: '', tags: [], createdAt: 0 }, null)
    if (typeof event !== 'string') ids.push(event.id)
  }
  return ids
}

/** As they come: one event after the other, a second later again. */
async function appendTo(store: Store, ids: readonly number[], count: number): Promise<void> {
  const envId = await store.environment('prod')
  const stored = { envId, status: 0 as const, source: SOURCE, value: null, clientId: null, isNews: false }
  for (let n = 0; n < count; n += EVENTS)
    await store.append(ids.map((eventId, i) => ({ ...stored, eventId, name: `job_${i}`, at: 1.77e12 + n })))
}

/** Bytes on disk for each affirmation, indexes included. */
export const growth: Part = async ({ databases, scale }) => {
  say('growth')
  const url = await databases.fresh()
  await migrate(url, { from: 1.77e12, to: 1.77e12 })
  const store = await openStore(url, () => undefined)
  const ids = await makeEvents(store)
  const before = await sizeOf(url)
  await appendTo(store, ids, ROWS[scale])
  await store.close()
  const bytes = ((await sizeOf(url)) - before) / ROWS[scale]
  // The target is of the SQLite file: PostgreSQL's rows have a head of 28 bytes each.
  const target = databases.isPostgres ? {} : { atMost: 60 }
  const what = `bytes an affirmation, indexes included, over ${plain(ROWS[scale])}`
  return [rowsOf('growth')({ what, figure: plain(bytes), measured: bytes, ...target })]
}

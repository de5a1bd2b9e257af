import { and, inArray, isNull, lt, ne, type SQL } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Engine } from './engine.ts'
import type { TellingStore } from './store.telling.ts'

/** See `TellingStore.clearTold`: every step is one short write. */
export function toldPruningStore({ t, db, write }: Engine): Pick<TellingStore, 'clearTold'> {
  const { deliveries: d, floods: f, unjudged: u } = t

  const clear = async (table: typeof d | typeof f | typeof u, isOld: SQL | undefined, limit: number): Promise<boolean> => {
    const old = await db.select({ id: table.id }).from(table).where(isOld).limit(limit)
    if (old.length === 0) return false
    const ids = old.map(({ id }) => id)
    await write((db) => db.delete(table).where(inArray(table.id, ids)))
    return true
  }

  return {
    clearTold: async (before: Millis, limit) =>
      (await clear(d, and(lt(d.createdAt, before), ne(d.state, 'waiting'), isNull(d.heldBy)), limit)) ||
      (await clear(f, lt(f.endedAt, before), limit)) ||
      (await clear(u, lt(u.toldAt, before), limit)),
  }
}

import { affirmationStore } from './affirmations.ts'
import type { Engine } from './engine.ts'
import { eventStore } from './events.ts'
import { expectationStore } from './expectations.ts'
import { incidentStore } from './incidents.ts'
import { listeningStore } from './listening.ts'
import { newsStore } from './news.ts'
import { owedStore } from './owed.ts'
import { openPostgres } from './postgres.ts'
import { pruningStore } from './pruning.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'
import { verdictStore } from './verdicts.ts'

export { InUse, TooNew } from './engine.ts'

function storeOn(engine: Engine): Store {
  const events = eventStore(engine)
  return {
    engine: engine.name,
    ...events,
    ...affirmationStore(engine),
    ...expectationStore(engine, events.environment),
    ...owedStore(engine),
    ...newsStore(engine),
    ...verdictStore(engine),
    ...incidentStore(engine),
    ...listeningStore(engine),
    ...pruningStore(engine),
    close: engine.close,
  }
}

/**
 * Opens the database at `file:…` or `postgres://…` and brings it up to date. Throws `InUse` and `TooNew` in words.
 * `onTrouble` hears of connections that break while nobody uses them.
 */
export async function openStore(url: string, onTrouble: (error: Error) => void): Promise<Store> {
  return storeOn(url.startsWith('file:') ? await openSqlite(url.slice('file:'.length)) : await openPostgres(url, onTrouble))
}

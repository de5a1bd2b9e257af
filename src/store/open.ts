import { acknowledgingStore } from './acknowledging.ts'
import { affirmationStore } from './affirmations.ts'
import { attendingStore } from './attending.ts'
import { auditStore } from './audit.ts'
import { awaitedStore } from './awaited.ts'
import { blindnessStore } from './blindness.ts'
import { channelStore } from './channels.ts'
import { CannotOpen, type Engine, Refusal } from './engine.ts'
import { environmentStore } from './environments.ts'
import { eventTableStore } from './event-table.ts'
import { eventStore } from './events.ts'
import { expectationStore } from './expectations.ts'
import { dampingStore } from './floods.ts'
import { incidentStore } from './incident-lists.ts'
import { incidentStepStore } from './incident-steps.ts'
import { keyStore } from './keys.ts'
import { linkListStore } from './link-lists.ts'
import { linkStore } from './links.ts'
import { listeningStore } from './listening.ts'
import { maintenanceStore } from './maintenance.ts'
import { newsStore } from './news.ts'
import { outboxStore } from './outbox.ts'
import { outlineStore } from './outline.ts'
import { owedStore } from './owed.ts'
import { peopleStore } from './people.ts'
import { placeStore } from './places.ts'
import { openPostgres } from './postgres.ts'
import { pruningStore } from './pruning.ts'
import { sessionStore } from './sessions.ts'
import { settlingStore } from './settling.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'
import { tallyStore } from './tallies.ts'
import { tellingStore } from './tellings.ts'
import { toldPruningStore } from './told-pruning.ts'
import { saidBy } from './trouble.ts'
import { verdictStore } from './verdicts.ts'
import { withdrawalStore } from './withdrawals.ts'

export { InUse, Refusal, TooNew } from './engine.ts'

function storeOn(engine: Engine): Store {
  const events = eventStore(engine)
  return {
    engine: engine.name,
    ...events,
    ...affirmationStore(engine),
    ...withdrawalStore(engine),
    ...awaitedStore(engine),
    ...tallyStore(engine),
    ...expectationStore(engine, events.environment),
    ...owedStore(engine),
    ...newsStore(engine),
    ...verdictStore(engine),
    ...outlineStore(engine),
    ...incidentStore(engine),
    ...acknowledgingStore(engine),
    ...attendingStore(engine),
    ...incidentStepStore(engine),
    ...auditStore(engine),
    ...outboxStore(engine),
    ...settlingStore(engine),
    ...toldPruningStore(engine),
    ...tellingStore(engine),
    ...dampingStore(engine),
    ...blindnessStore(engine),
    ...keyStore(engine),
    ...channelStore(engine),
    ...peopleStore(engine),
    ...linkStore(engine),
    ...linkListStore(engine),
    ...sessionStore(engine),
    ...maintenanceStore(engine),
    ...placeStore(engine),
    ...environmentStore(engine),
    ...eventTableStore(engine),
    ...listeningStore(engine),
    ...pruningStore(engine),
    judgeUpTo: engine.judgeUpTo,
    clock: engine.clock,
    connections: engine.connections,
    server: engine.server,
    close: engine.close,
  }
}

async function openEngine(url: string, onTrouble: (error: Error) => void): Promise<Engine> {
  try {
    return url.startsWith('file:') ? await openSqlite(url.slice('file:'.length)) : await openPostgres(url, onTrouble)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new CannotOpen(`The database of DATABASE_URL cannot be opened: ${saidBy(error)}`, { cause: error })
  }
}

/**
 * Opens the database at `file:…` or `postgres://…` and brings it up to date. Throws a `Refusal` in words.
 * `onTrouble` hears of connections that break while nobody uses them.
 */
export const openStore = async (url: string, onTrouble: (error: Error) => void): Promise<Store> =>
  storeOn(await openEngine(url, onTrouble))

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../root.ts'
import { Refusal, TooNew } from './engine.ts'

type Journal = { entries: { when: number }[] }

/** Where the engine's migrations lie. */
export const migrationsOf = (engine: 'sqlite' | 'postgresql'): string => inRoot('migrations', engine)

function newestOf(engine: 'sqlite' | 'postgresql'): number {
  const journal = JSON.parse(readFileSync(join(migrationsOf(engine), 'meta', '_journal.json'), 'utf8')) as Journal
  return Math.max(...journal.entries.map(({ when }) => when))
}

/** Refuses a database that has seen a later migration than this program knows. `lastRun` as drizzle records it; null for none. */
export function refuseNewer(engine: 'sqlite' | 'postgresql', lastRun: number | null): void {
  if (lastRun !== null && lastRun > newestOf(engine))
    throw new TooNew(
      'This database was made by a newer affirmative than this one. Start that version or a later one; nothing was changed.',
    )
}

/** Refuses a database that this program would have to migrate first. */
export function refuseOlder(engine: 'sqlite' | 'postgresql', lastRun: number | null): void {
  if (lastRun !== null && lastRun < newestOf(engine))
    throw new Refusal(
      'This database was made by an older affirmative than this one. Start this version on it once, and stop it again.',
    )
}

/** Refuses a database that a copy has filled in part. */
export function refuseUnfinished(isCopying: boolean): void {
  if (isCopying) throw new Refusal('A copy into this database was not finished: run it again or drop the database.')
}

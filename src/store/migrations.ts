import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../root.ts'
import { TooNew } from './engine.ts'

type Journal = { entries: { when: number }[] }

/** Where the engine's migrations lie. */
export const migrationsOf = (engine: 'sqlite' | 'postgresql'): string => inRoot('migrations', engine)

/** Refuses a database that has seen a later migration than this program knows. `lastRun` as drizzle records it; null for none. */
export function refuseNewer(engine: 'sqlite' | 'postgresql', lastRun: number | null): void {
  const journal = JSON.parse(readFileSync(join(migrationsOf(engine), 'meta', '_journal.json'), 'utf8')) as Journal
  const newest = Math.max(...journal.entries.map(({ when }) => when))
  if (lastRun !== null && lastRun > newest)
    throw new TooNew(
      'This database was made by a newer affirmative than this one. Start that version or a later one; nothing was changed.',
    )
}

import type { Person } from '../domain/access.ts'
import type { Session } from '../domain/people.ts'
import { type Duration, type Millis, SECOND } from '../domain/time.ts'

export type Found = { session: Session; person: Person }
type Entry = { found: Found | null; until: Millis }

export type RememberedSessions = {
  /** What was found lately, or what `find` finds now. */
  find(hash: string, at: Millis, find: (hash: string) => Promise<Found | null>): Promise<Found | null>
  forget(): void
}

/** A page asks a handful of times; other nodes' sign-outs hold after this. */
const KEPT_FOR: Duration = 3 * SECOND
const MOST_KEPT = 5_000

/** A few seconds of sessions. What was asked for before `forget` and answered after it is not kept. */
export function rememberedSessions(): RememberedSessions {
  const entries = new Map<string, Entry>()
  let generation = 0
  return {
    find: async (hash, at, find) => {
      const known = entries.get(hash)
      if (known !== undefined && known.until > at && known.until - at <= KEPT_FOR) return known.found
      const asked = generation
      const found = await find(hash)
      if (asked !== generation) return found
      if (entries.size >= MOST_KEPT) entries.clear()
      entries.set(hash, { found, until: at + KEPT_FOR })
      return found
    },
    forget: () => {
      generation += 1
      entries.clear()
    },
  }
}

import type { Author } from '../domain/audit.ts'
import type { Event } from '../domain/event.ts'
import type { Commit, Place, Push } from '../domain/place.ts'
import type { Millis } from '../domain/time.ts'
import type { Page, Paged } from './store.ts'

/** A place in a list across events. */
export type NamedPlace = Place & { event: string; key: string }
export type PlaceFilter = { eventId?: number; repo?: string }
/** How many places came, stayed and went. */
export type Pushed = { kind: 'pushed'; added: number; kept: number; gone: number }
/** `older`: what is known of this repository is of `newest`; nothing was changed. */
export type PushAnswer = Pushed | { kind: 'older'; newest: Commit } | { kind: 'too-many' }

/** The part of `Store` that is about where in code events are affirmed. What comes or goes is noted in the audit log. */
export interface PlaceStore {
  /** Those of them that there are, by key or by name. */
  eventsCalled(namesOrKeys: readonly string[]): Promise<Event[]>
  /** What the repository had is replaced: what is not in the push is gone since its commit. No two drafts have one event and path. */
  pushPlaces(push: Push, at: Millis, by: Author): Promise<PushAnswer>
  /** By id. */
  listPlaces(filter: PlaceFilter, page: Page): Promise<Paged<NamedPlace>>
  /** Those that are there first, then those gone last; at most `limit`, and how many there are. */
  placesOf(event: number, limit: number): Promise<{ items: Place[]; total: number }>
  /** Forgets a repository; resolves to how many places it had. */
  forgetPlaces(repo: string, at: Millis, by: Author): Promise<number>
}

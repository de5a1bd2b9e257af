import type { Commit, Place } from '../src/domain/place.ts'

export type PlaceView = Pick<Place, 'repo' | 'path' | 'line' | 'more' | 'link' | 'first' | 'gone' | 'pushedAt'>

/** Where in code an event is affirmed: the first of them, and how many there are. `gone`: since when in no code that is known; null while it is in some. */
export type PlacesView = { items: readonly PlaceView[]; total: number; gone: Commit | null }

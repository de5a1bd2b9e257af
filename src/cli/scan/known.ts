import { nearestName } from '../../domain/nearest.ts'
import { unified } from './label.ts'

/** An event that the server knows. */
export type KnownEvent = { key: string; name: string }

/** What the server knows, ready to be asked about every line of a large tree. */
export type Known = {
  events: readonly KnownEvent[]
  byKey(key: string): KnownEvent | undefined
  byName(name: string): KnownEvent | undefined
  /** By a name as variables and comments have it: `ORDERS_KEY` is `orders`. */
  byLabel(label: string): KnownEvent | undefined
  /** The known key (or name) that an unknown one may be a slip of; null where none is near. */
  nearestKey(key: string): string | null
  nearestName(name: string): string | null
}

/** Comparing is slow; of very many unknown ones in sight of very many events only the first are compared. */
const MOST_COMPARED = 2_000_000

function aNearest(known: readonly string[]): (text: string) => string | null {
  const found = new Map<string, string | null>()
  const most = Math.floor(MOST_COMPARED / Math.max(1, known.length))
  return (text) => {
    const before = found.get(text)
    if (before !== undefined) return before
    if (found.size >= most) return null
    const nearest = nearestName(text, known)
    found.set(text, nearest)
    return nearest
  }
}

export function aKnown(events: readonly KnownEvent[]): Known {
  const keys = new Map(events.map((event) => [event.key, event]))
  const names = new Map(events.map((event) => [event.name, event]))
  const labels = new Map(events.map((event) => [unified(event.name), event]))
  return {
    events,
    byKey: (key) => keys.get(key),
    byName: (name) => names.get(name),
    byLabel: (label) => names.get(label) ?? labels.get(unified(label)),
    nearestKey: aNearest([...keys.keys()]),
    nearestName: aNearest([...names.keys()]),
  }
}

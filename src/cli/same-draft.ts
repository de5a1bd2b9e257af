import { isDeepStrictEqual } from 'node:util'

type Declared = Readonly<Record<string, unknown>>

/** Is what would be declared there already? Both as the server says them, its defaults filled in, and both of one event: that may be said by name or key. */
export const isSameDeclared = (wanted: Declared, known: Declared): boolean =>
  Object.keys(wanted)
    .filter((field) => field !== 'event')
    .every((field) => isDeepStrictEqual(sorted(field, known[field]), sorted(field, wanted[field])))

/** In which order channels are told does not matter, and the server gives them in its own. */
const sorted = (field: string, value: unknown): unknown =>
  field === 'channels' && Array.isArray(value) ? value.map(String).sort() : value

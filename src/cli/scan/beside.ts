import type { Near } from './find.ts'
import type { Known, KnownEvent } from './known.ts'

const WORDS = /[A-Za-z0-9][A-Za-z0-9_.:-]*/g
const KEY = /\baf_[0-9A-Za-z]{8}\b/

/** A plain word like `backup` is in many a comment by chance; one in quotes, or made of several, is a name. */
const isMeant = (line: string, name: string): boolean => /[0-9_.:-]/.test(name) || new RegExp(`["'\`]${name}["'\`]`).test(line)

/** Known events that a line names. A sentence may end after a name. */
const namedIn = (line: string, known: Known): KnownEvent[] =>
  [...line.matchAll(WORDS)]
    .map(([word]) => known.byName(word) ?? known.byName(word.replace(/[.:-]+$/, '')))
    .filter((event) => event !== undefined)
    .filter(({ name }) => isMeant(line, name))

/** The other event that is named beside a key, in its line or the ones around, where its own name is in none of them; else null. */
export function nameBeside({ above, same, below }: Near, own: KnownEvent, known: Known): KnownEvent | null {
  // A line with a key of its own speaks of that.
  const around = [above, below].filter((line) => !KEY.test(line))
  const named = [same, ...around].flatMap((line) => namedIn(line, known))
  const isOwn = [same, ...around].some((line) => line.includes(own.name))
  return isOwn ? null : (named[0] ?? null)
}

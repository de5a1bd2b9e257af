import { callsIn, type Near } from './find.ts'
import type { Known, KnownEvent } from './known.ts'
import { labelsOf } from './label.ts'

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

/** A line with a key or a call of its own speaks of that. */
const speaksOfItself = (line: string): boolean => KEY.test(line) || !callsIn(line).next().done

/** The other event that a key is called by, or that is named in its line or the ones around, where its own name is in none of them; else null. */
export function nameBeside({ above, same, below }: Near, own: KnownEvent, known: Known): KnownEvent | null {
  const called = labelsOf(same, own.key).flatMap((label) => known.byLabel(label) ?? [])
  if (called.length > 0) return called.includes(own) ? null : (called[0] ?? null)
  const around = [above, below].filter((line) => !speaksOfItself(line))
  const named = [same, ...around].flatMap((line) => namedIn(line, known))
  const isOwn = [same, ...around].some((line) => line.includes(own.name))
  return isOwn ? null : (named[0] ?? null)
}

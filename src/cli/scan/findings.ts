import { nameBeside } from './beside.ts'
import type { Hit } from './find.ts'
import type { Known, KnownEvent } from './known.ts'

/** A line that speaks of an event. `known` null: nobody was asked. */
export type Item = {
  key: string | null
  event: string | null
  path: string
  line: number
  column: number
  known: boolean | null
}
export type Unknown = Item & { nearest: string | null }
/** The key is of `event`; what stands beside it is the name of another, `beside`. */
export type Disagreeing = Item & { beside: string }
export type Several = { key: string; event: string; places: { path: string; line: number }[] }

/** `words`: texts that have the shape of a key and are words more likely, left out. `unused` and `several` are null where nobody was asked. */
export type Findings = {
  items: Item[]
  unknown: Unknown[]
  disagreeing: Disagreeing[]
  unused: { key: string; event: string }[] | null
  several: Several[] | null
  words: number
}

/** Where an event was seen. `isNote`: the last place only says whose key the line below it has, and is one place with that. */
type Use = { key: string; event: string; items: Item[]; isNote: boolean }

const severalOf = ({ key, event, items }: Use): Several => ({
  key,
  event,
  places: items.map(({ path, line }) => ({ path, line })),
})

/** A comment without a call in it. */
const isNote = (line: string): boolean => /^\s*(?:#|\/\/|--|\/?\*|<!--|;|%|rem\b)/i.test(line) && !/affirm(?:ative)?\b/.test(line)

/** Takes the hits of one file after the other. */
export type Gathering = { add(path: string, hits: readonly Hit[]): void; findings(): Findings }

/** One in a thousand keys looks like a word, but most words that look like a key are none: `af_register`. */
const isWord = (text: string): boolean => /^af_[a-z]{8}$/.test(text)

/** A part of a text keeps all of it in memory; this is one of its own. */
const apart = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

/** `known` null: without a server. */
export function aGathering(known: Known | null): Gathering {
  const found: Omit<Findings, 'unused' | 'several'> = { items: [], unknown: [], disagreeing: [], words: 0 }
  const used = new Map<string, Use>()

  const use = ({ key, name }: KnownEvent, item: Item, isNote: boolean): void => {
    const uses = used.get(key) ?? { key, event: name, items: [], isNote }
    used.set(key, uses)
    const last = uses.items.at(-1)
    const isRightBelow = last?.path === item.path && last.line === item.line - 1
    if (last !== undefined && uses.isNote && isRightBelow) Object.assign(last, item)
    else {
      uses.items.push(item)
      found.items.push(item)
    }
    uses.isNote = isNote
  }

  const addKnown = (event: KnownEvent, { near, line, column }: Hit, path: string, known: Known): void => {
    const item = { key: event.key, event: event.name, path, line, column, known: true }
    const beside = near === null ? null : nameBeside(near, event, known)
    if (beside !== null) found.disagreeing.push({ ...item, beside: beside.name })
    const last = used.get(event.key)?.items.at(-1)
    // A call by name with the key in a comment is one place.
    if (last?.path === path && last.line === line) return
    use(event, item, near !== null && isNote(near.same))
  }

  const addUnknown = ({ kind, text, line, column }: Hit, path: string, known: Known): void => {
    const nearest = kind === 'key' ? known.nearestKey(text) : known.nearestName(text)
    if (kind === 'key' && isWord(text) && nearest === null) {
      found.words += 1
      return
    }
    const item = { ...textOf(kind, text), path, line, column, known: false }
    found.items.push(item)
    found.unknown.push({ ...item, nearest })
  }

  return {
    add: (path, hits) => {
      for (const hit of hits) {
        const event = known?.byKey(hit.text) ?? known?.byName(hit.text)
        if (known === null)
          found.items.push({ ...textOf(hit.kind, hit.text), path, line: hit.line, column: hit.column, known: null })
        else if (event === undefined) addUnknown(hit, path, known)
        else addKnown(event, hit, path, known)
      }
    },
    findings: () => ({
      ...found,
      unused: known?.events.filter(({ key }) => !used.has(key)).map(({ key, name }) => ({ key, event: name })) ?? null,
      several: known && [...used.values()].filter(({ items }) => items.length > 1).map(severalOf),
    }),
  }
}

const textOf = (kind: Hit['kind'], text: string) =>
  kind === 'key' ? { key: apart(text), event: null } : { key: null, event: apart(text) }

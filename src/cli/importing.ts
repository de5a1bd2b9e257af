import { type Api, Refused } from './api.ts'
import { anIdentifying, type Declared, declaredOf, type Kind } from './archive.ts'
import { isSameDeclared } from './same-draft.ts'

type Count = { made: number; there: number; refused: number; left: number }
/** What became of each kind, and why what was refused was. */
export type Done = { kinds: Partial<Record<Kind, Count>>; reasons: Record<string, number> }
type Declaring = Exclude<Kind, 'affirmation'>

/** Takes the lines of an export one after the other. Throws `NotAsked`. */
export type Importing = {
  declared(kind: Declaring, declared: Declared): Promise<void>
  /** As JSON text. They are sent many at once. */
  affirmation(json: string): Promise<void>
  end(): Promise<Done>
}

type Tally = { accepted: number; duplicates: number; rejected: { index: number; detail: string }[] }

const PATHS = { event: '/events', channel: '/channels', expectation: '/expectations', maintenance: '/maintenance' } as const
const MOST_AT_ONCE = 1_000
const MOST_BYTES = 4 * 1_048_576

/** Two of one reason differ in their names and instants. */
const reasonOf = (detail: string): string => detail.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…').replace(/"[^"]*"/g, '"…"')

/** What is there of a kind, each to be found once: of two that are alike, two are wanted. */
async function thereOf(api: Api, kind: Declaring): Promise<Declared[]> {
  const found: Declared[] = []
  const query = kind === 'channel' ? { limit: undefined } : {}
  for await (const answer of api.all<Declared>(PATHS[kind], query)) found.push(declaredOf(kind, answer))
  return found
}

const NAMED: readonly Kind[] = ['event', 'channel']
const isThere = (kind: Declaring, wanted: Declared) => (known: Declared) =>
  NAMED.includes(kind) ? known.name === wanted.name : known.event === wanted.event && isSameDeclared(wanted, known)

export function anImporting(api: Api): Importing {
  const done: Done = { kinds: {}, reasons: {} }
  const there = new Map<Declaring, Declared[]>()
  let waiting: string[] = []
  let size = 0
  /** Ids that an event's affirmations have there, or would have in an export. */
  let known: { event: string; ids: Set<string> } | null = null

  const countOf = (kind: Kind): Count => {
    done.kinds[kind] ??= { made: 0, there: 0, refused: 0, left: 0 }
    return done.kinds[kind]
  }
  const refuse = (kind: Kind, name: unknown, detail: string): void => {
    countOf(kind).refused += 1
    const reason = `${kind}${kind === 'affirmation' ? '' : ` ${name}`}: ${reasonOf(detail)}`
    done.reasons[reason] = (done.reasons[reason] ?? 0) + 1
  }

  const idsOf = async (event: string): Promise<Set<string>> => {
    if (known?.event === event) return known.ids
    const ids = new Set<string>()
    const identified = anIdentifying()
    try {
      for await (const line of api.lines(`/events/${encodeURIComponent(event)}/affirmations`)) ids.add(identified(line).id)
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error
    }
    known = { event, ids }
    return ids
  }

  const send = async (): Promise<void> => {
    if (waiting.length === 0) return
    const { accepted, duplicates, rejected } = await api.sendLines<Tally>('/affirmations', waiting.join('\n'))
    countOf('affirmation').made += accepted
    countOf('affirmation').there += duplicates
    for (const { detail } of rejected) refuse('affirmation', null, detail)
    ;[waiting, size] = [[], 0]
  }

  return {
    declared: async (kind, declared) => {
      const list = there.get(kind) ?? (await thereOf(api, kind))
      there.set(kind, list)
      const index = list.findIndex(isThere(kind, declared))
      if (index >= 0) {
        list.splice(index, 1)
        countOf(kind).there += 1
        return
      }
      try {
        await api.send('POST', PATHS[kind], declared)
        countOf(kind).made += 1
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        refuse(kind, declared.name ?? declared.event, error.message)
      }
    },
    affirmation: async (json) => {
      const { event, id, withdrawn } = JSON.parse(json) as { event: string; id: string; withdrawn?: unknown }
      if (withdrawn !== undefined) countOf('affirmation').left += 1
      else if ((await idsOf(event)).has(id)) countOf('affirmation').there += 1
      else {
        waiting.push(json)
        size += json.length
        if (waiting.length >= MOST_AT_ONCE || size >= MOST_BYTES) await send()
      }
    },
    end: async () => {
      await send()
      return done
    },
  }
}

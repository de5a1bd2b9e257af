import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fault } from '../domain/fault.ts'
import type { Appended, Row } from '../store/store.ts'
import type { Asked } from './affirm.ts'
import { tooMuch } from './group-commit.ts'

export type Tally = { accepted: number; duplicates: number; rejected: { index: number; detail: string }[] }

/** Affirmations of one request. Nothing is stored, and no name registered, before all of it has been read. */
export type AffirmBatch = {
  add(asked: Asked | Fault): void
  /** A bad one is told by its index and the others are stored. Throws `over-capacity` when nothing was, `unavailable` when that is not sure. */
  store(): Promise<Tally>
}

type Needs = {
  /** A promise while the name is looked up. Throws a fault for what cannot be taken. */
  rowOf: (asked: Asked) => Row | Promise<Row>
  isKnown: (asked: Asked) => boolean
  appendAll: (rows: readonly Row[]) => Promise<Appended[]>
  forget: (eventId: number) => void
  hasRoom: (rows: number) => boolean
  unavailable: () => Fault
}

const LOOKED_UP_AT_ONCE = 10

const isBad = ({ code }: Fault): boolean => code === 'invalid' || code === 'not-found'

export function aBatch({ rowOf, isKnown, appendAll, forget, hasRoom, unavailable }: Needs): AffirmBatch {
  const all: (Asked | Fault)[] = []
  const rows: (Row | null)[] = []

  const fault = (index: number, error: unknown): void => {
    if (!(error instanceof Fault && isBad(error))) throw error instanceof Fault ? error : unavailable()
    all[index] = error
  }

  const lookUp = async (index: number): Promise<void> => {
    const asked = all[index]
    if (asked === undefined || asked instanceof Fault) return
    try {
      rows[index] = await rowOf(asked)
    } catch (error) {
      rows[index] = null
      fault(index, error)
    }
  }

  /** Some at a time, and others in between: ten thousand new names would hold everybody up, or want more connections than there are. */
  const lookUpAll = async (places: readonly number[]): Promise<void> => {
    for (let i = 0; i < places.length; i += LOOKED_UP_AT_ONCE) {
      await Promise.all(places.slice(i, i + LOOKED_UP_AT_ONCE).map(lookUp))
      await nextTurn()
    }
  }

  /** What became of the rows at these places. */
  const storeRows = async (places: readonly number[]): Promise<Appended[]> => {
    const given = places.flatMap((place) => rows[place] ?? [])
    try {
      return await appendAll(given)
    } catch (error) {
      throw error instanceof Fault ? error : unavailable()
    }
  }

  /** Those whose event was deleted or renamed since the look-up are looked up and stored once more. */
  const storeAgain = async (places: readonly number[]): Promise<Appended[]> => {
    for (const eventId of new Set(places.flatMap((place) => rows[place]?.eventId ?? []))) forget(eventId)
    await lookUpAll(places)
    // The first part is stored: whatever goes wrong now, it is not true any more that nothing was.
    const answers = await storeRows(places.filter((place) => rows[place] !== null)).catch(() => Promise.reject(unavailable()))
    if (answers.includes('gone')) throw unavailable()
    return answers
  }

  return {
    add: (asked) => {
      const index = all.push(asked) - 1
      rows.push(null)
      if (asked instanceof Fault || !isKnown(asked)) return
      try {
        const row = rowOf(asked)
        if (!(row instanceof Promise)) rows[index] = row
      } catch (error) {
        fault(index, error)
      }
    },
    store: async () => {
      // Asked before names are registered: what is refused leaves nothing behind.
      if (!hasRoom(all.length)) throw tooMuch()
      await lookUpAll([...all.keys()].filter((place) => rows[place] === null && !(all[place] instanceof Fault)))
      const places = [...rows.keys()].filter((place) => rows[place] !== null)
      const first = await storeRows(places)
      const gone = places.filter((_, i) => first[i] === 'gone')
      const answers = gone.length === 0 ? first : [...first, ...(await storeAgain(gone))]
      return {
        accepted: answers.filter((answer) => answer === 'stored').length,
        duplicates: answers.filter((answer) => answer === 'duplicate').length,
        rejected: all.flatMap((one, index) => (one instanceof Fault ? [{ index, detail: one.message }] : [])),
      }
    },
  }
}

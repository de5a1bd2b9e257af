import { Fault } from '../domain/fault.ts'
import type { Duration } from '../domain/time.ts'
import type { Appended, Row } from '../store/store.ts'

/** Waiting rows beyond these are refused: memory stays bounded and the caller learns it at once. */
export const MOST_SINGLES = 10_000
export const MOST_OF_BATCHES_WAITING = 40_000
/** Their values together, in characters. */
const MOST_WAITING_VALUES = 64 * 1_048_576
/** Single rows a transaction: a few milliseconds of writing, so that nobody behind waits long. */
const MOST_TOGETHER = 1_000
/** Rows of batches a transaction: single ones that come meanwhile wait for no more than these. */
const MOST_OF_BATCHES = 500
/** Whoever waited behind a transaction that failed after so long would wait as long again for the next: it is told at once. */
const LONG_FAILURE: Duration = 1_000

export const tooMuch = (): Fault =>
  new Fault(
    'over-capacity',
    'Too many affirmations wait to be stored. Nothing of this request was stored; send it again in a few seconds.',
  )

/** `row` null stands for a flush: it is settled when all before it are written. */
type Single = { row: Row | null; settle: (answer: Appended) => void; fail: (error: unknown) => void }
type Batch = {
  rows: readonly Row[]
  answers: Appended[]
  settle: (answers: Appended[]) => void
  fail: (error: unknown) => void
}

/** Rows of all requests in flight go to disk in one transaction; only then are those requests answered. No timer: it takes what is there. */
export type GroupCommit = {
  /** Resolves when the row is committed. Throws `over-capacity` when too much waits, the store's error when it could not be stored. */
  append(row: Row): Promise<Appended>
  /** The same for many rows of one request: they go in pieces, and let single ones pass. A part may be stored when it throws the store's error. */
  appendAll(rows: readonly Row[]): Promise<Appended[]>
  /** Rows that wait. */
  waiting(): { singles: number; ofBatches: number }
  /** May a batch of so many wait? */
  hasRoom(rows: number): boolean
  /** Resolves when all that was handed over before has been committed (or has failed). */
  flush(): Promise<void>
}

const sizeOf = (row: Row | null): number => row?.value?.length ?? 0

/** Counts what waits; of single rows and of batches each, so that neither takes the room of the other. */
function aScale(values: { waiting: number }, most: number) {
  let rows = 0
  const add = (sign: 1 | -1) => (row: Row | null) => {
    rows += sign
    values.waiting += sign * sizeOf(row)
  }
  return {
    put: add(1),
    take: add(-1),
    rows: () => rows,
    hasRoom: (more: number) => rows + more <= most && values.waiting <= MOST_WAITING_VALUES,
  }
}

/** `elapsed`: milliseconds on a clock that never jumps. */
export function aGroupCommit(
  write: (rows: readonly Row[]) => Promise<Appended[]>,
  onFailure: (error: unknown) => void,
  elapsed: () => number,
): GroupCommit {
  const singles: Single[] = []
  const batches: Batch[] = []
  const values = { waiting: 0 }
  const ofSingles = aScale(values, MOST_SINGLES)
  const ofBatches = aScale(values, MOST_OF_BATCHES_WAITING)
  let isDraining = false

  /** The next piece of the oldest batch. */
  const pieceOf = (batch: Batch | undefined): readonly Row[] =>
    batch === undefined ? [] : batch.rows.slice(batch.answers.length, batch.answers.length + MOST_OF_BATCHES)

  const answerBatch = (batch: Batch, answers: readonly Appended[]): void => {
    batch.answers.push(...answers)
    if (batch.answers.length < batch.rows.length) return
    batches.shift()
    batch.settle(batch.answers)
  }

  const failWaiting = (error: unknown): void => {
    for (const { row, fail } of singles.splice(0)) {
      ofSingles.take(row)
      fail(error)
    }
    for (const { fail } of batches.splice(0)) fail(error)
  }

  const commit = async (): Promise<void> => {
    const together = singles.splice(0, MOST_TOGETHER)
    const [batch] = batches
    const piece = pieceOf(batch)
    const rows = together.flatMap(({ row }) => (row === null ? [] : [row])).concat(piece)
    const began = elapsed()
    try {
      const answers = rows.length === 0 ? [] : await write(rows)
      let next = 0
      for (const { row, settle } of together) settle(row === null ? 'stored' : (answers[next++] ?? 'gone'))
      if (batch !== undefined) answerBatch(batch, answers.slice(next))
    } catch (error) {
      onFailure(error)
      for (const { fail } of together) fail(error)
      if (batch !== undefined) batches.shift()?.fail(error)
      if (elapsed() - began >= LONG_FAILURE) failWaiting(error)
    }
    for (const { row } of together) ofSingles.take(row)
  }

  /** A turn for the network between two transactions: who has come meanwhile goes with the next. */
  const drain = async (): Promise<void> => {
    do {
      await new Promise(setImmediate)
      await commit()
    } while (singles.length + batches.length > 0)
    isDraining = false
  }

  const wake = (): void => {
    if (isDraining) return
    isDraining = true
    void drain()
  }

  const hand = (row: Row | null): Promise<Appended> =>
    new Promise((settle, fail) => {
      ofSingles.put(row)
      singles.push({ row, settle, fail })
      wake()
    })

  const handAll = (rows: readonly Row[]): Promise<Appended[]> =>
    new Promise<Appended[]>((settle, fail) => {
      rows.forEach(ofBatches.put)
      batches.push({ rows, answers: [], settle, fail })
      wake()
    }).finally(() => rows.forEach(ofBatches.take))

  return {
    append: (row) => (ofSingles.hasRoom(1) ? hand(row) : Promise.reject(tooMuch())),
    appendAll: (rows) => (ofBatches.hasRoom(rows.length) ? handAll(rows) : Promise.reject(tooMuch())),
    waiting: () => ({ singles: ofSingles.rows(), ofBatches: ofBatches.rows() }),
    hasRoom: ofBatches.hasRoom,
    flush: async () => {
      await Promise.allSettled([hand(null), handAll([])])
    },
  }
}

import { Fault } from '../domain/fault.ts'
import type { Millis } from '../domain/time.ts'
import type { Appended, Row } from '../store/store.ts'

/** Waiting rows beyond this are refused: memory stays bounded and the caller learns it at once. */
const MOST_WAITING = 50_000
/** Rows a transaction: a few milliseconds of writing, so that nobody behind waits long. */
const MOST_TOGETHER = 1_000

export const tooMuch = (): Fault =>
  new Fault(
    'over-capacity',
    'Too many affirmations wait to be stored. Nothing of this request was stored; send it again in a few seconds.',
  )

/** `row` null stands for a flush: it is settled when all before it are written. */
type Waiting = { row: Row | null; settle: (answer: Appended) => void; fail: (error: unknown) => void }

/** Rows of all requests in flight go to disk in one transaction; only then are those requests answered. No timer: it takes what is there. */
export type GroupCommit = {
  /** Resolves when the row is committed. Throws `over-capacity` when too much waits, `unavailable` when it could not be stored. */
  append(row: Row): Promise<Appended>
  /** How many rows more may wait. */
  room(): number
  /** Resolves when all that was handed over before has been committed (or has failed). */
  flush(): Promise<void>
}

/** `mark` is called on each row just before it is written. */
export function aGroupCommit(
  write: (rows: readonly Row[]) => Promise<Appended[]>,
  mark: (row: Row) => void,
  onFailure: (error: unknown) => void,
): GroupCommit {
  const waiting: Waiting[] = []
  let isDraining = false

  const writeAll = async (rows: readonly Row[]): Promise<Appended[]> => {
    rows.forEach(mark)
    return rows.length === 0 ? [] : write(rows)
  }

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await writeAll(batch.flatMap(({ row }) => (row === null ? [] : [row])))
      let next = 0
      for (const { row, settle } of batch) settle(row === null ? 'stored' : (answers[next++] ?? 'gone'))
    } catch (error) {
      onFailure(error)
      for (const { fail } of batch) fail(error)
    }
  }

  const drain = async (): Promise<void> => {
    await new Promise(setImmediate)
    while (waiting.length > 0) await commit(waiting.splice(0, MOST_TOGETHER))
    isDraining = false
  }

  const hand = (row: Row | null): Promise<Appended> =>
    new Promise((settle, fail) => {
      waiting.push({ row, settle, fail })
      if (isDraining) return
      isDraining = true
      void drain()
    })

  return {
    append: (row) => (waiting.length < MOST_WAITING ? hand(row) : Promise.reject(tooMuch())),
    room: () => MOST_WAITING - waiting.length,
    flush: async () => {
      await hand(null).catch(() => undefined)
    },
  }
}

/** Came after its time: a window that holds it may have been judged already. */
export const isLate = (at: Millis, judgedUpTo: Millis, now: Millis, settling: number): boolean =>
  at < Math.max(judgedUpTo, now - settling / 2)

import { Fault } from '../domain/fault.ts'
import type { Page, Paged } from './store.ts'

/** A place in a list as text that callers hand back as it is: the sort values of the last item seen. */
export const cursorOf = (...values: (string | number)[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')

/** The numbers in a cursor of ours; a fault for any other text. */
export function readCursor(cursor: string | null, parts: number): number[] | null {
  const values = readValues(cursor)
  if (values === null) return null
  if (values.length !== parts || !values.every((value): value is number => Number.isSafeInteger(value))) throw wrongCursor()
  return values
}

/** The same for lists sorted by one text. */
export function readTextCursor(cursor: string | null): string | null {
  const values = readValues(cursor)
  if (values === null) return null
  const [text] = values
  if (values.length !== 1 || typeof text !== 'string') throw wrongCursor()
  return text
}

function readValues(cursor: string | null): unknown[] | null {
  if (cursor === null) return null
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(values)) return values
  } catch {}
  throw wrongCursor()
}

const wrongCursor = (): Fault =>
  new Fault('invalid', 'cursor: this is not a cursor of this list; take nextCursor of the page before, as it is.', [
    { path: 'cursor', detail: 'take nextCursor of the page before, as it is' },
  ])

/** Cuts a list that was asked for with one item too many. */
export function paged<T>(rows: T[], { limit }: Page, place: (last: T) => string): Paged<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? place(last) : null }
}

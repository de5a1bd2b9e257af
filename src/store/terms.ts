import { inArray } from 'drizzle-orm'
import type { Count, Terms } from '../domain/expectation.ts'
import type { Where } from '../domain/where.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

export type TermsRow = Tables['terms']['$inferSelect']

export const toTerms = (row: TermsRow): Terms => ({
  expression: row.schedule,
  timeZone: row.timeZone,
  atLeast: row.atLeast,
  atMost: row.atMost,
  count: row.counting as Count,
  lookback: row.lookback,
  grace: row.grace,
  where: row.filter === null ? null : (JSON.parse(row.filter) as Where),
  ignoreFailures: row.ignoreFailures,
})

/** Writes terms of their own for the expectation and answers their number. */
export async function addTerms(
  db: Db,
  { terms: m }: Tables,
  expectationId: number,
  envId: number,
  terms: Terms,
): Promise<number> {
  const { expression: schedule, count: counting, where, ...rest } = terms
  const filter = where === null ? null : JSON.stringify(where)
  const [row] = await db
    .insert(m)
    .values({ ...rest, expectationId, envId, schedule, counting, filter })
    .returning({ id: m.id })
  if (row === undefined) throw new Error('The terms were stored but no row came back.')
  return row.id
}

/** So many terms are remembered, the newest ones: some 40 MB. */
const MOST_REMEMBERED = 200_000

export type KnownTerms = { terms: Terms; envId: number }

/** Terms by their number. They never change (an edit makes new ones), so each is read once. */
export function aTermsMemory({ terms: m }: Tables): (db: Db, ids: readonly number[]) => Promise<(id: number) => KnownTerms> {
  const known = new Map<number, KnownTerms>()
  const texts = new Map<string, string>()

  /** One copy of a text that thousands of terms share. */
  const shared = (text: string): string => {
    const first = texts.get(text)
    if (first !== undefined) return first
    if (texts.size >= MOST_REMEMBERED) texts.clear()
    texts.set(text, text)
    return text
  }

  const remember = (row: TermsRow): void => {
    const [oldest] = known.size < MOST_REMEMBERED ? [] : known.keys()
    if (oldest !== undefined) known.delete(oldest)
    const terms = toTerms({
      ...row,
      counting: shared(row.counting),
      schedule: shared(row.schedule),
      timeZone: shared(row.timeZone),
    })
    known.set(row.id, { terms, envId: row.envId })
  }

  return async (db, ids) => {
    const unknown = ids.filter((id) => !known.has(id))
    const found = unknown.length === 0 ? [] : await db.select().from(m).where(inArray(m.id, unknown))
    found.forEach(remember)
    return (id) => known.get(id) ?? missing(id)
  }
}

function missing(id: number): never {
  throw new Error(`There are no terms ${id}.`)
}

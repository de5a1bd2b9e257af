import type { Count, Terms } from '../domain/expectation.ts'
import type { Where } from '../domain/where.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

export type TermsRow = Tables['terms']['$inferSelect']

export const toTerms = (row: Omit<TermsRow, 'id' | 'expectationId'>): Terms => ({
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

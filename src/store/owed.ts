import { lte, sql } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import type { Verdict } from '../domain/verdict.ts'
import { countWhere } from './counting.ts'
import type { Db, Engine } from './engine.ts'
import { closeIncidents, settleIncidents } from './incidents.ts'
import { type Happening, owe } from './owing.ts'
import type { Conclusion, OwedDue, Store } from './store.ts'
import type { Tables } from './tables.ts'
import { aTermsMemory, type KnownTerms } from './terms.ts'
import type { Move, NewVerdict, OwedRow, Tick } from './tick.ts'
import { noteUnjudged } from './unjudged.ts'

type Decided<C extends Conclusion> = { one: C; row: OwedRow }
type Written = Conclusion & { verdict: NonNullable<Conclusion['verdict']> }

type KnownTermsOf = (id: number) => KnownTerms

function toOwed(row: OwedRow, termsOf: KnownTermsOf): OwedDue {
  const { expectation, due, checkAt, since, caughtUp, termsId, currentTermsId, windowFrom: from, seen, seenWithGrace } = row
  if (due === null) throw new Error(`Expectation ${expectation} is to be looked at but has no due instant.`)
  const { terms } = termsOf(termsId)
  const edited = termsId === currentTermsId ? null : { current: termsOf(currentTermsId).terms, at: row.termsSince }
  return { expectation, due, checkAt, since, terms, termsId, caughtUp, edited, from, seen, seenWithGrace }
}

/** Counts for terms with a filter what no index counts. */
async function countFiltered(db: Db, t: Tables, owed: OwedDue, eventId: number, envId: number): Promise<OwedDue> {
  const { terms, from, due } = owed
  if (terms.where === null) return owed
  const [seen = 0, seenWithGrace = 0] = await countWhere(db, t, { eventId, envId, count: terms.count, where: terms.where }, [
    { from, to: due },
    { from, to: due + terms.grace },
  ])
  return { ...owed, seen, seenWithGrace }
}

async function readOwed(db: Db, t: Tables, rows: readonly OwedRow[], termsOf: KnownTermsOf): Promise<OwedDue[]> {
  const owed: OwedDue[] = []
  // One after the other: a transaction is one connection.
  for (const row of rows) owed.push(await countFiltered(db, t, toOwed(row, termsOf), row.eventId, termsOf(row.termsId).envId))
  return owed
}

const isLatest = ({ due }: Conclusion, { lastDue }: OwedRow): boolean => lastDue === null || lastDue < due

/** A failure reported after this due, or in the very millisecond of it, has the last word on the incident. */
const hasLastWord = ({ one, row }: Decided<Written>): boolean =>
  isLatest(one, row) || (row.lastDue === one.due && row.lastVerdict === one.verdict.verdict)

function toMove(conclusion: Conclusion, row: OwedRow): Move {
  const { owed, due, verdict, nextDue, checkAt, windowStart, caughtUp } = conclusion
  const last = verdict !== null && isLatest(conclusion, row)
  return {
    expectation: owed.expectation,
    wasDue: owed.due,
    wasCheckAt: owed.checkAt,
    nextDue,
    checkAt,
    windowStart,
    caughtUp,
    isRenewed: nextDue === null || nextDue > row.termsSince,
    lastDue: last ? due : null,
    lastVerdict: last ? verdict.verdict : null,
  }
}

// Field by field, here and below: spreading costs as much as writing the row does.
const toNewVerdict = (
  { owed, due, verdict: { verdict, reason, observed, blind, window } }: Written,
  decidedAt: Millis,
): NewVerdict => ({
  verdict,
  reason,
  observed,
  blind,
  expectation: owed.expectation,
  due,
  termsId: owed.termsId,
  windowFrom: window.from,
  windowTo: window.to,
  decidedAt,
})

const isWritten = (decided: Decided<Conclusion>): decided is Decided<Written> => decided.one.verdict !== null

const toVerdict = (
  { owed, due, verdict: { verdict, reason, observed, blind, window } }: Written,
  decidedAt: Millis,
): Verdict => ({
  verdict,
  reason,
  observed,
  blind,
  window,
  expectation: owed.expectation,
  due,
  reported: false,
  atLeast: owed.terms.atLeast,
  atMost: owed.terms.atMost,
  decidedAt,
  amended: null,
})

const isPatient = ({ row: { alertAfter, recoverAfter } }: Decided<Written>): boolean => alertAfter > 1 || recoverAfter > 1

const metOnes = (written: readonly Decided<Written>[]): Happening[] =>
  written
    .filter(({ one }) => one.verdict.verdict === 'met')
    .map(({ one, row }) => ({ kind: 'met', expectation: row.expectation, incident: null, due: one.due }))

/**
 * What was met closes its incident, what was missed opens one. What was met before has none, and what was missed before has one, but where
 * several in a row are waited for.
 */
async function settle(db: Db, t: Tables, tick: Tick, latest: readonly Decided<Written>[], now: Millis): Promise<Happening[]> {
  const single = latest.filter((decided) => !isPatient(decided))
  const missed = single.filter(({ one, row }) => one.verdict.verdict === 'missed' && row.lastVerdict !== 'missed')
  const met = single.filter(({ one, row }) => one.verdict.verdict === 'met' && row.lastVerdict !== 'met')
  const opened = await tick.open(
    missed.map(({ one, row }) => ({ expectation: row.expectation, due: one.due })),
    now,
  )
  const closed = await closeIncidents(
    db,
    t,
    met.map(({ row }) => row.expectation),
    now,
  )
  const patient = latest.filter(isPatient).map(({ row }) => row.expectation)
  await settleIncidents(db, t, patient, now)
  return [...opened.map((one): Happening => ({ ...one, kind: 'missed' })), ...closed]
}

const NOTHING = { claimed: 0, verdicts: [] }

/** See `Store.concludeOwed`. */
export function owedStore({ t, tx, db }: Engine): Pick<Store, 'concludeOwed'> {
  const anyOwed = db
    .select({ id: t.expectations.id })
    .from(t.expectations)
    .where(lte(t.expectations.checkAt, sql.placeholder('horizon')))
    .limit(1)
    .prepare('any_owed')
  const remembered = aTermsMemory(t)
  let wasIdle = true
  return {
    concludeOwed: async (horizon, now, limit, decide) => {
      // Nothing is owed nearly always: no transaction then. Where something was, more may be.
      if (wasIdle && (await anyOwed.execute({ horizon })).length === 0) return { ...NOTHING, areOthersAtWork: false }
      const done = await tx(async (db, tick) => {
        const rows = await tick.claim(horizon, limit)
        if (rows.length === 0) return NOTHING
        const edited = rows.filter(({ termsId, currentTermsId }) => termsId !== currentTermsId)
        const termsOf = await remembered(db, [...rows.map((row) => row.termsId), ...edited.map((row) => row.currentTermsId)])
        const read = new Map(rows.map((row) => [row.expectation, row]))
        const decided = decide(await readOwed(db, t, rows, termsOf)).flatMap((one) => {
          const row = read.get(one.owed.expectation)
          return row === undefined ? [] : [{ one, row }]
        })
        const won = await tick.advance(decided.map(({ one, row }) => toMove(one, row)))
        const written = decided.filter(({ one }) => won.has(one.owed.expectation)).filter(isWritten)
        await tick.write(written.map(({ one }) => toNewVerdict(one, now)))
        const happenings = await settle(db, t, tick, written.filter(hasLastWord), now)
        if (written.length > 0) await owe(db, t, happenings, now, () => metOnes(written))
        await noteUnjudged(db, t, written, now)
        return { claimed: rows.length, verdicts: written.map(({ one }) => toVerdict(one, now)) }
      })
      wasIdle = done.claimed === 0
      // Nothing could be claimed but something is owed: others have it, and may die with it.
      const areOthersAtWork = wasIdle && (await anyOwed.execute({ horizon })).length > 0
      return { ...done, areOthersAtWork }
    },
  }
}

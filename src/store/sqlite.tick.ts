import type Database from 'better-sqlite3'
import type { Millis } from '../domain/time.ts'
import { type OwedRow, owedQuery, type Tick } from './tick.ts'

type Plain = number | string | null

const CLAIM = `${owedQuery('@horizon')} where x.check_at <= @horizon order by x.check_at, x.id limit @limit`
const ADVANCE = `update expectations set next_due = ?, check_at = ?, window_start = max(window_start, coalesce(?, window_start)),
  caught_up = ?, owed_terms_id = case when ? then null else owed_terms_id end,
  last_due = coalesce(?, last_due), last_verdict = coalesce(?, last_verdict)
where id = ? and next_due = ? and check_at = ?`
const WRITE = `insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)
values (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
const OPEN = 'insert into incidents (expectation_id, opened_due, opened_at) values (?, ?, ?) on conflict do nothing returning id'

/** The columns of {@link owedQuery} in their order: reading them as a list takes half the time that naming each of them takes. */
type Counted = [
  ...[expectation: number, event: number, due: number | null, checkAt: number, since: number, caughtUp: number],
  ...[termsId: number, currentTermsId: number, termsSince: number, lastDue: number | null, lastVerdict: string | null],
  ...[windowFrom: number, seen: number, seenWithGrace: number],
  ...[alertAfter: number, recoverAfter: number],
]

function toRow(c: Counted): OwedRow {
  return {
    expectation: c[0],
    eventId: c[1],
    due: c[2],
    checkAt: c[3],
    since: c[4],
    caughtUp: c[5],
    termsId: c[6],
    currentTermsId: c[7],
    termsSince: c[8],
    lastDue: c[9],
    lastVerdict: c[10],
    windowFrom: c[11],
    seen: c[12],
    seenWithGrace: c[13],
    alertAfter: c[14],
    recoverAfter: c[15],
  }
}

/** Prepared once for the writing connection; parameters by their place, which binds faster than by name. */
export function sqliteTick(writer: Database.Database): Tick {
  const claim = writer.prepare<[{ horizon: Millis; limit: number }], Counted>(CLAIM).raw()
  const advance = writer.prepare<Plain[]>(ADVANCE)
  const write = writer.prepare<Plain[]>(WRITE)
  const open = writer.prepare<Plain[], { id: number }>(OPEN)
  return {
    claim: async (horizon, limit) => claim.all({ horizon, limit }).map(toRow),
    advance: async (moves) => {
      const won = new Set<number>()
      for (const move of moves) {
        const { expectation, wasDue, wasCheckAt, nextDue, checkAt, windowStart, caughtUp, lastDue, lastVerdict } = move
        const values = [nextDue, checkAt, windowStart, caughtUp, move.isRenewed ? 1 : 0, lastDue, lastVerdict]
        if (advance.run(...values, expectation, wasDue, wasCheckAt).changes === 1) won.add(expectation)
      }
      return won
    },
    write: async (verdicts) => {
      for (const v of verdicts) {
        const { expectation, due, termsId, verdict, reason, observed, blind, windowFrom, windowTo, decidedAt } = v
        write.run(expectation, due, termsId, verdict, reason, observed, blind, windowFrom, windowTo, decidedAt)
      }
    },
    open: async (missed, now) =>
      missed.flatMap(({ expectation, due }) => {
        const row = open.get(expectation, due, now)
        return row === undefined ? [] : [{ expectation, due, incident: row.id }]
      }),
  }
}

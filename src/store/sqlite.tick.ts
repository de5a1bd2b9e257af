import type Database from 'better-sqlite3'
import type { Millis } from '../domain/time.ts'
import { type OwedRow, owedQuery, type Tick } from './tick.ts'

type Plain = number | string | null

const CLAIM = `${owedQuery('@horizon')} where x.check_at <= @horizon order by x.check_at, x.id limit @limit`
const ADVANCE = `update expectations set next_due = @nextDue, check_at = @checkAt, window_start = max(window_start, coalesce(@windowStart, window_start)),
  caught_up = @caughtUp, owed_terms_id = case when @isRenewed then null else owed_terms_id end,
  last_due = coalesce(@lastDue, last_due), last_verdict = coalesce(@lastVerdict, last_verdict)
where id = @expectation and next_due = @wasDue and check_at = @wasCheckAt`
const WRITE = `insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)
values (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
const OPEN = 'insert into incidents (expectation_id, opened_due, opened_at) values (?, ?, ?) on conflict do nothing'

type Flags = 'ignoreFailures' | 'hasIncident'
type Counted = Omit<OwedRow, Flags> & Record<Flags, number>

/** Prepared once for the writing connection. */
export function sqliteTick(writer: Database.Database): Tick {
  const claim = writer.prepare<[{ horizon: Millis; limit: number }], Counted>(CLAIM)
  const advance = writer.prepare<[Record<string, Plain>]>(ADVANCE)
  const write = writer.prepare<Plain[]>(WRITE)
  const open = writer.prepare<Plain[]>(OPEN)
  return {
    claim: async (horizon, limit) =>
      claim
        .all({ horizon, limit })
        .map((row) => ({ ...row, ignoreFailures: row.ignoreFailures === 1, hasIncident: row.hasIncident === 1 })),
    advance: async (moves) => {
      const isWon = (move: (typeof moves)[number]) => advance.run({ ...move, isRenewed: move.isRenewed ? 1 : 0 }).changes === 1
      return new Set(moves.filter(isWon).map(({ expectation }) => expectation))
    },
    write: async (verdicts) => {
      for (const v of verdicts)
        write.run(
          v.expectation,
          v.due,
          v.termsId,
          v.verdict,
          v.reason,
          v.observed,
          v.blind,
          v.windowFrom,
          v.windowTo,
          v.decidedAt,
        )
    },
    open: async (missed, now) => {
      for (const { expectation, due } of missed) open.run(expectation, due, now)
    },
  }
}

import type pg from 'pg'
import { arrayOf } from './postgres.arrays.ts'
import { type Opened, type OwedRow, owedQuery, type Tick } from './tick.ts'

const CLAIM = 'select id from expectations where check_at <= $1 order by check_at, id limit $2 for update skip locked'
const READ = `${owedQuery('$1::bigint')} where x.id = any($2::bigint[]) order by x.check_at, x.id`

const listed = (types: readonly string[]): string => types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')

const ADVANCE = `update expectations set next_due = v.to_due, check_at = v.to_check,
  window_start = greatest(window_start, v.to_start), caught_up = v.to_caught_up,
  owed_terms_id = case when v.is_renewed then null else owed_terms_id end,
  last_due = coalesce(v.to_last_due, last_due), last_verdict = coalesce(v.to_last_verdict, last_verdict)
from unnest(${listed(['bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'boolean', 'bigint', 'text'])})
  as v (expectation, was_due, was_check, to_due, to_check, to_start, to_caught_up, is_renewed, to_last_due, to_last_verdict)
where id = v.expectation and next_due = v.was_due and check_at = v.was_check returning id`
const WRITE = `insert into verdicts (expectation_id, due, reported, terms_id, verdict, reason, observed, blind, window_from, window_to, decided_at)
select v.expectation, v.due, false, v.terms, v.verdict, v.reason, v.observed, v.blind, v.window_from, v.window_to, v.decided_at
from unnest(${listed(['bigint', 'bigint', 'bigint', 'text', 'text', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint'])})
  as v (expectation, due, terms, verdict, reason, observed, blind, window_from, window_to, decided_at)
on conflict do nothing`
const OPEN = `insert into incidents (expectation_id, opened_due, opened_at)
select v.expectation, v.due, $3::bigint from unnest(${listed(['bigint', 'bigint'])}) as v (expectation, due) on conflict do nothing
returning expectation_id as expectation, opened_due as due, id as incident`

/** On the connection of a transaction; the statements are prepared once a connection. */
export function postgresTick(client: pg.PoolClient): Tick {
  const ask = async <T extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<T[]> =>
    (await client.query<T>({ name, text, values })).rows
  return {
    claim: async (horizon, limit) => {
      const claimed = await ask<{ id: number }>('tick claim', CLAIM, [horizon, limit])
      if (claimed.length === 0) return []
      // Asked after they are ours: what another node wrote to them a moment before is seen.
      return ask<OwedRow>('tick read', READ, [horizon, arrayOf(claimed.map(({ id }) => id))])
    },
    advance: async (moves) => {
      const won = await ask<{ id: number }>('tick advance', ADVANCE, [
        arrayOf(moves.map(({ expectation }) => expectation)),
        arrayOf(moves.map(({ wasDue }) => wasDue)),
        arrayOf(moves.map(({ wasCheckAt }) => wasCheckAt)),
        arrayOf(moves.map(({ nextDue }) => nextDue)),
        arrayOf(moves.map(({ checkAt }) => checkAt)),
        arrayOf(moves.map(({ windowStart }) => windowStart)),
        arrayOf(moves.map(({ caughtUp }) => caughtUp)),
        arrayOf(moves.map(({ isRenewed }) => isRenewed)),
        arrayOf(moves.map(({ lastDue }) => lastDue)),
        arrayOf(moves.map(({ lastVerdict }) => lastVerdict)),
      ])
      return new Set(won.map(({ id }) => id))
    },
    write: async (verdicts) => {
      if (verdicts.length === 0) return
      await ask('tick write', WRITE, [
        arrayOf(verdicts.map(({ expectation }) => expectation)),
        arrayOf(verdicts.map(({ due }) => due)),
        arrayOf(verdicts.map(({ termsId }) => termsId)),
        arrayOf(verdicts.map(({ verdict }) => verdict)),
        arrayOf(verdicts.map(({ reason }) => reason)),
        arrayOf(verdicts.map(({ observed }) => observed)),
        arrayOf(verdicts.map(({ blind }) => blind)),
        arrayOf(verdicts.map(({ windowFrom }) => windowFrom)),
        arrayOf(verdicts.map(({ windowTo }) => windowTo)),
        arrayOf(verdicts.map(({ decidedAt }) => decidedAt)),
      ])
    },
    open: async (missed, now) => {
      if (missed.length === 0) return []
      return ask<Opened>('tick open', OPEN, [
        arrayOf(missed.map(({ expectation }) => expectation)),
        arrayOf(missed.map(({ due }) => due)),
        now,
      ])
    },
  }
}

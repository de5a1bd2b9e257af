import { type SQL, sql } from 'drizzle-orm'
import { FAIL, OK } from '../domain/affirmation.ts'
import type { Tally } from '../domain/replay.ts'
import type { Millis, Window } from '../domain/time.ts'
import { fits, sourceFits } from '../domain/where.ts'
import type { Engine } from './engine.ts'
import type { Store, Tallied, TallyAsked } from './store.ts'

/** Rows whose values are read may be of 64 KiB each: fewer at once then. */
const FEWER = 20

/** Of one event and env. An environment that nobody has used has none. */
const ofEvent = (event: number, env: string): SQL =>
  sql`a.event_id = ${event} and a.env_id = (select n.id from environments n where n.name = ${env})`

/** See `Store.tally` and `Store.latest`: read by the index in pieces of so many rows, so that no statement lasts. */
export function tallyStore({ lists }: Engine): Pick<Store, 'tally' | 'latest'> {
  /** Where a piece of so many rows ends; many rows of one instant are one piece. */
  const endOf = async (of: SQL, { from, to }: Window, rows: number): Promise<Millis> => {
    const [row] = await lists<[Millis]>(
      sql`select a.at from affirmations a where ${of} and a.at >= ${from} and a.at < ${to} order by a.at limit 1 offset ${rows}`,
    )
    return row === undefined ? to : Math.max(row[0], from + 1)
  }

  const oneByOne = async (piece: SQL, { where }: TallyAsked): Promise<Tally[]> => {
    const rows = await lists<[Millis, string, string | null]>(
      sql`select a.at, a.source, a.value from affirmations a where ${piece} and a.status = ${OK} order by a.at`,
    )
    return rows.flatMap(([at, source, value]) => (where !== null && !fits(where, source, value) ? [] : [{ at, source, n: 1 }]))
  }

  const bySource = async (piece: SQL, { grain, where }: TallyAsked): Promise<Tally[]> => {
    const rows = await lists<[Millis, string, number]>(
      sql`select a.at - a.at % ${grain} as grain, a.source, count(*) as n from affirmations a
        where ${piece} and a.status = ${OK} group by 1, 2 order by 1`,
    )
    return rows.flatMap(([at, source, n]) => (sourceFits(where, source) ? [{ at, source, n }] : []))
  }

  const byTime = async (piece: SQL, { grain }: TallyAsked): Promise<Tally[]> => {
    const rows = await lists<[Millis, number]>(
      sql`select a.at - a.at % ${grain} as grain, count(*) as n from affirmations a
        where ${piece} and a.status = ${OK} group by 1 order by 1`,
    )
    return rows.map(([at, n]) => ({ at, source: '', n }))
  }

  const failuresIn = async (piece: SQL, { where }: TallyAsked): Promise<Millis[]> => {
    const rows = await lists<[Millis, string]>(
      sql`select distinct a.at, a.source from affirmations a where ${piece} and a.status = ${FAIL} order by a.at`,
    )
    return [...new Set(rows.flatMap(([at, source]) => (sourceFits(where, source) ? [at] : [])))]
  }

  return {
    tally: async (event, env, asked, rows): Promise<Tallied> => {
      const isOfValues = asked.where?.path !== undefined
      const of = ofEvent(event, env)
      const end = await endOf(of, asked, isOfValues ? Math.ceil(rows / FEWER) : rows)
      const piece = sql`${of} and a.at >= ${asked.from} and a.at < ${end}`
      const summed = asked.where !== null || asked.count === 'sources' ? bySource : byTime
      return {
        tallies: await (isOfValues ? oneByOne : summed)(piece, asked),
        failures: await failuresIn(piece, asked),
        next: end < asked.to ? end : null,
      }
    },

    latest: async (event, env, { from, to }, limit) => {
      const rows = await lists<[Millis]>(
        sql`select a.at from affirmations a where ${ofEvent(event, env)} and a.at >= ${from} and a.at < ${to} and a.status = ${OK}
          order by a.at desc limit ${limit}`,
      )
      return rows.map(([at]) => at)
    },
  }
}

import pg from 'pg'
import type { Millis } from '../../src/domain/time.ts'
import { type Answer, isStored } from './callers.ts'

const INT8 = 20
pg.types.setTypeParser(INT8, Number)

/** A look at the database past the node and past the network that fails. */
export type Rows = {
  of<T extends pg.QueryResultRow>(query: string): Promise<T[]>
  /** Says these one after the other; what they hold is held until the answer is called. */
  hold(...statements: string[]): Promise<() => Promise<void>>
  /** Of these single affirmations, the ids of those that were refused, sent again, and found to have been stored at the first time. */
  storedUnheard(answers: readonly Answer[]): Promise<string[]>
}

export function rowsOf(url: string): Rows {
  const hold = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    return () => client.end()
  }
  const of = async <T extends pg.QueryResultRow>(query: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<T>(query)).rows
    } finally {
      await client.end()
    }
  }
  return {
    of,
    hold,
    storedUnheard: async (answers) => {
      const asked = answers.filter(({ kind }) => kind === 'single')
      const refused = new Set(asked.filter((answer) => !isStored(answer)).flatMap(({ ids }) => ids))
      const stored = await of<{ client_id: string; at: Millis }>(
        "select client_id, at from affirmations where client_id like 'single-%'",
      )
      const times = new Map(stored.map(({ client_id, at }) => [client_id, at]))
      const again = asked.filter((answer) => isStored(answer) && answer.ids.some((id) => refused.has(id)))
      return again.flatMap(({ ids, asked }) => ids.filter((id) => (times.get(id) ?? asked) < asked))
    },
  }
}

import { LONGEST_CLIENT_ID, LONGEST_SOURCE, outOfReach, type Reach, type Status, statusNumber } from '../domain/affirmation.ts'
import { ENV_RULE, isEnv, isName, NAME_RULE } from '../domain/event.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'
import type { Millis } from '../domain/time.ts'
import type { Appended, Row, Store } from '../store/store.ts'
import { type AffirmBatch, aBatch } from './affirm-batch.ts'
import type { EventIds } from './event-ids.ts'
import { aGroupCommit } from './group-commit.ts'
import type { Health } from './health.ts'

/** One affirmation as it was asked for; what is missing is filled in. `value` is JSON text. */
export type Asked = {
  event: string
  env: string | undefined
  status: Status
  at: Millis | undefined
  source: string
  value: string | null
  id: string | null
}

export type Affirming = {
  /** Every field of it that cannot be taken; one that is undefined is not looked at. */
  wrongIn(asked: Partial<Asked>, now: Millis): FieldError[]
  /** Committed when it resolves. Throws `invalid`, `not-found` (strict), `over-capacity`, `unavailable`. */
  affirm(asked: Asked, now: Millis): Promise<'stored' | 'duplicate'>
  /** The same for what this server says of itself, also of events that nobody else may affirm. */
  affirmOwn(asked: Asked, now: Millis): Promise<'stored' | 'duplicate'>
  /** Many of one request. */
  batch(now: Millis): AffirmBatch
  /** All that is in flight is committed when it resolves. */
  flush(): Promise<void>
  /** Rows that wait to be stored. */
  waiting(): { singles: number; ofBatches: number }
}

type Needs = {
  store: Pick<Store, 'append'>
  ids: EventIds
  health: Health
  now: () => Millis
  elapsed: () => number
  onFailure: (error: unknown) => void
  env: string
  reach: Reach
}

const unavailable = (): Fault =>
  new Fault(
    'unavailable',
    'The affirmation could not be stored, so it does not count. Send it again in a few seconds; with an id it counts once however often it is sent.',
  )

/** Halves of a surrogate pair, too: a database writes them all alike, and two ids would be one. */
const CONTROL = /[\p{Cc}\p{Cs}]/u
const PLAIN = 'none of them a control character'

function troublesOf({ event, env, source, id, at }: Partial<Asked>, now: Millis, reach: Reach): FieldError[] {
  const wrong: FieldError[] = []
  if (event !== undefined && !isName(event)) wrong.push({ path: 'event', detail: NAME_RULE })
  if (env !== undefined && !isEnv(env)) wrong.push({ path: 'env', detail: ENV_RULE })
  if (source !== undefined && (source.length > LONGEST_SOURCE || CONTROL.test(source)))
    wrong.push({ path: 'source', detail: `at most ${LONGEST_SOURCE} characters, ${PLAIN}` })
  if (typeof id === 'string' && (id === '' || id.length > LONGEST_CLIENT_ID || CONTROL.test(id)))
    wrong.push({ path: 'id', detail: `1 to ${LONGEST_CLIENT_ID} characters, ${PLAIN}` })
  const trouble = at === undefined ? null : outOfReach(at, now, reach)
  if (trouble !== null) wrong.push({ path: 'at', detail: trouble })
  return wrong
}

const aRow = ({ event, at, status, source, value, id }: Asked, eventId: number, envId: number, now: Millis): Row => ({
  eventId,
  name: event,
  envId,
  at: at ?? now,
  status: statusNumber(status),
  source,
  value,
  clientId: id,
  isNews: status === 'fail',
})

export function anAffirming({ store, ids, health, now: clock, elapsed, onFailure, env, reach }: Needs): Affirming {
  const commits = aGroupCommit(
    (rows) => store.append(rows),
    (error) => {
      health.failedToStore(clock())
      onFailure(error)
    },
    elapsed,
  )

  /** Nothing to wait for when event and env are known. Throws a fault for what cannot be taken. */
  const rowOf = (asked: Asked, now: Millis, idOf = ids.event): Row | Promise<Row> => {
    const wrong = troublesOf(asked, now, reach)
    if (wrong.length > 0) throw invalid(wrong)
    const eventId = idOf(asked.event, now)
    const envId = ids.env(asked.env ?? env)
    if (typeof eventId === 'number' && typeof envId === 'number') return aRow(asked, eventId, envId, now)
    return Promise.all([eventId, envId]).then(([event, env]) => aRow(asked, event, env, now))
  }

  const store1 = async (asked: Asked, now: Millis, idOf: EventIds['event']): Promise<Appended> => {
    const row = await rowOf(asked, now, idOf)
    const answer = await commits.append(row)
    if (answer !== 'gone') return answer
    // Deleted or renamed since the look-up, maybe by another node: the name is looked up again, and registered anew.
    ids.forget({ id: row.eventId })
    return commits.append(await rowOf(asked, now, idOf))
  }

  const affirmBy = (idOf: EventIds['event']) => async (asked: Asked, now: Millis) => {
    try {
      const answer = await store1(asked, now, idOf)
      if (answer === 'gone') throw unavailable()
      return answer
    } catch (error) {
      throw error instanceof Fault ? error : unavailable()
    }
  }

  return {
    wrongIn: (asked, now) => troublesOf(asked, now, reach),
    affirm: affirmBy(ids.event),
    affirmOwn: affirmBy(ids.own),
    batch: (now) =>
      aBatch({
        rowOf: (asked) => rowOf(asked, now),
        isKnown: (asked) => ids.knows(asked.event, asked.env ?? env),
        appendAll: commits.appendAll,
        forget: (id) => ids.forget({ id }),
        hasRoom: commits.hasRoom,
        unavailable,
      }),
    flush: commits.flush,
    waiting: commits.waiting,
  }
}

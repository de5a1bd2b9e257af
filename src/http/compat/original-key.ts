import type { Context } from 'hono'
import type { Expectation } from '../../domain/expectation.ts'
import { Fault } from '../../domain/fault.ts'
import { actorIn } from '../access.ts'
import { checkEnv } from '../key-env.ts'
import type { Services } from '../services.ts'

const SHAPE = /^(af_[0-9A-Za-z]{8})~(\d{1,15})$/

/**
 * What the original calls a key. There every expectation has one, and several may be of one event. The event's own key comes first, so that a
 * search for it in code still finds it; no name holds a `~`, so that none can be affirmed by mistake.
 */
export const originalKey = ({ eventKey, id }: Pick<Expectation, 'eventKey' | 'id'>): string => `${eventKey}~${id}`

/** The expectation with this key. Throws `not-found`, and `forbidden` to who is kept to another environment. */
export async function expectationOf(c: Context, { store }: Pick<Services, 'store'>, key: string): Promise<Expectation> {
  const [, eventKey, id] = SHAPE.exec(key) ?? []
  const found = id === undefined ? null : await store.findExpectation(Number(id))
  if (found === null || found.eventKey !== eventKey)
    throw new Fault('not-found', `There is no event configuration for the key "${key.slice(0, 40)}".`)
  checkEnv(actorIn(c), found.env)
  return found
}

import { customAlphabet } from 'nanoid'
import { ENV_RULE, type Event, isEnv, isKey, isName, KEY_ALPHABET, NAME_RULE } from '../domain/event.ts'
import { Fault } from '../domain/fault.ts'
import { nearestName } from '../domain/nearest.ts'
import { oursAlone } from '../domain/self.ts'
import { type Millis, minuteOf } from '../domain/time.ts'
import type { Store } from '../store/store.ts'

const random = customAlphabet(KEY_ALPHABET, 8)
/** A new key: `af_` and 8 characters, 46 bits of chance. */
export const newKey = (): string => `af_${random()}`

/** Names and keys remembered, so that a hit never asks the database. */
const MOST_REMEMBERED = 100_000
/** More environments than anybody has: past this a client is putting something else into `env`. */
const MOST_ENVIRONMENTS = 500
const HINTS_A_MINUTE = 200

/** From names and keys to numbers. A name nobody knows is registered (rule 3), or refused in strict mode with the nearest known one. */
export type EventIds = {
  /** The event's number. Throws `invalid` for what cannot be a name and for events that we alone affirm, `not-found` in strict mode. */
  event(nameOrKey: string, now: Millis): Promise<number> | number
  /** The same for what we affirm ourselves. */
  own(name: string, now: Millis): Promise<number>
  env(name: string): Promise<number> | number
  /** Are both remembered? Then neither asks the database. */
  knows(nameOrKey: string, env: string): boolean
  /** It was renamed or deleted: ask the database again. */
  forget(event: Pick<Event, 'id'>): void
}

export async function unknownEvent(store: Pick<Store, 'eventNames'>, name: string): Promise<Fault> {
  const nearest = nearestName(name, await store.eventNames())
  return noEvent(name, nearest === null ? '' : ` The nearest is "${nearest}".`)
}

const noEvent = (name: string, hint: string): Fault =>
  new Fault('not-found', `No event is called "${name.slice(0, 128)}".${hint}`)

function refuse(detail: string | null): void {
  if (detail !== null) throw new Fault('invalid', `event: ${detail}.`, [{ path: 'event', detail }])
}

/** Those who ask for the same name while it is being looked up wait for that one answer: a batch of a new name registers it once. */
function together<Rest extends unknown[]>(
  find: (name: string, ...rest: Rest) => Promise<number>,
): (name: string, ...rest: Rest) => Promise<number> {
  const asked = new Map<string, Promise<number>>()
  return (name, ...rest) => {
    const known = asked.get(name)
    if (known !== undefined) return known
    const found = find(name, ...rest).finally(() => asked.delete(name))
    asked.set(name, found)
    return found
  }
}

type Asked = Pick<Store, 'findEvent' | 'createEvent' | 'eventNames' | 'environment' | 'environments'>

export function anEventIds(store: Asked, isStrict: boolean): EventIds {
  const events = new Map<string, number>()
  const envs = new Map<string, number>()

  const remember = (nameOrKey: string, id: number): number => {
    const [oldest] = events.size < MOST_REMEMBERED ? [] : events.keys()
    if (oldest !== undefined) events.delete(oldest)
    events.set(nameOrKey, id)
    return id
  }

  let hints = { minute: 0, given: 0 }
  /** A hint compares with every name there is: a batch of ten thousand unknown ones gets but some. */
  const mayHint = (now: Millis): boolean => {
    if (hints.minute !== minuteOf(now)) hints = { minute: minuteOf(now), given: 0 }
    hints.given += 1
    return hints.given <= HINTS_A_MINUTE
  }

  const register = async (name: string, now: Millis): Promise<Event> => {
    if (isStrict) throw mayHint(now) ? await unknownEvent(store, name) : noEvent(name, '')
    // A name that looks like a key is its own key: whoever pasted a key that is not known here finds it under just that.
    const key = isKey(name) ? name : newKey()
    const made = await store.createEvent({ name, key, description: '', tags: [], createdAt: now }, null)
    if (typeof made !== 'string') return made
    return (await store.findEvent(name)) ?? register(name, now)
  }

  const findOrRegister = async (nameOrKey: string, now: Millis): Promise<Event> =>
    (await store.findEvent(nameOrKey)) ?? register(nameOrKey, now)

  /** What is ours alone is never remembered: what is remembered is not asked for its name again. */
  const findForAll = async (nameOrKey: string, now: Millis): Promise<number> => {
    refuse(isName(nameOrKey) ? oursAlone(nameOrKey) : NAME_RULE)
    const { id, name } = await findOrRegister(nameOrKey, now)
    refuse(oursAlone(name))
    return remember(nameOrKey, id)
  }

  const findEnv = async (name: string): Promise<number> => {
    if (!isEnv(name)) throw new Fault('invalid', `env: ${ENV_RULE}.`, [{ path: 'env', detail: ENV_RULE }])
    const known = await store.environments()
    if (!known.includes(name) && known.length >= MOST_ENVIRONMENTS)
      throw new Fault('invalid', `env: there are ${known.length} environments already, and "${name}" is none of them.`, [
        { path: 'env', detail: 'use one of those in use' },
      ])
    const id = await store.environment(name)
    envs.set(name, id)
    return id
  }

  const findEventOnce = together(findForAll)
  const findEnvOnce = together(findEnv)

  return {
    event: (nameOrKey, now) => events.get(nameOrKey) ?? findEventOnce(nameOrKey, now),
    own: async (name, now) => (await findOrRegister(name, now)).id,
    env: (name) => envs.get(name) ?? findEnvOnce(name),
    knows: (nameOrKey, env) => events.has(nameOrKey) && envs.has(env),
    forget: ({ id }) => {
      for (const [name, known] of events) if (known === id) events.delete(name)
    },
  }
}

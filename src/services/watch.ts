import { type Event, LONGEST_DESCRIPTION } from '../domain/event.ts'
import { Fault } from '../domain/fault.ts'
import { BY_SELF, CHANNEL_FAILING, failingChannelOf, NEVER, SELF_TAG } from '../domain/self.ts'
import { type Duration, MINUTE, type Millis, minuteOf, SECOND } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'
import type { Affirming } from './affirm.ts'
import type { Declaring } from './declare.ts'
import { type Asked, ownTroubles, type Trouble } from './own-troubles.ts'

/** Several looks a minute, so that no minute of a trouble passes without one. */
const LOOK: Duration = 15 * SECOND
/** Who registers an event expects something of it right after; the others give it this long. */
const HEAD_START: Duration = MINUTE
/** Events looked through at once for those of channels that are gone. */
const AT_ONCE = 200
const LONGEST_NODE = 150

type Needs = Omit<Asked, 'store'> & {
  store: Asked['store'] & Pick<Store, 'findEvent' | 'listEvents' | 'listExpectations'>
  affirming: Pick<Affirming, 'affirmOwn'>
  declaring: Pick<Declaring, 'registerEvent' | 'deleteEvent' | 'expect'>
  node: string
  /** In which our own troubles are affirmed. */
  env: string
  log: Log
}

/**
 * Affirms an event of its own for each trouble that this server has, once in each minute that it lasts. That a channel keeps failing is expected never
 * to happen, so that it opens an incident; it closes by itself when nothing is affirmed any more.
 */
export function aWatching(needs: Needs): Loop {
  const { store, affirming, declaring, env, log } = needs
  const node = needs.node.slice(0, LONGEST_NODE)
  const looks = ownTroubles(needs)
  /** The minute in which each was affirmed last. */
  const affirmed = new Map<string, Millis>()

  /** One trouble must not keep the others from being told. */
  const safely = async <T>(what: string, work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      log.warn({ err: error, what }, 'this server could not look after itself; it tries again soon')
      return otherwise
    }
  }

  /** Another node may be first: then it is there, too. Null while that one is at it. */
  const declared = async ({ event: name, description }: Trouble, now: Millis): Promise<Event | null> => {
    const found = await store.findEvent(name)
    if (found !== null) return now - found.createdAt < HEAD_START ? null : found
    const draft = { name, description: description.slice(0, LONGEST_DESCRIPTION), tags: [SELF_TAG] }
    return declaring.registerEvent(draft, now, BY_SELF).catch((error: unknown) => {
      if (error instanceof Fault && error.code === 'conflict') return null
      throw error
    })
  }

  const expectNever = async (event: Event, now: Millis): Promise<void> => {
    const { items } = await store.listExpectations({ eventId: event.id }, { limit: 1, cursor: null })
    if (items.length > 0) return
    await declaring.expect({ event: event.name, env, tags: [SELF_TAG], paused: false, terms: NEVER }, now, BY_SELF)
  }

  const tell = async (trouble: Trouble, now: Millis): Promise<void> => {
    const { event: name, value, isOfNode } = trouble
    if (affirmed.get(name) === minuteOf(now)) return
    const event = await declared(trouble, now)
    if (event !== null && failingChannelOf(name) !== null) await expectNever(event, now)
    // By its id it counts once, whichever node says it and however often.
    const id = `${isOfNode ? node : SELF_TAG}:${minuteOf(now) / MINUTE}`
    const source = `self:${node}`
    await affirming.affirmOwn({ event: name, env, status: 'ok', at: now, source, value: JSON.stringify(value), id }, now)
    affirmed.set(name, minuteOf(now))
  }

  /** The channels that were there at the last look: only when one has gone, by whichever node, there is something to forget. */
  let channels: ReadonlySet<number> | null = null

  const forgetGone = async (now: Millis): Promise<void> => {
    const there = new Set((await store.channels()).map(({ id }) => id))
    if (channels !== null && [...channels].every((id) => there.has(id))) {
      channels = there
      return
    }
    const { items, next } = await store.listEvents({ q: CHANNEL_FAILING, tag: SELF_TAG }, { limit: AT_ONCE, cursor: null })
    for (const event of items) {
      const channel = failingChannelOf(event.name)
      if (channel !== null && !there.has(channel)) await forget(event, now)
    }
    channels = next === null ? there : null
  }

  const forget = async (event: Event, now: Millis): Promise<void> => {
    await declaring.deleteEvent(event, event.name, now, BY_SELF).catch((error: unknown) => {
      // Another node was first.
      if (!(error instanceof Fault && error.code === 'not-found')) throw error
    })
    affirmed.delete(event.name)
  }

  return {
    name: 'watch',
    pause: () => LOOK,
    tick: async (now) => {
      const found = await Promise.all(looks.map(({ name, find }) => safely(name, () => find(now), [])))
      for (const trouble of found.flat()) await safely(trouble.event, () => tell(trouble, now), undefined)
      await safely('channels that are gone', () => forgetGone(now), undefined)
      return 'idle'
    },
  }
}

import {
  DELIVERIES_FAILING,
  DISK_FILLING,
  type Disk,
  deliveriesFailing,
  diskFilling,
  failingEventOf,
  keepsFailing,
  silentSince,
  TICK_LATE,
  tickLate,
} from '../domain/self.ts'
import { iso, type Millis } from '../domain/time.ts'
import type { KnownChannel, TellingStore } from '../store/store.ts'
import { type Health, SETTLING } from './health.ts'

/** One trouble of ours: the event that says so, what it means, and how bad it is. `isOfNode`: other nodes may be well. */
export type Trouble = { event: string; description: string; value: object; isOfNode: boolean }

/** Looks for one kind of trouble. */
export type Look = { name: string; find(now: Millis): Promise<Trouble[]> }

/** Where more of a channel's wait than these, tries that fail are soon three. */
const LATEST = 100

export type Asked = {
  store: Pick<TellingStore, 'channels' | 'outboxState' | 'deliveries'>
  health: Pick<Health, 'lastJudged'>
  /** Null where the data lies elsewhere. */
  disk: (() => Promise<Disk>) | null
}

const one = (event: string, description: string, isOfNode: boolean, value: object | null): Trouble[] =>
  value === null ? [] : [{ event, description, value, isOfNode }]

function lookAtTheTick({ health }: Asked): Look {
  // Until something was judged for the first time, it is late since the first look.
  let first: Millis | null = null
  const description = 'A server is more than a minute behind with judging; "behind" says by how many seconds.'
  return {
    name: 'tick',
    find: async (now) => {
      first ??= now
      return one(TICK_LATE, description, true, tickLate(now - SETTLING - (health.lastJudged() ?? first)))
    },
  }
}

function lookAtDeliveries({ store }: Asked): Look {
  const description = 'Deliveries wait for more than five minutes: how many, and the oldest for how many seconds.'
  return {
    name: 'deliveries',
    find: async (now) => one(DELIVERIES_FAILING, description, false, deliveriesFailing(await store.outboxState(), now)),
  }
}

function lookAtTheDisk(disk: () => Promise<Disk>): Look {
  const description = 'The disk with the data is nearly full: so many bytes are free, of so many.'
  return { name: 'disk', find: async () => one(DISK_FILLING, description, true, diskFilling(await disk())) }
}

const ofChannel = ({ id, name, failures }: KnownChannel, since: Millis): Trouble => ({
  event: failingEventOf(id),
  description: `Nothing arrives at the channel "${name}": see on its page what was answered. The other channels are told of it.`,
  value: { channel: name, failures, since: iso(since) },
  isOfNode: false,
})

function lookAtChannels({ store }: Asked): Look {
  const gaveUpAt = async (channel: number): Promise<Millis | null> => {
    const { items } = await store.deliveries({ channel }, { limit: LATEST, cursor: null })
    const givenUp = items.flatMap(({ state, settledAt }) => (state === 'failed' && settledAt !== null ? [settledAt] : []))
    return givenUp.length === 0 ? null : Math.max(...givenUp)
  }
  const find = async (channel: KnownChannel, now: Millis): Promise<Trouble[]> => {
    const since = silentSince(channel)
    if (since === null) return []
    const isFailing = keepsFailing(channel, null, now) || keepsFailing(channel, await gaveUpAt(channel.id), now)
    return isFailing ? [ofChannel(channel, since)] : []
  }
  return {
    name: 'channels',
    find: async (now) => (await Promise.all((await store.channels()).map((channel) => find(channel, now)))).flat(),
  }
}

/** All that this server looks for in itself. */
export const ownTroubles = (asked: Asked): Look[] => [
  lookAtTheTick(asked),
  ...(asked.disk === null ? [] : [lookAtTheDisk(asked.disk)]),
  lookAtDeliveries(asked),
  lookAtChannels(asked),
]

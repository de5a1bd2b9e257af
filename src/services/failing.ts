import { ON_ITS_WAY } from '../domain/delivery.ts'
import type { FailingChannel } from '../domain/message-facts.ts'
import { failingChannelOf } from '../domain/self.ts'
import type { Store } from '../store/store.ts'

type Asked = Pick<Store, 'findChannel' | 'deliveries'>

/** So many of what waits, or was given up, are asked what was answered. */
const MOST_ASKED = 100

/** What was answered to the last of what did not arrive. What waits longest was tried most. */
async function saidBy(store: Asked, channel: number): Promise<string | null> {
  const page = { limit: MOST_ASKED, cursor: null }
  const waiting = await store.deliveries({ channel, state: 'waiting' }, page)
  const failed = await store.deliveries({ channel, state: 'failed' }, { ...page, limit: 1 })
  const said = [...waiting.items.toReversed(), ...failed.items].map((one) => one.said)
  return said.find((text) => text !== null && text !== '' && text !== ON_ITS_WAY) ?? null
}

/** The channel that an event of ours speaks of; null for any other event. */
export async function failingOf(store: Asked, event: string | null): Promise<FailingChannel | null> {
  const id = event === null ? null : failingChannelOf(event)
  if (id === null) return null
  const channel = await store.findChannel(id)
  if (channel === null) return { id, name: null, since: null, failures: 0, said: null }
  const { name, failingSince: since, failures } = channel
  return { id, name, since, failures, said: since === null ? null : await saidBy(store, id) }
}

import type { Channel } from '../../src/domain/channel.ts'
import type { Message, Sent } from '../../src/domain/message.ts'
import type { Tell } from '../../src/services/tell.ts'
import type { Store } from '../../src/store/store.ts'
import { BY, SOMETIME } from './author.ts'

/** Somebody who is told: what arrived, in order, and what is answered. */
export type Listener = {
  tell: Tell
  /** What arrived, each time. */
  told: { channel: string; message: Message }[]
  /** The same in short, "ops: missed: backup (prod)", and what is new since this was asked last. */
  news(): string[]
  /** What is answered from now on; by the channel and what it is told. */
  answers(answer: (channel: Channel, message: Message) => Sent): void
}

const SENT: Sent = { kind: 'sent', said: '200 ok' }

export function aListener(): Listener {
  const told: Listener['told'] = []
  let seen = 0
  let answer: (channel: Channel, message: Message) => Sent = () => SENT
  return {
    told,
    tell: async (channel, message) => {
      const sent = answer(channel, message)
      if (sent.kind === 'sent') told.push({ channel: channel.name, message })
      return sent
    },
    news: () => {
      const fresh = told.slice(seen)
      seen = told.length
      return fresh.map(({ channel, message }) => `${channel}: ${message.title}`)
    },
    answers: (next) => {
      answer = next
    },
  }
}

/** A channel of the kind webhook that is told of misses and recoveries of everything. */
export async function aChannel(store: Store, name: string, more: Partial<Channel> = {}): Promise<Channel> {
  const made = await store.createChannel(
    {
      name,
      kind: 'webhook',
      settings: { url: 'https://example.com/hook' },
      when: ['missed', 'recovered'],
      match: null,
      isDefault: false,
      remindEvery: null,
      isEnabled: true,
      ...more,
    },
    { at: SOMETIME, by: BY },
    () => ({}),
  )
  if (typeof made === 'string') throw new Error(made)
  return made
}

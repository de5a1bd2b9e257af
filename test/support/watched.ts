import assert from 'node:assert/strict'
import type { Channel } from '../../src/domain/channel.ts'
import { MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import type { ChannelDraft, Settlement, Store } from '../../src/store/store.ts'
import { BY } from './author.ts'
import type { World } from './world.ts'

const draft = (name: string, more: Partial<ChannelDraft>): ChannelDraft => ({
  ...{ name, kind: 'ntfy', settings: {}, when: ['missed', 'recovered'], match: null, isDefault: false },
  ...{ remindEvery: null, isEnabled: true },
  ...more,
})

/** A channel for everything. */
export async function aChannel(store: Store, name: string, at: Millis, more: Partial<ChannelDraft> = {}): Promise<Channel> {
  const made = await store.createChannel(draft(name, more), { at, by: BY }, () => ({}))
  return typeof made === 'string' ? assert.fail(made) : made
}

export async function switchOff(store: Store, { id, name }: Channel, at: Millis): Promise<void> {
  await store.changeChannel(id, draft(name, { isEnabled: false }), { at, by: BY }, () => ({}))
}

/** One try of a new delivery to the channel that comes to this. */
export async function tryOnce(store: Store, channel: number, to: Settlement, at: Millis): Promise<void> {
  const others = (await store.channels()).flatMap(({ id }) => (id === channel ? [] : [id]))
  await store.addDelivery({ channel, kind: 'reminder', about: {} }, at)
  const [claimed] = await store.claimDeliveries(at, at + MINUTE, 1, others)
  assert.ok(claimed !== undefined && (await store.settleDelivery(claimed, to, at)), 'the try was not ours')
}

/** Time passes as for a server that also looks after itself, every fifteen seconds. */
export async function watchUntil(world: World, end: Millis): Promise<void> {
  while (world.clock.now() < end) {
    await world.passUntil(Math.min(end, world.clock.now() + 15 * SECOND))
    await world.watching.tick(world.clock.now())
  }
}

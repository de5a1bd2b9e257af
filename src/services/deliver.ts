import type { Channel } from '../domain/channel.ts'
import { DAMPER_LIMITS, type DamperLimits } from '../domain/damper.ts'
import { type Delivery, LONGEST_TRYING, restAfter } from '../domain/delivery.ts'
import type { Ruling } from '../domain/gate.ts'
import type { Sent } from '../domain/message.ts'
import { type Duration, type Millis, SECOND } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Settlement, Store } from '../store/store.ts'
import type { Compose } from './composing.ts'
import { gate, type InMaintenance, type Ruled } from './gating.ts'
import { aSettlingUp } from './lifting.ts'
import { flapping, giveUp, tellingAfter } from './settlements.ts'
import { type Tell, Unwritten } from './tell.ts'

/** Nobody else tries what we claimed for so long: longer than all that we do with it. */
const LEASE: Duration = 90 * SECOND
/** After so long of sending what is left goes back into the line. */
const LONGEST_SENDING: Duration = 30 * SECOND
const CLAIMED_AT_ONCE = 1_000
const BETWEEN_LOOKS: Duration = 1 * SECOND
const BETWEEN_SETTLING: Duration = 5 * SECOND
/** What follows a try that failed waits a moment, too: the channel may be away. */
const AFTER_FAILURE: Duration = 5 * SECOND

/** What became of a try, and the story that it belongs to. */
type Tried = { sent: Sent; thread: string }
type Withholding = Extract<Ruling, { kind: 'withhold' }>

type Needs = {
  store: Store
  compose: Compose
  tell: Tell
  inMaintenance: (at: Millis) => Promise<InMaintenance>
  isJudged: (now: Millis) => boolean
  log: Log
  now: () => Millis
  elapsed: () => number
  random: () => number
  limits?: DamperLimits
  /** Somebody was told, or not. */
  onSettled: (channel: Channel | null, delivery: Delivery, state: Settlement['state']) => void
}

/** Sends what is owed. `settled` resolves when nothing is under way. */
export type Delivering = { loop: Loop; settled(): Promise<void> }

export function aDelivering(needs: Needs): Delivering {
  const { store, compose, tell, log, now: clock, elapsed, random, limits = DAMPER_LIMITS, onSettled } = needs
  /** Channels that somebody of ours is busy with. */
  const busy = new Map<number, Promise<void>>()
  /** Channels that asked to be left alone, and until when, by the clock that never jumps. */
  const resting = new Map<number, Millis>()
  let settledUpAt = Number.NEGATIVE_INFINITY

  const settle = async (channel: Channel | null, delivery: Delivery, to: Settlement): Promise<void> => {
    if (await store.settleDelivery(delivery, to, clock())) onSettled(channel, delivery, to.state)
  }

  /** Null: somebody else has taken it, as we were too slow. What cannot be written is tried again, and is this channel's failure: others are told of that. */
  const trying = async (channel: Channel, delivery: Delivery, { telling, subject }: Ruled): Promise<Tried | null> => {
    try {
      const message = await compose(delivery, { telling, subject, now: clock() }).catch((error: unknown) => {
        throw new Unwritten('A message could not be composed', { cause: error })
      })
      if (!(await store.noteSending(delivery))) return null
      const onPiece = (parts: number) => store.noteParts(delivery, parts, clock() + LEASE)
      return { sent: await tell(channel, message, { from: delivery.parts, onPiece }), thread: message.thread }
    } catch (error) {
      if (!(error instanceof Unwritten)) throw error
      log.error({ err: error, channel: channel.id, delivery: delivery.id }, 'a message could not be written; it is tried again')
      return {
        sent: { kind: 'again', said: 'the message could not be written: the log of the server says why', after: null },
        thread: '',
      }
    }
  }

  /** How long the channel is to be left alone: not at all, unless it seems to be away. */
  const send = async (channel: Channel, ruled: Ruled): Promise<Duration> => {
    const { incident } = ruled
    const delivery = ruled.delivery.kind === 'settled' ? { ...ruled.delivery, incident: incident?.id ?? null } : ruled.delivery
    const tried = await trying(channel, delivery, ruled)
    if (tried === null) return 0
    const { sent, thread } = tried
    const at = clock()
    if (sent.kind === 'sent') {
      await settle(channel, delivery, { state: 'sent', said: sent.said, ...tellingAfter(ruled, channel, thread, at) })
      return 0
    }
    if (sent.kind === 'never') {
      await settle(channel, delivery, giveUp(ruled, sent, 'it was refused'))
      return 0
    }
    if (at - delivery.createdAt >= LONGEST_TRYING) {
      await settle(channel, delivery, giveUp(ruled, sent, `given up after ${delivery.attempts} tries`))
      return AFTER_FAILURE
    }
    const rest = sent.after ?? restAfter(delivery.attempts, random())
    await settle(channel, delivery, { state: 'waiting', nextAt: at + rest, said: sent.said })
    if (sent.after === null) return AFTER_FAILURE
    resting.set(channel.id, elapsed() + sent.after)
    await store.restChannel(channel.id, at + sent.after)
    return sent.after
  }

  /** All but what is sent is settled at once; answers what is to be sent. */
  const settleRuled = async (channel: Channel | null, ruled: readonly Ruled[], at: Millis): Promise<Ruled[]> => {
    const joining = ruled.filter(({ ruling }) => ruling.kind === 'join')
    if (joining.length > 0 && channel !== null) {
      await store.joinFlood(
        channel.id,
        joining.map(({ delivery }) => delivery),
        at,
      )
      for (const { delivery } of joining) onSettled(channel, delivery, 'withheld')
    }
    await withholdRuled(channel, ruled, at)
    for (const { delivery, ruling } of ruled) {
      if (ruling.kind === 'flap') await settle(channel, delivery, flapping(delivery))
      if (ruling.kind === 'wait') await store.releaseDeliveries([delivery], at + AFTER_FAILURE)
    }
    return ruled.filter(({ ruling }) => ruling.kind === 'send')
  }

  /** Together by the reason: when many are met again there are thousands. */
  const withholdRuled = async (channel: Channel | null, ruled: readonly Ruled[], at: Millis): Promise<void> => {
    const groups = new Map<string, { ruling: Withholding; deliveries: Delivery[] }>()
    for (const { delivery, ruling } of ruled) {
      if (ruling.kind !== 'withhold') continue
      const key = JSON.stringify(ruling)
      const group = groups.get(key) ?? { ruling, deliveries: [] }
      group.deliveries.push(delivery)
      groups.set(key, group)
    }
    for (const { ruling, deliveries } of groups.values())
      for (const one of await store.withholdDeliveries(deliveries, ruling, at)) onSettled(channel, one, 'withheld')
  }

  const work = async (channel: Channel | null, claimed: readonly Delivery[]): Promise<void> => {
    const begun = elapsed()
    const at = clock()
    const inMaintenance = await needs.inMaintenance(at)
    const toSend = await settleRuled(channel, await gate(store, channel, claimed, { now: at, limits, inMaintenance }), at)
    if (channel === null) return
    for (const [i, one] of toSend.entries()) {
      const rest = await send(channel, one)
      if (rest === 0 && elapsed() - begun < LONGEST_SENDING) continue
      const left = toSend.slice(i + 1).map(({ delivery }) => delivery)
      await store.releaseDeliveries(left, clock() + rest)
      return
    }
  }

  const begin = (channel: Channel | null, id: number, claimed: readonly Delivery[]): void => {
    const done = work(channel, claimed)
      .catch((error: unknown) => log.error({ err: error, channel: id }, 'deliveries could not be settled; they are tried again'))
      .finally(() => busy.delete(id))
    busy.set(id, done)
  }

  const settleUp = aSettlingUp({ store, limits, inMaintenance: needs.inMaintenance, isJudged: needs.isJudged })

  return {
    loop: {
      name: 'deliver',
      pause: () => BETWEEN_LOOKS,
      tick: async (now) => {
        if (Math.abs(now - settledUpAt) >= BETWEEN_SETTLING) {
          await settleUp(now)
          settledUpAt = now
        }
        for (const [id, until] of resting) if (until <= elapsed()) resting.delete(id)
        const claimed = await store.claimDeliveries(now, now + LEASE, CLAIMED_AT_ONCE, [...busy.keys(), ...resting.keys()])
        if (claimed.length === 0) return 'idle'
        const channels = new Map((await store.channels()).map((channel) => [channel.id, channel]))
        for (const id of new Set(claimed.map((one) => one.channel)))
          begin(
            channels.get(id) ?? null,
            id,
            claimed.filter((one) => one.channel === id),
          )
        return 'idle'
      },
    },
    settled: async () => {
      while (busy.size > 0) await Promise.all(busy.values())
    },
  }
}

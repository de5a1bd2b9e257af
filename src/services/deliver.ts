import type { Channel } from '../domain/channel.ts'
import { DAMPER_LIMITS, type DamperLimits } from '../domain/damper.ts'
import { type Delivery, LONGEST_TRYING, restAfter, type Telling } from '../domain/delivery.ts'
import type { Sent } from '../domain/message.ts'
import { type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Settlement, Store } from '../store/store.ts'
import type { Compose } from './composing.ts'
import { gate, type InMaintenance, type Ruled } from './gating.ts'
import { aSettlingUp } from './lifting.ts'
import type { Tell } from './tell.ts'

/** Nobody else tries what we claimed for so long: longer than all that we do with it. */
const LEASE: Duration = 3 * MINUTE
/** After so long of sending what is left goes back into the line. */
const LONGEST_SENDING: Duration = 60 * SECOND
const CLAIMED_AT_ONCE = 1_000
const BETWEEN_LOOKS: Duration = 1 * SECOND
const BETWEEN_SETTLING: Duration = 5 * SECOND
/** What follows a try that failed waits a moment, too: the channel may be away. */
const AFTER_FAILURE: Duration = 5 * SECOND

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
  let settledUpAt = Number.NEGATIVE_INFINITY

  const settle = async (channel: Channel | null, delivery: Delivery, to: Settlement): Promise<void> => {
    if (await store.settleDelivery(delivery, to, clock())) onSettled(channel, delivery, to.state)
  }

  /** What the channel knows once this is there; absent: as it was. */
  const tellingAfter = (
    { delivery, telling, incident }: Ruled,
    channel: Channel,
    thread: string,
    at: Millis,
  ): { telling?: Telling | null } => {
    const { kind, expectation, about } = delivery
    if (expectation === null) return {}
    const reminds = channel.when.includes('reminder') && channel.remindEvery !== null
    const remindAt = reminds ? at + (channel.remindEvery ?? 0) : null
    const known = { channel: channel.id, expectation, thread, flood: null, since: at, about, incident: delivery.incident ?? 0 }
    if (kind === 'missed') return { telling: { ...known, told: 'missed', remindAt } }
    if (kind === 'flapping') return { telling: { ...known, thread: telling?.thread ?? thread, told: 'flapping', remindAt: null } }
    if (kind === 'recovered') return { telling: null }
    if (kind !== 'settled') return {}
    const isOpen = incident !== null && incident.closedAt === null
    return { telling: isOpen ? { ...known, incident: incident.id, told: 'missed', remindAt } : null }
  }

  const giveUp = (delivery: Delivery, sent: Sent, reason: string): Settlement => {
    const isEnd = delivery.kind === 'recovered' || delivery.kind === 'settled'
    return { state: 'failed', reason, said: sent.said, ...(isEnd ? { telling: null } : {}) }
  }

  /** False when the channel seems to be away. */
  const send = async (channel: Channel, ruled: Ruled): Promise<boolean> => {
    const { telling, subject, incident } = ruled
    const delivery = ruled.delivery.kind === 'settled' ? { ...ruled.delivery, incident: incident?.id ?? null } : ruled.delivery
    const message = await compose(delivery, { telling, subject, now: clock() })
    const onPiece = (parts: number) => store.noteParts(delivery, parts)
    const sent = await tell(channel, message, { from: delivery.parts, onPiece })
    const at = clock()
    if (sent.kind === 'sent') {
      await settle(channel, delivery, { state: 'sent', said: sent.said, ...tellingAfter(ruled, channel, message.thread, at) })
      return true
    }
    if (sent.kind === 'never') {
      await settle(channel, delivery, giveUp(delivery, sent, 'it was refused'))
      return true
    }
    if (at - delivery.createdAt >= LONGEST_TRYING) {
      await settle(channel, delivery, giveUp(delivery, sent, `given up after ${delivery.attempts} tries`))
      return false
    }
    const rest = sent.after ?? restAfter(delivery.attempts, random())
    await settle(channel, delivery, { state: 'waiting', nextAt: at + rest, said: sent.said })
    if (sent.after !== null) await store.restChannel(channel.id, at + sent.after)
    return false
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
    for (const { delivery, ruling } of ruled) {
      if (ruling.kind === 'withhold') {
        const { reason, heldBy = null, forget } = ruling
        await settle(channel, delivery, { state: 'withheld', reason, heldBy, ...(forget ? { telling: null } : {}) })
      }
      if (ruling.kind === 'flap') await settle(channel, delivery, flapping(delivery))
      if (ruling.kind === 'wait') await store.releaseDeliveries([delivery], at + AFTER_FAILURE)
    }
    return ruled.filter(({ ruling }) => ruling.kind === 'send')
  }

  const flapping = (delivery: Delivery): Settlement => {
    const { channel, about, expectation, incident, due, kind } = delivery
    const then = { channel, kind: 'flapping' as const, about, expectation, incident, due }
    return { state: 'withheld', reason: 'it is flapping', heldBy: kind === 'missed' ? 'flapping' : null, then }
  }

  const work = async (channel: Channel | null, claimed: readonly Delivery[]): Promise<void> => {
    const begun = elapsed()
    const at = clock()
    const inMaintenance = await needs.inMaintenance(at)
    const toSend = await settleRuled(channel, await gate(store, channel, claimed, { now: at, limits, inMaintenance }), at)
    if (channel === null) return
    for (const [i, one] of toSend.entries()) {
      const isThere = await send(channel, one)
      if (isThere && elapsed() - begun < LONGEST_SENDING) continue
      const left = toSend.slice(i + 1).map(({ delivery }) => delivery)
      await store.releaseDeliveries(left, clock() + (isThere ? 0 : AFTER_FAILURE))
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
        const claimed = await store.claimDeliveries(now, now + LEASE, CLAIMED_AT_ONCE, [...busy.keys()])
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

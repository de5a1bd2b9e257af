import type { Channel } from '../domain/channel.ts'
import type { Delivery, Telling } from '../domain/delivery.ts'
import type { Sent } from '../domain/message.ts'
import type { Millis } from '../domain/time.ts'
import type { Settlement } from '../store/store.ts'
import type { Ruled } from './gating.ts'

/** What the channel knows once this is there; absent: as it was. */
export const tellingAfter = (
  { delivery, telling, incident }: Ruled,
  channel: Channel,
  thread: string,
  at: Millis,
): { telling?: Telling | null } => {
  const { kind, expectation } = delivery
  // Why it came when it came is not told again with its end.
  const { why: _, ...about } = delivery.about
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

/**
 * It is over and never arrived: with an end that is given up nobody waits for one any more. Where it was told that something is missed, and not that it
 * flaps, it is not told each change after all, but how it came out.
 */
export function giveUp(
  { delivery: { kind }, telling }: Pick<Ruled, 'delivery' | 'telling'>,
  sent: Sent,
  reason: string,
): Settlement {
  const failed = { state: 'failed' as const, reason, said: sent.said }
  if (kind === 'recovered' || kind === 'settled') return { ...failed, telling: null }
  if (kind === 'flapping' && telling !== null) return { ...failed, telling: { ...telling, told: 'flapping', remindAt: null } }
  return failed
}

/** Withheld, and one message says why: what is held is told once it does not flap any more. */
export const flapping = (delivery: Delivery): Settlement => {
  const { channel, about, expectation, incident, due, kind } = delivery
  const then = { channel, kind: 'flapping' as const, about, expectation, incident, due }
  return { state: 'withheld', reason: 'it is flapping', heldBy: kind === 'missed' ? 'flapping' : null, then }
}

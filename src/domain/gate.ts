import type { Channel } from './channel.ts'
import { type DamperLimits, isFlapping } from './damper.ts'
import type { Delivery, DeliveryState, Holder, Telling } from './delivery.ts'
import type { Millis } from './time.ts'

/** All that decides whether a delivery is sent now. */
export type Facts = {
  delivery: Pick<Delivery, 'kind' | 'said'>
  /** Null: it is gone. */
  channel: Pick<Channel, 'when' | 'isEnabled'> | null
  /** What the channel knows of the expectation. */
  telling: Telling | null
  /** When incidents of the expectation were opened and closed lately. */
  changes: readonly Millis[]
  /** The incident that it is about, or is by now; null: it is gone. */
  incident: { closedAt: Millis | null; acknowledgedBy: string | null } | null
  /** Words for the maintenance that the expectation is in. */
  maintenance: string | null
  isFlooded: boolean
  /** What became of the first message of its flood, and is it over and all of it met? */
  flood: { told: DeliveryState | null; hasEnded: boolean } | null
  /** Is the expectation still there? What flapped and is gone will not be steady. */
  isThere: boolean
  /** The expectation says something of ourselves: no damper holds that. */
  isOurs: boolean
}

/** `flap`: withheld, and one message says that it is flapping; `join`: told with others. `forget`: the channel knows nothing of it any more. */
export type Ruling =
  | { kind: 'send' }
  | { kind: 'wait' }
  | { kind: 'join' }
  | { kind: 'flap' }
  | { kind: 'withhold'; reason: string; heldBy?: Holder; forget?: true }

/** Why a delivery of a flood is withheld: the message of the flood tells it. */
export const WITH_OTHERS = 'told with others, in one message'

const SEND: Ruling = { kind: 'send' }
const withhold = (reason: string, more: { heldBy?: Holder; forget?: true } = {}): Ruling => ({
  kind: 'withhold',
  reason,
  ...more,
})

/** Rule 11 for one delivery at one instant. */
export function rule(facts: Facts, now: Millis, limits: DamperLimits): Ruling {
  const { delivery, channel } = facts
  if (delivery.kind === 'test') return withhold('a test is tried once, and was cut off')
  if (channel === null) return withhold('the channel was deleted')
  if (!channel.isEnabled) return withhold('the channel is switched off')
  switch (delivery.kind) {
    case 'missed':
      return ruleMissed(facts, now, limits)
    case 'recovered':
      return ruleRecovered(facts, now, limits)
    case 'flapping':
      return facts.telling?.told === 'flapping' ? withhold('it was told already that it is flapping') : SEND
    case 'settled':
      return facts.telling?.told === 'flapping' ? SEND : withhold('it was not told that it is flapping')
    case 'reminder':
    case 'acknowledged':
      return ruleOpen(facts)
    case 'met':
      return channel.when.includes('met') ? SEND : withhold('this channel is not told of what is met')
    case 'flood-over':
    case 'flood-recovered':
      return ruleFlood(facts)
    default:
      return SEND
  }
}

function ruleMissed(
  { delivery, channel, telling, changes, maintenance, isFlooded, isOurs }: Facts,
  now: Millis,
  limits: DamperLimits,
): Ruling {
  if (!isOurs && !channel?.when.includes('missed')) return withhold('this channel is not told of misses')
  if (telling?.told === 'flapping') return withhold('it is flapping', { heldBy: 'flapping' })
  if (telling !== null) return withhold('the channel knows already')
  // What was tried before may be there: its end can only be told under its own name.
  if (isOurs || delivery.said !== null) return SEND
  if (maintenance !== null) return withhold(maintenance, { heldBy: 'maintenance' })
  if (isFlapping(changes, now, limits)) return { kind: 'flap' }
  return isFlooded ? { kind: 'join' } : SEND
}

function ruleRecovered({ channel, telling, changes, isThere, isOurs }: Facts, now: Millis, limits: DamperLimits): Ruling {
  if (telling === null) return withhold('the channel was not told that it was missed')
  if (telling.told === 'flapping') return isThere ? withhold('it is flapping') : SEND
  if (telling.told === 'flood') return withhold(WITH_OTHERS, { forget: true })
  if (!isOurs && isFlapping(changes, now, limits)) return { kind: 'flap' }
  if (!isOurs && !channel?.when.includes('recovered')) return withhold('this channel is not told of recoveries', { forget: true })
  return SEND
}

/** Only while it is open, and to whom knows of it. */
function ruleOpen({ delivery, telling, incident, maintenance }: Facts): Ruling {
  if (telling === null || incident === null || incident.closedAt !== null) return withhold('it was over before it was sent')
  if (delivery.kind === 'reminder' && maintenance !== null) return withhold(maintenance)
  if (delivery.kind === 'reminder' && incident.acknowledgedBy !== null) return withhold('somebody has it')
  return SEND
}

function ruleFlood({ delivery, flood }: Facts): Ruling {
  if (delivery.kind === 'flood-over' && flood?.hasEnded) return withhold('all were met before it was sent')
  if (flood?.told === 'sent') return SEND
  return flood?.told === 'waiting' ? { kind: 'wait' } : withhold('the channel was not told that they were missed')
}

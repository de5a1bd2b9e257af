import type { ChannelKind } from './channel.ts'
import type { Delivery } from './delivery.ts'
import { WITH_OTHERS } from './gate.ts'
import type { Millis } from './time.ts'

/** As much of a delivery as an incident's timeline tells. */
export type ToldDelivery = Pick<
  Delivery,
  'id' | 'kind' | 'channel' | 'flood' | 'createdAt' | 'state' | 'reason' | 'nextAt' | 'attempts' | 'settledAt' | 'said'
> & { channelName: string; channelKind: ChannelKind }

/** Channels that were told of the incident, or are to be, or were not: all of the same message, and with the same end. */
export type ToldMark = { kind: 'told'; at: Millis; deliveries: readonly [ToldDelivery, ...ToldDelivery[]] }

/** Does one message for many stand for it? `flood` says which, where that is known. */
export const isInDigest = ({ state, reason }: ToldDelivery): boolean => state === 'withheld' && reason === WITH_OTHERS

/** Each where it came to its end; what waits, where it was owed. */
export const toldOf = (deliveries: readonly ToldDelivery[]): ToldMark[] =>
  deliveries.map((one) => ({ kind: 'told', at: one.settledAt ?? one.createdAt, deliveries: [one] }))

/** What failed or waits is told one by one: each has its own answer. */
function areAlike({ deliveries: [a] }: ToldMark, { deliveries: [b] }: ToldMark): boolean {
  const isQuiet = a.state === 'sent' || a.state === 'withheld'
  return isQuiet && a.state === b.state && a.kind === b.kind && a.reason === b.reason
}

/** Those in a row that say the same become one mark. */
export function together<T extends { kind: string; at: Millis }>(happenings: readonly (T | ToldMark)[]): (T | ToldMark)[] {
  const marks: (T | ToldMark)[] = []
  for (const happening of happenings) {
    const last = marks.at(-1)
    const isOneMore = isTold(happening) && last !== undefined && isTold(last) && areAlike(last, happening)
    if (isOneMore) marks[marks.length - 1] = { ...happening, deliveries: [...last.deliveries, ...happening.deliveries] }
    else marks.push(happening)
  }
  return marks
}

const isTold = (happening: { kind: string }): happening is ToldMark => happening.kind === 'told'

import type { Channel } from './channel.ts'
import { listed } from './listed.ts'
import { type Subject, toldOf } from './routing.ts'
import { failingChannelOf } from './self.ts'

/** As if it heard of misses. */
const hearing = (channel: Channel): Channel => ({ ...channel, when: ['missed'] })

/** Why no channel is told that the expectation is missed, in words; null where one is. */
export function whyNobody(channels: readonly Channel[], subject: Subject): string | null {
  const failing = failingChannelOf(subject.event)
  if (failing !== null)
    return channels.some(({ id, isEnabled, when }) => isEnabled && id !== failing && when.includes('missed'))
      ? null
      : 'there is no other one'
  if (toldOf(channels, subject, 'missed').length > 0) return null
  if (channels.length === 0) return 'there is none yet'
  if (channels.every(({ isEnabled }) => !isEnabled)) return 'all of them are switched off'
  const deaf = toldOf(channels.map(hearing), subject, 'missed').map(({ name }) => name)
  if (deaf.length === 0) return 'it names none, the rules of none fit it, and there is no default one for it'
  return `${listed(deaf)} would be, but not of what is missed`
}

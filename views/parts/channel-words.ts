import type { Match } from '../../src/domain/channel.ts'
import { listed } from '../../src/domain/listed.ts'
import type { ChannelView } from '../models.channels.ts'

const partsOf = ({ events = [], tags = [], envs = [], severities = [] }: Match): string[] => [
  ...(events.length > 0 ? [listed(events)] : []),
  ...(tags.length > 0 ? [`tagged ${listed(tags)}`] : []),
  ...(envs.length > 0 ? [`in ${listed(envs)}`] : []),
  ...(severities.length > 0 ? [`${listed(severities)} only`] : []),
]

/** "missed and recovered, of etl_*, in prod"; "missed, of everything tagged web". */
export function toldInWords({ when, match, isDefault }: Pick<ChannelView, 'when' | 'match' | 'isDefault'>): string {
  const parts = match === null ? [] : partsOf(match)
  const told = `${listed(when)}, of`
  if (isDefault) return `${told} ${['what no other channel is for', ...parts].join(', ')}`
  if ((match?.events ?? []).length > 0) return `${told} ${parts.join(', ')}`
  const isNarrowed = (match?.tags ?? []).length + (match?.envs ?? []).length > 0
  return `${told} ${isNarrowed ? `everything ${parts.join(', ')}` : ['everything', ...parts].join(', ')}`
}

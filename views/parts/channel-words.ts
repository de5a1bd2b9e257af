import type { Match } from '../../src/domain/channel.ts'
import { listed } from '../../src/domain/listed.ts'
import type { ChannelView } from '../models.channels.ts'

const partsOf = ({ events = [], tags = [], envs = [], severities = [] }: Match): string[] => [
  ...(events.length > 0 ? [listed(events)] : []),
  ...(tags.length > 0 ? [`tagged ${listed(tags)}`] : []),
  ...(envs.length > 0 ? [`in ${listed(envs)}`] : []),
  ...(severities.length > 0 ? [`${listed(severities)} only`] : []),
]

/** "missed and recovered, of etl_*, in prod". */
export function toldInWords({ when, match, isDefault }: Pick<ChannelView, 'when' | 'match' | 'isDefault'>): string {
  const parts = match === null ? [] : partsOf(match)
  const which = isDefault ? 'what no other channel is for' : 'everything'
  return `${listed(when)}, of ${parts.length === 0 ? which : [...(isDefault ? [which] : []), ...parts].join(', ')}`
}

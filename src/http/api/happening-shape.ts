import { iso } from '../../domain/time.ts'
import type { Happening } from '../../domain/timeline.ts'
import type { ToldDelivery } from '../../domain/timeline-told.ts'
import { verdictShape } from './shapes.ts'

const toldShape = ({ id, channel, channelName, kind, state, reason, attempts, nextAt, said }: ToldDelivery) => ({
  ...{ id, channel, channelName, kind, state, reason, attempts, said },
  nextTry: nextAt === null ? null : iso(nextAt),
})

/** One step of an incident's timeline: `at`, `kind`, and what its kind has to say. */
export function happeningShape({ at, ...happening }: Happening) {
  const when = { at: iso(at) }
  if ('verdict' in happening)
    return { ...when, ...happening, verdict: happening.verdict === null ? null : verdictShape(happening.verdict) }
  if ('first' in happening) return { ...when, ...happening, first: iso(happening.first), last: iso(happening.last) }
  if (happening.kind === 'told') return { ...when, kind: happening.kind, deliveries: happening.deliveries.map(toldShape) }
  if (happening.kind === 'snoozed')
    return { ...when, ...happening, until: happening.until === null ? null : iso(happening.until) }
  return { ...when, ...happening }
}

import { formatDuration } from './duration.ts'
import type { Event } from './event.ts'
import type { Expectation } from './expectation.ts'

/** What can be written of an event, as it would be written. */
export const declaredEvent = ({ name, key, description, tags }: Pick<Event, 'name' | 'key' | 'description' | 'tags'>) => ({
  name,
  key,
  description,
  tags,
})

/** What can be written of an expectation, as it would be written. */
export const declaredExpectation = ({
  event,
  env,
  tags,
  pausedAt,
  terms,
  telling,
}: Pick<Expectation, 'event' | 'env' | 'tags' | 'pausedAt' | 'terms' | 'telling'>) => ({
  event,
  env,
  schedule: terms.expression,
  timeZone: terms.timeZone,
  atLeast: terms.atLeast,
  atMost: terms.atMost,
  count: terms.count,
  lookback: terms.lookback === null ? null : formatDuration(terms.lookback),
  grace: formatDuration(terms.grace),
  where: terms.where,
  ignoreFailures: terms.ignoreFailures,
  paused: pausedAt !== null,
  tags,
  alertAfter: telling.alertAfter,
  recoverAfter: telling.recoverAfter,
  severity: telling.severity,
  channels: telling.channels.map(({ name }) => name),
})

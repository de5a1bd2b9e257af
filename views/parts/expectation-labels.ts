import { EXPECTATION_FIELDS, type ExpectationField } from '../models.ts'
import type { Labels } from './field.tsx'

/** What the fields of the expectation form are called. */
export const EXPECTATION_LABELS: Labels<ExpectationField> = {
  schedule: 'Schedule',
  atLeast: 'At least',
  atMost: 'At most',
  count: 'Counting',
  lookback: 'Lookback',
  grace: 'Grace',
  timeZone: 'Time zone',
  env: 'Environment',
  where: 'Only those where',
  ignoreFailures: 'Let a reported failure pass',
  tags: 'Tags',
  severity: 'Severity',
  alertAfter: 'An incident after',
  recoverAfter: 'Closed after',
  channels: 'Channels',
}

/** Fields whose mistakes follow the typing; what is chosen or ticked cannot be wrong. */
const CHOSEN: readonly ExpectationField[] = ['count', 'ignoreFailures', 'severity', 'channels']
export const TYPED_FIELDS = EXPECTATION_FIELDS.filter((field) => !CHOSEN.includes(field))

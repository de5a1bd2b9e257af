import type { ChannelKind } from '../domain/channel.ts'
import { datadog } from './datadog.ts'
import { email } from './email.ts'
import { eventbridge } from './eventbridge.ts'
import type { Kind } from './kind.ts'
import { mailgun } from './mailgun.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'
import { twilio } from './twilio.ts'

/** Every kind of channel, by its name. */
export const KINDS: Readonly<Partial<Record<ChannelKind, Kind>>> = {
  email,
  pagerduty,
  opsgenie,
  twilio,
  mailgun,
  datadog,
  eventbridge,
}

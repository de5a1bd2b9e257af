import type { ChannelKind } from '../domain/channel.ts'
import { alertmanager } from './alertmanager.ts'
import { command } from './command.ts'
import { datadog } from './datadog.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { eventbridge } from './eventbridge.ts'
import type { Kind } from './kind.ts'
import { mailgun } from './mailgun.ts'
import { ntfy } from './ntfy.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { twilio } from './twilio.ts'
import { webhook } from './webhook.ts'

/** Every kind of channel, by its name. */
export const KINDS: Readonly<Record<ChannelKind, Kind>> = {
  webhook,
  email,
  slack,
  teams,
  discord,
  telegram,
  ntfy,
  pagerduty,
  opsgenie,
  twilio,
  mailgun,
  datadog,
  eventbridge,
  alertmanager,
  command,
}

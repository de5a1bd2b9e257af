import type { ChannelKind } from '../domain/channel.ts'
import { alertmanager } from './alertmanager.ts'
import { command } from './command.ts'
import { discord } from './discord.ts'
import type { Kind } from './kind.ts'
import { ntfy } from './ntfy.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

/** Every kind of channel, by its name. */
export const KINDS: Readonly<Partial<Record<ChannelKind, Kind>>> = {
  webhook,
  slack,
  teams,
  discord,
  telegram,
  ntfy,
  alertmanager,
  command,
}

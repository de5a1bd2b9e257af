import type { ChannelKind } from '../domain/channel.ts'
import type { Kind } from './kind.ts'

/** Every kind of channel, by its name. */
export const KINDS: Readonly<Partial<Record<ChannelKind, Kind>>> = {}

import { asc, isNull } from 'drizzle-orm'
import type { Channel, ChannelKind, ChannelSettings, Match, When } from '../domain/channel.ts'
import type { Db } from './engine.ts'
import type { KnownChannel } from './store.telling.ts'
import type { Tables } from './tables.ts'

type Row = Tables['channels']['$inferSelect']

/** What is kept of a channel in its row. */
export const channelColumns = ({ settings, when, match, ...rest }: Omit<Channel, 'id' | 'createdAt'>) => ({
  ...rest,
  settings: JSON.stringify(settings),
  tells: JSON.stringify(when),
  matching: match === null ? null : JSON.stringify(match),
})

export const toChannel = ({ settings, tells, matching, kind, endedAt: _, ...row }: Row): KnownChannel => ({
  ...row,
  kind: kind as ChannelKind,
  settings: JSON.parse(settings) as ChannelSettings,
  when: JSON.parse(tells) as When[],
  match: matching === null ? null : (JSON.parse(matching) as Match),
})

/** Those that were not deleted, by id. */
export async function livingChannels(db: Db, { channels: c }: Tables): Promise<KnownChannel[]> {
  const rows = await db.select().from(c).where(isNull(c.endedAt)).orderBy(asc(c.id))
  return rows.map(toChannel)
}

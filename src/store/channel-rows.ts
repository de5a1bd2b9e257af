import { asc, isNull } from 'drizzle-orm'
import type { ChannelKind, ChannelSettings, Match, When } from '../domain/channel.ts'
import type { Db } from './engine.ts'
import type { KnownChannel } from './store.telling.ts'
import type { Tables } from './tables.ts'

export type ChannelRow = Tables['channels']['$inferSelect']

/** A row as it is known outside; that it has ended is not part of it. */
export const toChannel = ({ endedAt: _, kind, settings, tells, matching, ...row }: ChannelRow): KnownChannel => ({
  ...row,
  kind: kind as ChannelKind,
  settings: JSON.parse(settings) as ChannelSettings,
  when: JSON.parse(tells) as When[],
  match: matching === null ? null : (JSON.parse(matching) as Match),
})

/** Those that were not deleted, by id: also inside of a transaction. */
export async function livingChannels(db: Db, { channels: c }: Tables): Promise<KnownChannel[]> {
  const rows = await db.select().from(c).where(isNull(c.endedAt)).orderBy(asc(c.id))
  return rows.map(toChannel)
}

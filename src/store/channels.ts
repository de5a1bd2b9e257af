import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm'
import { type Channel, MOST_CHANNELS } from '../domain/channel.ts'
import { foldName } from '../domain/people.ts'
import type { Millis } from '../domain/time.ts'
import { noteChannel } from './channel-noting.ts'
import { livingChannels, toChannel } from './channel-rows.ts'
import type { Db, Engine } from './engine.ts'
import { endFloods, forgetUntold, reopenFloods } from './flood-ends.ts'
import { oweWhatIsOpen } from './open-owing.ts'
import type { ChannelDraft, TellingStore } from './store.telling.ts'
import type { Tables } from './tables.ts'

type ChannelStore = Pick<TellingStore, 'channels' | 'findChannel' | 'createChannel' | 'changeChannel' | 'deleteChannel'>

const SWITCHED_OFF = 'the channel was switched off before it was sent'
const DELETED = 'the channel was deleted before it was sent'

/** These columns and no others: what is known of its failing is not part of a change. */
const toRow = ({ name, kind, settings, when, match, isDefault, remindEvery, isEnabled }: ChannelDraft) => ({
  ...{ name, kind, isDefault, remindEvery, isEnabled },
  settings: JSON.stringify(settings),
  tells: JSON.stringify(when),
  matching: match === null ? null : JSON.stringify(match),
})

/** Living ones are called differently, as names fold. `own` may keep its name. */
const isTaken = (living: readonly Channel[], name: string, own: number | null): boolean =>
  living.some((one) => one.id !== own && foldName(one.name) === foldName(name))

/** Where people are told. Whoever settles a delivery holds it first and its channel last: here it is the same order, so that nobody waits for each other. */
export function channelStore({ t, db, tx, alone, holding }: Engine): ChannelStore {
  const { channels: c, deliveries: d, tellings: l } = t
  const waiting = (channel: number) => and(eq(d.channelId, channel), eq(d.state, 'waiting'))

  const holdWaiting = async (db: Db, channel: number): Promise<void> => {
    await holding(db.select({ id: d.id }).from(d).where(waiting(channel)).orderBy(asc(d.id)))
  }

  const withhold = async (db: Db, channel: number, reason: string, at: Millis): Promise<void> => {
    await db.update(d).set({ state: 'withheld', reason, settledAt: at, nextAt: null }).where(waiting(channel))
  }

  const switchOff = async (db: Db, channel: number, at: Millis): Promise<void> => {
    await reopenFloods(db, t, channel)
    await withhold(db, channel, SWITCHED_OFF, at)
    await forgetUntold(db, t, channel, at)
  }

  const living = async (db: Db, id: number): Promise<Channel | null> =>
    (await livingChannels(db, t)).find((one) => one.id === id) ?? null

  return {
    channels: () => livingChannels(db, t),

    async findChannel(id) {
      const [row] = await db
        .select()
        .from(c)
        .where(and(eq(c.id, id), isNull(c.endedAt)))
      return row === undefined ? null : toChannel(row)
    },

    createChannel: (draft, stamp, shown) =>
      tx(async (db) => {
        // Who makes channels at the same moment comes one after the other: never too many, never two of one name.
        await alone(db, c)
        const there = await livingChannels(db, t)
        if (isTaken(there, draft.name, null)) return 'name-taken'
        if (there.length >= MOST_CHANNELS) return 'too-many'
        const made = await insert(db, t, draft, stamp.at)
        await noteChannel({ db, t, ...stamp }, null, made, shown)
        return made
      }),

    changeChannel: (id, to, stamp, shown) =>
      tx(async (db) => {
        if (!to.isEnabled) await holdWaiting(db, id)
        await alone(db, c)
        const there = await livingChannels(db, t)
        const old = there.find((one) => one.id === id)
        if (old === undefined) return null
        if (isTaken(there, to.name, id)) return 'name-taken'
        await db.update(c).set(toRow(to)).where(eq(c.id, id))
        if (!to.isEnabled) await switchOff(db, id, stamp.at)
        else if (!old.isEnabled) await oweWhatIsOpen(db, t, id, stamp.at)
        const changed = { ...old, ...to }
        await noteChannel({ db, t, ...stamp }, old, changed, shown)
        return changed
      }),

    deleteChannel: (id, stamp, shown) =>
      tx(async (db) => {
        await holdWaiting(db, id)
        await db.delete(l).where(eq(l.channelId, id))
        await alone(db, c)
        const old = await living(db, id)
        if (old === null) return false
        await db.update(c).set({ endedAt: stamp.at }).where(eq(c.id, id))
        await withhold(db, id, DELETED, stamp.at)
        await endFloods(db, t, id, stamp.at)
        // What a damper withholds for it is never lifted.
        await db
          .update(d)
          .set({ heldBy: null })
          .where(and(eq(d.channelId, id), isNotNull(d.heldBy)))
        await noteChannel({ db, t, ...stamp }, old, null, shown)
        return true
      }),
  }
}

async function insert(db: Db, { channels: c }: Tables, draft: ChannelDraft, at: Millis): Promise<Channel> {
  const [row] = await db
    .insert(c)
    .values({ ...toRow(draft), createdAt: at })
    .returning()
  if (row === undefined) throw new Error('The channel was stored but no row came back.')
  return toChannel(row)
}

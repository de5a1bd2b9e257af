import { and, asc, inArray, isNotNull, isNull, max } from 'drizzle-orm'
import type { About } from '../domain/delivery.ts'
import { toldOf } from '../domain/routing.ts'
import { isSelfEvent } from '../domain/self.ts'
import { livingChannels } from './channel-rows.ts'
import type { Db, Engine } from './engine.ts'
import { addDeliveries } from './owing.ts'
import type { NewDelivery, RoutedSubject, TellingStore, Unjudged } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'
import type { Tables } from './tables.ts'

/** Read in one go; what is left is told with the next message. */
const AT_ONCE = 10_000
/** Listed in one message; the others are counted. */
const MOST_LISTED = 100

const toUnjudged = ({ expectationId, ...row }: Tables['unjudged']['$inferSelect']): Unjudged => ({
  ...row,
  expectation: expectationId,
})

type Told = { row: Unjudged; subject: RoutedSubject }

const textOf = ({ row }: Told): string => {
  if (row.settledAs !== null) return row.settledAs
  return row.times === 1 ? 'could not be judged' : `could not be judged, ${row.times} times`
}

const aboutOf = (told: readonly Told[], rest: About): About => ({
  ...rest,
  items: told.slice(0, MOST_LISTED).map((one) => ({
    expectation: one.row.expectation,
    event: one.subject.event,
    env: one.subject.env,
    text: textOf(one),
  })),
  count: told.length,
})

/** See `TellingStore`. */
export function blindnessStore({ t, db, tx }: Engine): Pick<TellingStore, 'unjudged' | 'tellUnjudged'> {
  const { unjudged: u } = t

  /** One message a channel that lists what it is for. */
  const messages = async (
    db: Db,
    rows: readonly Unjudged[],
    kind: 'blind' | 'blind-settled',
    rest: About,
  ): Promise<NewDelivery[]> => {
    const channels = await livingChannels(db, t)
    const subjects = await subjectsIn(
      db,
      t,
      rows.map(({ expectation }) => expectation),
    )
    const told = rows.flatMap((row): Told[] => {
      const subject = subjects.get(row.expectation)
      // What we say of ourselves tells nothing of the time in which we were not there.
      return subject === undefined || isSelfEvent(subject.event) ? [] : [{ row, subject }]
    })
    return channels.flatMap(({ id }): NewDelivery[] => {
      const theirs = told.filter(({ subject }) => toldOf(channels, subject, 'missed').some((channel) => channel.id === id))
      return theirs.length === 0 ? [] : [{ channel: id, kind, about: aboutOf(theirs, rest) }]
    })
  }

  return {
    async unjudged() {
      const untold = await db.select().from(u).where(isNull(u.toldAt)).orderBy(asc(u.id)).limit(AT_ONCE)
      const settled = await db.select().from(u).where(isNotNull(u.settledAs)).orderBy(asc(u.id)).limit(AT_ONCE)
      const [told] = await db.select({ last: max(u.toldAt) }).from(u)
      return { untold: untold.map(toUnjudged), settled: settled.map(toUnjudged), lastToldAt: told?.last ?? null }
    },

    tellUnjudged: ({ untold, settled }, blind, at) =>
      tx(async (db) => {
        const ids = (rows: readonly Unjudged[]) => rows.map(({ id }) => id)
        const won =
          untold.length === 0
            ? []
            : await db
                .update(u)
                .set({ toldAt: at })
                .where(and(inArray(u.id, ids(untold)), isNull(u.toldAt)))
                .returning()
        const over =
          settled.length === 0
            ? []
            : await db
                .delete(u)
                .where(inArray(u.id, ids(settled)))
                .returning()
        const added = [
          ...(await messages(db, won.map(toUnjudged), 'blind', blind === null ? {} : { blind })),
          ...(await messages(db, over.map(toUnjudged), 'blind-settled', {})),
        ]
        await addDeliveries(db, t, added, at)
        return added.length
      }),
  }
}

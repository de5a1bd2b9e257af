import { and, asc, count, eq, gte, inArray, isNotNull, isNull, lte, max } from 'drizzle-orm'
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

/** `left`: due instants of it that are still not known. */
type Told = { row: Unjudged; subject: RoutedSubject; left: number }

const textOf = ({ row: { settledAs, times }, left }: Told): string => {
  if (settledAs === null) return times === 1 ? 'could not be judged' : `could not be judged, ${times} times`
  return left === 0 ? settledAs : `${settledAs} once; ${left} of ${times} still not known`
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
  const { unjudged: u, verdicts: v } = t

  /** One message a channel that lists what it is for. */
  const messages = async (
    db: Db,
    rows: readonly Unjudged[],
    kind: 'blind' | 'blind-settled',
    rest: About,
    left: ReadonlyMap<number, number> = new Map(),
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
      return subject === undefined || isSelfEvent(subject.event) ? [] : [{ row, subject, left: left.get(row.id) ?? 0 }]
    })
    return channels.flatMap(({ id }): NewDelivery[] => {
      const theirs = told.filter(({ subject }) => toldOf(channels, subject, 'missed').some((channel) => channel.id === id))
      return theirs.length === 0 ? [] : [{ channel: id, kind, about: aboutOf(theirs, rest) }]
    })
  }

  /** Due instants of each row that late news did not tell of. */
  const stillUnknown = async (db: Db, rows: readonly { id: number }[]): Promise<Map<number, number>> => {
    const found = await db
      .select({ id: u.id, left: count() })
      .from(u)
      .innerJoin(v, and(eq(v.expectationId, u.expectationId), gte(v.due, u.firstDue), lte(v.due, u.lastDue)))
      .where(
        and(
          inArray(
            u.id,
            rows.map(({ id }) => id),
          ),
          eq(v.verdict, 'unknown'),
        ),
      )
      .groupBy(u.id)
    return new Map(found.map(({ id, left }) => [id, left]))
  }

  /** Takes what late news told of out of the list; what is not known whole stays in it, for the rest of the news. */
  const takeSettled = async (db: Db, settled: readonly Unjudged[], left: ReadonlyMap<number, number>): Promise<Unjudged[]> => {
    const [whole, part] = [settled.filter(({ id }) => !left.has(id)), settled.filter(({ id }) => left.has(id))]
    const ids = (rows: readonly Unjudged[]) => rows.map(({ id }) => id)
    const isSettled = (rows: readonly Unjudged[]) => and(inArray(u.id, ids(rows)), isNotNull(u.settledAs))
    const gone = whole.length === 0 ? [] : await db.delete(u).where(isSettled(whole)).returning({ id: u.id })
    const kept =
      part.length === 0 ? [] : await db.update(u).set({ settledAs: null }).where(isSettled(part)).returning({ id: u.id })
    const won = new Set([...gone, ...kept].map(({ id }) => id))
    return settled.filter(({ id }) => won.has(id))
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
        const won =
          untold.length === 0
            ? []
            : await db
                .update(u)
                .set({ toldAt: at })
                .where(
                  and(
                    inArray(
                      u.id,
                      untold.map(({ id }) => id),
                    ),
                    isNull(u.toldAt),
                  ),
                )
                .returning()
        const left = settled.length === 0 ? new Map<number, number>() : await stillUnknown(db, settled)
        const added = [
          ...(await messages(db, won.map(toUnjudged), 'blind', blind === null ? {} : { blind })),
          ...(await messages(db, await takeSettled(db, settled, left), 'blind-settled', {}, left)),
        ]
        await addDeliveries(db, t, added, at)
        return added.length
      }),
  }
}

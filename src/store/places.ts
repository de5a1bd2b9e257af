import { and, asc, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Author } from '../domain/audit.ts'
import type { Event } from '../domain/event.ts'
import { type Commit, MOST_REPOS, type Place, type PlaceDraft, type Push } from '../domain/place.ts'
import type { Millis } from '../domain/time.ts'
import { noteChange } from './audit.ts'
import { cursorOf, paged, readCursor } from './cursor.ts'
import type { Db, Engine } from './engine.ts'
import { toEvent } from './events.ts'
import type { PlaceFilter, PlaceStore } from './store.places.ts'
import type { Tables } from './tables.ts'

type Row = Tables['places']['$inferSelect']
type Made = Omit<Row, 'id'>

/** Rows in one statement: each value of each is a parameter, of which SQLite takes 32,766. */
const AT_ONCE = 500

const toPlace = ({ id, eventId, repo, path, line, more, link, pushedAt, ...row }: Row): Place => ({
  ...{ id, eventId, repo, path, line, more, link },
  first: { commit: row.firstCommit, at: row.firstAt },
  last: { commit: row.lastCommit, at: row.lastAt },
  gone: row.goneCommit === null || row.goneAt === null ? null : { commit: row.goneCommit, at: row.goneAt },
  pushedAt,
})

function* pieces<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE)
}

const placeKey = ({ eventId, path }: Pick<PlaceDraft, 'eventId' | 'path'>): string => `${eventId} ${path}`

/** What a push makes of a place that was there, gone or never known: it is known first from where it came (back). */
function rowOf({ repo, at: { commit, at } }: Push, draft: PlaceDraft, old: Row | undefined, pushedAt: Millis): Made {
  const isThere = old !== undefined && old.goneAt === null
  const first = isThere ? { firstCommit: old.firstCommit, firstAt: old.firstAt } : { firstCommit: commit, firstAt: at }
  const { eventId, path, line, more, link } = draft
  const last = { lastCommit: commit, lastAt: at, goneCommit: null, goneAt: null, asOfCommit: commit, asOf: at, pushedAt }
  return { ...{ eventId, repo, path, line, more, link }, ...first, ...last }
}

const newestOf = (rows: readonly Row[]): Commit | null =>
  rows.reduce<Commit | null>(
    (last, { asOf, asOfCommit }) => (last === null || asOf > last.at ? { commit: asOfCommit, at: asOf } : last),
    null,
  )

const SET = Object.fromEntries(
  [
    ...['line', 'more', 'link', 'first_commit', 'first_at', 'last_commit', 'last_at', 'gone_commit', 'gone_at'],
    ...['as_of_commit', 'as_of', 'pushed_at'],
  ].map((column) => [column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), sql.raw(`excluded.${column}`)]),
)

export function placeStore({ t, db, tx, alone }: Engine): PlaceStore {
  const { places: p, events: e } = t

  const isNewRepoTooMany = async (db: Db): Promise<boolean> =>
    (await db.selectDistinct({ repo: p.repo }).from(p).limit(MOST_REPOS)).length >= MOST_REPOS

  const write = async (db: Db, rows: readonly Made[]): Promise<void> => {
    for (const piece of pieces(rows))
      await db
        .insert(p)
        .values(piece)
        .onConflictDoUpdate({ target: [p.eventId, p.repo, p.path], set: SET })
  }

  /** All rows of the repository say as of when they are, so that an older push is known even where nothing is left. */
  const markGone = async (db: Db, { repo, at }: Push, gone: readonly Row[], pushedAt: Millis): Promise<void> => {
    const to = { goneCommit: at.commit, goneAt: at.at }
    for (const piece of pieces(gone.map(({ id }) => id))) await db.update(p).set(to).where(inArray(p.id, piece))
    await db.update(p).set({ asOfCommit: at.commit, asOf: at.at, pushedAt }).where(eq(p.repo, repo))
  }

  const matching = ({ eventId, repo }: PlaceFilter): (SQL | undefined)[] => [
    eventId === undefined ? undefined : eq(p.eventId, eventId),
    repo === undefined ? undefined : eq(p.repo, repo),
  ]

  return {
    async eventsCalled(namesOrKeys) {
      const found: Event[] = []
      for (const piece of pieces(namesOrKeys))
        found.push(
          ...(
            await db
              .select()
              .from(e)
              .where(or(inArray(e.key, piece), inArray(e.name, piece)))
          ).map(toEvent),
        )
      return [...new Map(found.map((event) => [event.id, event])).values()]
    },

    pushPlaces: (push, pushedAt, by) =>
      tx(async (db) => {
        // Who pushes at the same moment comes one after the other: what is known is of the newest of them.
        await alone(db, p)
        const rows = await db.select().from(p).where(eq(p.repo, push.repo))
        const newest = newestOf(rows)
        if (newest !== null && newest.at > push.at.at) return { kind: 'older', newest }
        if (newest === null && (await isNewRepoTooMany(db))) return { kind: 'too-many' }
        const old = new Map(rows.map((row) => [placeKey(row), row]))
        const wanted = new Set(push.places.map(placeKey))
        const gone = rows.filter((row) => row.goneAt === null && !wanted.has(placeKey(row)))
        const kept = push.places.filter((draft) => old.get(placeKey(draft))?.goneAt === null).length
        await write(
          db,
          push.places.map((draft) => rowOf(push, draft, old.get(placeKey(draft)), pushedAt)),
        )
        await markGone(db, push, gone, pushedAt)
        const counted = { added: push.places.length - kept, kept, gone: gone.length }
        if (counted.added + counted.gone > 0)
          await note(db, 'push', push.repo, { commit: push.at.commit, ...counted }, pushedAt, by)
        return { kind: 'pushed', ...counted }
      }),

    async listPlaces(filter, page) {
      const after = readCursor(page.cursor, 1)?.[0]
      const rows = await db
        .select({ place: p, event: e.name, key: e.key })
        .from(p)
        .innerJoin(e, eq(e.id, p.eventId))
        .where(and(...matching(filter), after === undefined ? undefined : gt(p.id, after)))
        .orderBy(asc(p.id))
        .limit(page.limit + 1)
      const items = rows.map(({ place, event, key }) => ({ ...toPlace(place), event, key }))
      return paged(items, page, ({ id }) => cursorOf(id))
    },

    async placesOf(event, limit) {
      const isOfEvent = eq(p.eventId, event)
      const there = sql`case when ${isNull(p.goneAt)} then 0 else 1 end`
      const rows = await db.select().from(p).where(isOfEvent).orderBy(asc(there), desc(p.goneAt), asc(p.id)).limit(limit)
      const [counted] = await db
        .select({ n: sql`count(*)`.mapWith(Number) })
        .from(p)
        .where(isOfEvent)
      return { items: rows.map(toPlace), total: counted?.n ?? 0 }
    },

    forgetPlaces: (repo, at, by) =>
      tx(async (db) => {
        const gone = await db.delete(p).where(eq(p.repo, repo)).returning({ id: p.id })
        if (gone.length > 0) await note(db, 'forget', repo, { places: gone.length }, at, by)
        return gone.length
      }),
  }

  async function note(db: Db, verb: string, repo: string, said: object, at: Millis, by: Author): Promise<void> {
    await noteChange(db, t, { at, by, action: `places.${verb}`, subject: repo, before: null, after: { repo, ...said } })
  }
}

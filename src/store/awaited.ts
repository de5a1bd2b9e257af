import { and, asc, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Window } from '../domain/time.ts'
import { countOf, countWhere } from './counting.ts'
import type { Engine } from './engine.ts'
import { hasTag } from './events.ts'
import type { AwaitedWindow, Store } from './store.ts'
import { toTerms } from './terms.ts'
import { windowStartOf } from './tick.ts'

const NAMES = { expectation: 'expectations', terms: 'terms' }
const FROM = windowStartOf(NAMES)
/** A look later than the due is the end of its grace. */
const TO = 'case when expectations.check_at > expectations.next_due then expectations.check_at else expectations.next_due end'

/** See `Store.awaited`. */
export function awaitedStore({ t, db }: Engine): Pick<Store, 'awaited'> {
  const { expectations: x, terms: m, events: e } = t
  const rowsOf = (tag: string) =>
    db
      .select({
        x,
        m,
        from: sql.raw(FROM).mapWith(Number),
        to: sql.raw(TO).mapWith(Number),
        seen: sql.raw(countOf(NAMES, FROM, TO)).mapWith(Number),
      })
      .from(x)
      .innerJoin(m, eq(m.id, sql`coalesce(${x.owedTermsId}, ${x.termsId})`))
      .innerJoin(e, eq(e.id, x.eventId))
      .where(and(isNull(x.pausedAt), isNotNull(x.nextDue), gt(m.atLeast, 0), or(hasTag(e.tags, tag), hasTag(x.tags, tag))))
      .orderBy(asc(x.id))

  type Row = Awaited<ReturnType<typeof rowsOf>>[number]

  const seenIn = async ({ x, m, seen }: Row, window: Window): Promise<number> => {
    const { where, count } = toTerms(m)
    if (where === null) return seen
    const [found = 0] = await countWhere(db, t, { eventId: x.eventId, envId: m.envId, count, where }, [window])
    return found
  }

  return {
    awaited: async (tag) => {
      const read = async (row: Row): Promise<AwaitedWindow> => {
        const window = { from: row.from, to: row.to }
        const of = { expectation: row.x.id, eventId: row.x.eventId, envId: row.m.envId }
        return { ...of, window, atLeast: row.m.atLeast, seen: await seenIn(row, window) }
      }
      return Promise.all((await rowsOf(tag)).map(read))
    },
  }
}

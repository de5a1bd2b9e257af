import type { Author } from '../domain/audit.ts'
import { Fault } from '../domain/fault.ts'
import { linkOf, MOST_REPOS, type PlaceDraft } from '../domain/place.ts'
import { DAY, iso, type Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'

/** A place as a scan found it: `event` is a name or a key. */
export type FoundPlace = { event: string; path: string; line: number }
/** All that was found in a repository at one commit. `link` is a template, see `linkOf`; null where there is none. */
export type FoundPlaces = {
  repo: string
  commit: string
  committedAt: Millis
  link: string | null
  places: readonly FoundPlace[]
}
/** How many places (files) came, stayed and went; `unknown` names those of no event by their index. */
export type PlacesKept = { added: number; kept: number; gone: number; unknown: { index: number; detail: string }[] }

/** Where in code events are affirmed. Whoever changes something is noted in the audit log with it. */
export type Placing = {
  /** What its repository had is replaced. Throws `conflict` for an older commit than the last one, and `invalid` for one of the future. */
  push(found: FoundPlaces, at: Millis, by: Author): Promise<PlacesKept>
  /** Throws `not-found`. */
  forget(repo: string, at: Millis, by: Author): Promise<void>
}

/** One whose clock is ahead of ours is taken; one of next week would keep out all that come before it. */
const FORGIVEN_AHEAD = DAY

function checkTime({ committedAt }: FoundPlaces, at: Millis): void {
  if (committedAt <= at + FORGIVEN_AHEAD) return
  const detail = `must not be more than a day ahead; it is ${iso(at)} now`
  throw new Fault('invalid', `committedAt: ${detail}.`, [{ path: 'committedAt', detail }])
}

/** One a file: the first line in it, and how many follow. */
function draftsOf({ places, commit, link }: FoundPlaces, ids: ReadonlyMap<string, number>): PlaceDraft[] {
  const files = new Map<string, { eventId: number; path: string; lines: Set<number> }>()
  for (const { event, path, line } of places) {
    const eventId = ids.get(event)
    if (eventId === undefined) continue
    const file = files.get(`${eventId} ${path}`) ?? { eventId, path, lines: new Set() }
    files.set(`${eventId} ${path}`, file)
    file.lines.add(line)
  }
  return [...files.values()].map(({ eventId, path, lines }) => {
    const line = [...lines].reduce((least, one) => Math.min(least, one))
    return { eventId, path, line, more: lines.size - 1, link: link === null ? null : linkOf(link, { commit, path, line }) }
  })
}

const older = (repo: string, newest: { commit: string; at: Millis }): Fault =>
  new Fault(
    'conflict',
    `What is known of ${repo} is of ${iso(newest.at)} (commit ${newest.commit.slice(0, 12)}), later than this commit. Nothing was changed.`,
  )
const tooMany = (): Fault =>
  new Fault('conflict', `The places of ${MOST_REPOS} repositories are known already; forget one first.`)

export function aPlacing(store: Store): Placing {
  const idsOf = async (places: readonly FoundPlace[]): Promise<Map<string, number>> => {
    const events = await store.eventsCalled([...new Set(places.map(({ event }) => event))])
    // A key after all names: it wins, as it does everywhere.
    return new Map([...events.map(({ name, id }) => [name, id] as const), ...events.map(({ key, id }) => [key, id] as const)])
  }

  return {
    push: async (found, at, by) => {
      checkTime(found, at)
      const ids = await idsOf(found.places)
      const { repo, commit, committedAt } = found
      const push = { repo, at: { commit, at: committedAt }, places: draftsOf(found, ids) }
      const answer = await store.pushPlaces(push, at, by)
      if (answer.kind === 'too-many') throw tooMany()
      if (answer.kind === 'older') throw older(repo, answer.newest)
      const unknown = found.places.flatMap(({ event }, index) =>
        ids.has(event) ? [] : [{ index, detail: `No event has the name or key "${event}".` }],
      )
      return { added: answer.added, kept: answer.kept, gone: answer.gone, unknown }
    },

    forget: async (repo, at, by) => {
      if ((await store.forgetPlaces(repo, at, by)) === 0) throw new Fault('not-found', `No places are known of "${repo}".`)
    },
  }
}

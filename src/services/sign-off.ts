import type { Affirmation } from '../domain/affirmation.ts'
import type { Author } from '../domain/audit.ts'
import { type Event, isEnv } from '../domain/event.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'
import { type Duration, iso, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import type { Affirming } from './affirm.ts'
import { PERSON, standingOf } from './asks.ts'

/** So long one can take back what one has signed. */
export const UNDO: Duration = 10 * MINUTE
export const LONGEST_NOTE = 2_000
const LONGEST_NAME = 100
/** How many wait is said on every page: it is counted no more often than this. */
const REMEMBERED: Duration = 5 * SECOND
const MOST_RECENT = 20

/** `source` is who signs, as `user:ann`; `id` comes with the form, so that a double click signs once. */
export type SignOff = { event: Event; env: string; source: string; note: string; id: string | null }
/** Which affirmation is to be taken back. */
export type Signed = { event: Event; env: string; at: Millis; id: number }
/** Who takes it back: `source` as it stands on their sign-offs; `mayAll`: those of others, too. */
export type Undoer = { source: string; mayAll: boolean; by: Author }

export type SigningOff = {
  /** Throws `invalid` with what cannot be taken. Changes nothing. */
  check(signOff: SignOff, now: Millis): void
  /** On disk when it resolves. Throws as {@link check} and `Affirming.affirm` do. */
  signOff(signOff: SignOff, now: Millis): Promise<void>
  /** Withdraws it; what is withdrawn already stays so. Throws `not-found`, `forbidden`, `conflict` (too late) or `invalid` (no sign-off). */
  undo(signed: Signed, undoer: Undoer, now: Millis): Promise<void>
  /** Which of these may still be taken back by whoever that is. */
  undoable(affirmations: readonly Affirmation[], undoer: Undoer, now: Millis): Affirmation[]
  /** The same of one event, in all environments. */
  recent(event: Event, undoer: Undoer, now: Millis): Promise<Affirmation[]>
  /** How many events (in an environment each) wait for a person. */
  waiting(now: Millis): Promise<number>
}

type Needs = { store: Store; affirming: Pick<Affirming, 'affirm' | 'wrongIn'> }

const isSignOff = ({ source, status }: Affirmation): boolean => source.startsWith('user:') && status === 'ok'

export const isSignersName = (name: string): boolean =>
  name.trim() !== '' && name.length <= LONGEST_NAME && !/[\p{Cc}\p{Cs}]/u.test(name)

/** `user:ann`. Throws `invalid` for what is no name. */
export function sourceOf(name: string): string {
  const plain = name.trim()
  if (plain === '') throw invalid([{ path: 'by', detail: 'Say who you are: your name is kept with what you sign.' }])
  if (!isSignersName(plain))
    throw invalid([{ path: 'by', detail: `A name has at most ${LONGEST_NAME} characters, none of them a control character.` }])
  return `user:${plain}`
}

function refuseUndo(found: Affirmation, { source, mayAll }: Undoer, now: Millis): void {
  if (!isSignOff(found)) throw invalid([{ path: 'id', detail: 'Only what a person signed off can be taken back.' }])
  if (found.source !== source && !mayAll)
    throw new Fault('forbidden', `${found.source} signed this off; only they, or an admin, can take it back.`)
  if (now - found.at > UNDO)
    throw new Fault(
      'conflict',
      `This was signed off at ${iso(found.at)}, more than 10 minutes ago: it cannot be taken back any more. If it was wrong, report a failure of the event.`,
    )
}

export function aSigningOff({ store, affirming }: Needs): SigningOff {
  let counted: { at: Millis; count: Promise<number> } | null = null

  const asAffirmation = ({ event, env, source, note, id }: SignOff) => ({
    ...{ event: event.key, env, status: 'ok' as const, at: undefined, source },
    ...{ value: note.trim() === '' ? null : JSON.stringify(note.trim()), id: id === null ? null : `form:${id}` },
  })

  const check: SigningOff['check'] = (signOff, now) => {
    const wrong: FieldError[] = affirming.wrongIn(asAffirmation(signOff), now)
    if (signOff.note.length > LONGEST_NOTE)
      wrong.push({ path: 'note', detail: `A note has at most 2,000 characters; this one has ${signOff.note.length}.` })
    if (wrong.length > 0) throw invalid(wrong)
  }

  const undoable: SigningOff['undoable'] = (affirmations, { source, mayAll }, now) =>
    affirmations.filter(
      (one) => isSignOff(one) && one.withdrawn === null && now - one.at <= UNDO && (mayAll || one.source === source),
    )

  const countWaiting = async (now: Millis): Promise<number> => {
    const waiting = (await store.awaited(PERSON)).filter((one) => standingOf(one, now) === 'waiting')
    return new Set(waiting.map(({ eventId, envId }) => `${eventId} ${envId}`)).size
  }

  return {
    check,
    undoable,

    signOff: async (signOff, now) => {
      check(signOff, now)
      await affirming.affirm(asAffirmation(signOff), now)
      counted = null
    },

    undo: async ({ event, env, at, id }, undoer, now) => {
      const here = { env, from: at, to: at + 1 }
      const { items } = isEnv(env) ? await store.affirmations(event, here, { limit: 1_000, cursor: null }) : { items: [] }
      const found = items.find((one) => one.id === id)
      if (found === undefined) throw new Fault('not-found', `There is no such sign-off of "${event.name}" any more.`)
      if (found.withdrawn !== null) return
      refuseUndo(found, undoer, now)
      await store.withdraw({ event, env, at, id, source: undoer.source, by: undoer.by, now })
      counted = null
    },

    recent: async (event, undoer, now) => {
      const { items } = await store.affirmations(event, { status: 'ok', from: now - UNDO }, { limit: MOST_RECENT, cursor: null })
      return undoable(items, undoer, now)
    },

    waiting: (now) => {
      if (counted === null || now - counted.at >= REMEMBERED || now < counted.at) counted = { at: now, count: countWaiting(now) }
      const { count } = counted
      return count.catch((error: unknown) => {
        counted = null
        throw error
      })
    },
  }
}

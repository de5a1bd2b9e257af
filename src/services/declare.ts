import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Author } from '../domain/audit.ts'
import { durationInWords } from '../domain/duration.ts'
import { type Event, isKey, isName } from '../domain/event.ts'
import { describe, type Expectation, type Terms } from '../domain/expectation.ts'
import { Fault, invalid } from '../domain/fault.ts'
import { dueAfter, dueAtOrBefore, duesAfter } from '../domain/schedule.ts'
import { type ScheduleWarning, scheduleWarnings } from '../domain/schedule-lint.ts'
import { BY_SELF, oursAlone } from '../domain/self.ts'
import type { TellingRules } from '../domain/telling-rules.ts'
import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import { type ChannelRef, rulesOf } from './channel-refs.ts'
import { type EventIds, newKey, unknownEvent } from './event-ids.ts'

export type EventDraft = Pick<Event, 'name' | 'description' | 'tags'> & { key?: string | undefined }
export type EventChange = Partial<Pick<Event, 'name' | 'description' | 'tags'>>
/**
 * What one writes to expect something; ids and states come from us. `telling` with channels by name or id; without it: as where nothing is said, or as
 * before.
 */
export type ExpectationDraft = {
  event: string
  env: string
  tags: readonly string[]
  paused: boolean
  terms: Terms
  telling?: TellingRules<ChannelRef>
}
export type Preview = { description: string; warnings: ScheduleWarning[]; next: Millis[] }

/** Whoever changes something is noted in the audit log with it. */
export type Declaring = {
  /** By name or key. Throws `not-found` with the nearest name. */
  event(nameOrKey: string): Promise<Event>
  registerEvent(draft: EventDraft, at: Millis, by: Author): Promise<Event>
  changeEvent(event: Event, to: EventChange, at: Millis, by: Author): Promise<Event>
  /** `confirm` must be its name, typed by whoever deletes it. */
  deleteEvent(event: Event, confirm: string | undefined, at: Millis, by: Author): Promise<void>
  /** All affirmations of before `at`; resolves to how many. That it was done stays in the list, as a `log` of ours. */
  clearAffirmations(event: Event, confirm: string | undefined, at: Millis, by: Author): Promise<number>
  expectation(id: number): Promise<Expectation>
  /** Throws `forbidden` for an event that we alone affirm, and expect something of. */
  expect(draft: ExpectationDraft, at: Millis, by: Author): Promise<Expectation>
  change(expectation: Expectation, to: ExpectationDraft, at: Millis, by: Author): Promise<Expectation>
  pause(expectation: Expectation, at: Millis, by: Author): Promise<Expectation>
  resume(expectation: Expectation, at: Millis, by: Author): Promise<Expectation>
  remove(expectation: Expectation, at: Millis, by: Author): Promise<void>
  preview(terms: Terms, from: Millis, occurrences: number): Preview
}

/** A pause this short (a wrong click, undone) does not make the windows younger than themselves. */
const FORGIVEN_PAUSE: Duration = 2 * MINUTE

/** Without a lookback windows must not reach into each other: the grace has to be over before the next due. */
const INTERVALS_LOOKED_AT = 100

/** What no single field can tell. Throws `invalid`. */
export function checkTerms(terms: Terms, at: Millis): void {
  if (terms.lookback !== null || terms.grace === 0) return
  const dues = duesAfter(terms, at, INTERVALS_LOOKED_AT)
  const shortest = dues.reduce(
    (least, due, i) => Math.min(least, due - (dues[i - 1] ?? Number.NEGATIVE_INFINITY)),
    Number.POSITIVE_INFINITY,
  )
  if (terms.grace < shortest) return
  throw invalid([
    {
      path: 'grace',
      detail: `without a lookback it must be shorter than the shortest time between two due instants, ${durationInWords(shortest)}`,
    },
  ])
}

/** Rows cleared in one write. */
const ROWS_A_STEP = 500

const conflict = (path: string, detail: string): Fault => new Fault('conflict', `${path}: ${detail}.`, [{ path, detail }])
const goneEvent = ({ name }: Pick<Event, 'name'>): Fault => new Fault('not-found', `The event "${name}" was deleted meanwhile.`)
const unknownExpectation = (id: number): Fault => new Fault('not-found', `There is no expectation ${id}.`)

/** A name that looks like a key must be the event's own key, or one could stand for two events. */
function checkName(name: string, key: string | undefined): void {
  if (isKey(name) && key !== undefined && key !== name)
    throw conflict('name', `"${name}" looks like a key, so it could only be this event's own key`)
}

/** An incident of such an event says that a channel fails, and is told past what is held back: nobody else's may pass for one. */
function checkOurs(name: string, by: Author): void {
  const ours = oursAlone(name)
  if (ours !== null && by.who !== BY_SELF.who)
    throw new Fault(
      'forbidden',
      `${ours}, which expects it never to happen by itself: nothing else can be expected of it, and no other event can be called so.`,
    )
}

/** What the declarer should know: the schedule's own oddities, and affirmations that are cleared away before they are counted. */
function warnings(terms: Terms, at: Millis, retention: Duration): ScheduleWarning[] {
  const found = scheduleWarnings(terms, terms.lookback, at)
  if (terms.lookback !== null && terms.lookback > retention)
    found.push({
      kind: 'lookback-longer',
      detail: `The lookback is longer than affirmations are kept (${durationInWords(retention)}): older ones cannot be counted.`,
    })
  return found
}

/** What cannot be undone asks for the event's name. */
function checkConfirmed({ name }: Event, confirm: string | undefined, what: string): void {
  if (confirm === name) return
  throw new Fault('invalid', `confirm: ${what}. Confirm with its name: ?confirm=${name}`, [
    { path: 'confirm', detail: `must be the event's name, ${name}` },
  ])
}

export function aDeclaring(store: Store, ids: EventIds, retention: Duration): Declaring {
  const event = async (nameOrKey: string): Promise<Event> => {
    // What can be no name is not asked for: it may hold what no database takes, like NUL.
    const found = isName(nameOrKey) ? await store.findEvent(nameOrKey) : null
    if (found === null) throw await unknownEvent(store, nameOrKey)
    return found
  }

  const expectation = async (id: number): Promise<Expectation> => {
    const found = await store.findExpectation(id)
    if (found === null) throw unknownExpectation(id)
    return found
  }

  const registered = (nameOrKey: string): Promise<Event> =>
    event(nameOrKey).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'not-found') throw error
      throw new Fault(
        'not-found',
        `${error.message} Register it first with POST /api/v1/events {"name": …}, or affirm it once.`,
        [{ path: 'event', detail: 'must be the name or key of a registered event' }],
      )
    })

  const found = (changed: Expectation | null, { id }: Expectation): Expectation => {
    if (changed === null) throw unknownExpectation(id)
    return changed
  }

  return {
    event,
    registerEvent: async ({ name, key, description, tags }, at, by) => {
      checkName(name, key)
      checkOurs(name, by)
      const made = await store.createEvent(
        { name, key: key ?? (isKey(name) ? name : newKey()), description, tags, createdAt: at },
        by,
      )
      if (made === 'name-taken') throw conflict('name', `an event called "${name}" exists already`)
      if (made === 'key-taken') throw conflict('key', `the key ${key ?? name} belongs to another event`)
      return made
    },

    changeEvent: async (old, to, at, by) => {
      const next = { ...old, ...to }
      if (next.name !== old.name) {
        checkName(next.name, old.key)
        checkOurs(next.name, by)
      }
      const changed = await store.updateEvent(old.id, next, at, by)
      if (changed === null) throw goneEvent(old)
      if (changed === 'name-taken') throw conflict('name', `an event called "${next.name}" exists already`)
      ids.forget(old)
      return changed
    },

    deleteEvent: async (old, confirm, at, by) => {
      checkConfirmed(old, confirm, `deleting "${old.name}" deletes its affirmations and verdicts too`)
      if (!(await store.deleteEvent(old.id, at, by))) throw goneEvent(old)
      ids.forget(old)
    },

    clearAffirmations: async (event, confirm, at, by) => {
      checkConfirmed(event, confirm, `this deletes all affirmations of "${event.name}"`)
      let cleared = 0
      for (let step = ROWS_A_STEP; step === ROWS_A_STEP; cleared += step) {
        step = await store.clearAffirmations(event, at, ROWS_A_STEP, cleared === 0 ? by : null)
        await nextTurn()
      }
      return cleared
    },

    expectation,
    expect: async (draft, at, by) => {
      const { id: eventId, name } = await registered(draft.event)
      checkOurs(name, by)
      const { terms, env, tags, paused, telling } = draft
      return store.createExpectation(
        {
          eventId,
          env,
          tags,
          terms,
          ...(await rulesOf(store, telling)),
          pausedAt: paused ? at : null,
          createdAt: at,
          nextDue: paused ? null : dueAfter(terms, at),
          windowStart: dueAtOrBefore(terms, at) ?? at,
        },
        by,
      )
    },

    change: async (old, { terms, env, tags, paused, telling }, at, by) => {
      const isSame = isDeepStrictEqual(terms, old.terms) && env === old.env
      const nextDue = dueAfter(terms, at)
      const edit = { terms: isSame ? null : terms, ...(await rulesOf(store, telling)), env, tags, nextDue, at }
      const edited = await store.editExpectation(old.id, edit, by)
      const changed = found(edited, old)
      if (paused === (changed.pausedAt !== null)) return changed
      return paused ? pause(changed, at, by) : resume(changed, at, by)
    },

    pause,
    resume,

    remove: async ({ id }, at, by) => {
      if (!(await store.deleteExpectation(id, at, by))) throw unknownExpectation(id)
    },

    preview: (terms, from, occurrences) => ({
      description: describe(terms),
      warnings: warnings(terms, from, retention),
      next: duesAfter(terms, from, occurrences),
    }),
  }

  async function pause(old: Expectation, at: Millis, by: Author): Promise<Expectation> {
    return found(await store.pauseExpectation(old.id, at, by), old)
  }

  async function resume(old: Expectation, at: Millis, by: Author): Promise<Expectation> {
    const isShort = old.pausedAt !== null && at - old.pausedAt <= FORGIVEN_PAUSE
    const since = isShort ? old.since : at
    const windowStart = dueAtOrBefore(old.terms, at) ?? at
    return found(await store.resumeExpectation(old.id, { since, nextDue: dueAfter(old.terms, at), windowStart, at }, by), old)
  }
}

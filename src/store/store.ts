import type { Affirmation, Status } from '../domain/affirmation.ts'
import type { ApiKey, Holder, KeyDraft } from '../domain/api-key.ts'
import type { Audited, Author } from '../domain/audit.ts'
import type { Event } from '../domain/event.ts'
import type { Count, Expectation, State, Terms } from '../domain/expectation.ts'
import type { Claim, Claimed, Incident, IncidentStep } from '../domain/incident.ts'
import type { Owed } from '../domain/judging.ts'
import type { Span } from '../domain/listening.ts'
import type { Tally } from '../domain/replay.ts'
import type { TellingRules } from '../domain/telling-rules.ts'
import type { Duration, Millis, Window } from '../domain/time.ts'
import type { Outcome, Reason, Verdict } from '../domain/verdict.ts'
import type { Where } from '../domain/where.ts'
import type { Appended, Row } from './engine.ts'
import type { MaintenanceStore } from './store.maintenance.ts'
import type { PeopleStore } from './store.people.ts'
import type { PlaceStore } from './store.places.ts'
import type { TellingStore } from './store.telling.ts'

export type { Appended, Row } from './engine.ts'
export type { MaintenanceDraft, MaintenanceStore } from './store.maintenance.ts'
export type { NewSession, PeopleStore, Stamp } from './store.people.ts'
export type { NamedPlace, PlaceFilter, PlaceStore, PushAnswer } from './store.places.ts'
export type * from './store.telling.ts'

/** One page of a list: at most `limit`, after the place that `cursor` names (as an earlier page's `next` gave it). */
export type Page = { limit: number; cursor: string | null }
export type Paged<T> = { items: T[]; next: string | null }

/** `isUnexpected`: only those nothing is expected of; `state`: only those with an expectation in it. */
export type EventFilter = { q?: string; tag?: string; env?: string; isUnexpected?: boolean; state?: State }
/** `state`: by the worst of their expectations; `due`: by the first of them. */
export type EventOrder = 'event' | 'registered' | 'expectations' | 'state' | 'due'
export type EventSummary = Event & { expectations: number }
export type AffirmationFilter = { env?: string; status?: Status; source?: string; from?: Millis; to?: Millis }
/** What counts, by `grain`s of time; no window that is asked about may begin or end inside of one. */
export type TallyAsked = Window & { grain: Duration; count: Count; where: Where | null }
/** A piece in order: what counts, instants of reported failures (each once), and where the next piece begins. */
export type Tallied = { tallies: Tally[]; failures: Millis[]; next: Millis | null }
export type ExpectationFilter = {
  eventId?: number
  eventIds?: readonly number[]
  env?: string
  state?: State
  tag?: string
  ids?: readonly number[]
}
export type VerdictFilter = { expectation?: number; env?: string; verdict?: Outcome; from?: Millis; to?: Millis }
export type EnvironmentInUse = { name: string; expectations: number; events: number | null; last: Millis | null }
export type Bucket = { from: Millis; ok: number; fail: number }
/** Verdicts of one expectation whose due lies in `[from, from + bucket)`. */
export type VerdictTally = { from: Millis; met: number; missed: number; unknown: number }
export type LastAffirmation = { at: Millis; source: string }
/** As much of an expectation as it takes to count, filter and order thousands. */
export type Outline = Pick<
  Expectation,
  'id' | 'eventId' | 'event' | 'eventKey' | 'env' | 'tags' | 'pausedAt' | 'nextDue' | 'checkAt' | 'lastVerdict'
> & {
  eventTags: readonly string[]
}
export type Census = { events: number; environments: number; openIncidents: number }
export type Kind = Pick<Expectation, 'pausedAt' | 'nextDue' | 'checkAt' | 'lastVerdict'> & { count: number }
/** A verdict in a list across expectations. */
export type NamedVerdict = Verdict & { event: string; env: string }

/** An incident in a list across expectations. */
export type NamedIncident = Incident & { event: string; env: string }
/** One alone. Without an event when its expectation was deleted; `terms` are those that it was opened by, null when they are not known any more. */
export type FoundIncident = Incident & { event: string | null; env: string | null; terms: Terms | null }
/** `q` is a part of the event's name, or its key; `before` a number that theirs are less than. */
export type IncidentFilter = {
  isOpen?: boolean
  env?: string
  eventId?: number
  expectation?: number
  q?: string
  before?: number
}
/** `who` is the name as it is written down, or without its `user:` or `key:`. */
export type ChangeFilter = { who?: string; from?: Millis; to?: Millis }

/** Without `telling`: as where nothing is said. */
export type NewExpectation = {
  eventId: number
  env: string
  tags: readonly string[]
  terms: Terms
  telling?: TellingRules
  pausedAt: Millis | null
  createdAt: Millis
  nextDue: Millis | null
  windowStart: Millis
}

/** `hash`: of its secret. */
export type NewKey = KeyDraft & { hash: string; hint: string; createdAt: Millis }

/**
 * New terms from `at` on (null: as they are); due instants up to then keep the old ones. `nextDue` is where the new terms begin. `telling`: how people are
 * told from now on (absent: as before), also of what is missed already.
 */
export type Edit = {
  terms: Terms | null
  telling?: TellingRules
  env: string
  tags: readonly string[]
  nextDue: Millis | null
  at: Millis
}

/** A due instant owed a verdict, claimed for one transaction. */
export type OwedDue = Owed & {
  expectation: number
  checkAt: Millis
  terms: Terms
  termsId: number
  /** How many due instants were caught up in a row, this one not counted. */
  caughtUp: number
  /** Set while the due belongs to terms that were edited since: from then on `current` holds. */
  edited: { current: Terms; at: Millis } | null
}

/** What became of an owed due: a verdict and the due after it, or a later look (`verdict` null). */
export type Conclusion = {
  owed: OwedDue
  verdict: { verdict: Outcome; reason: Reason; observed: number; blind: Duration; window: Window } | null
  /** The instant that got the verdict; later than `owed.due` only when a row of them was summed up. */
  due: Millis
  nextDue: Millis | null
  checkAt: Millis | null
  /** Where a window without a lookback starts next; null leaves it. */
  windowStart: Millis | null
  caughtUp: number
}

/**
 * A verdict whose window holds news, with what is counted in it now. `since`: from when its expectation's windows are trusted;
 * `withdrawn`: how many of its window were ever taken back, and by whom last.
 */
export type Recount = { verdict: Verdict; seen: number; since: Millis; withdrawn: { count: number; by: string | null } }
export type Amendment = { verdict: Verdict; to: Outcome; reason: Reason; seen: number; why: string }

/** An affirmation to be taken back. `source` is who does it, in the words of a source: `user:ann`; `by` is the same for the audit log. */
export type Withdrawal = { event: Event; env: string; at: Millis; id: number; source: string; by: Author; now: Millis }

/** What an expectation's next due has in its window so far; `to` is the end of its grace once it is late. */
export type AwaitedWindow = { expectation: number; eventId: number; envId: number; window: Window; atLeast: number; seen: number }

/**
 * All that is asked of a database. Every method is one step that happens whole or not at all, and every change of state is guarded by
 * what it changes from, so that any number of callers, nodes and retries give the same rows. A change of the configuration is noted in the
 * audit log, with its author, in the transaction that makes it; one that changes nothing is not.
 */
export interface Store extends PeopleStore, TellingStore, MaintenanceStore, PlaceStore {
  readonly engine: 'sqlite' | 'postgresql'

  /** By key or by name; names that look like keys are their own key. */
  findEvent(nameOrKey: string): Promise<Event | null>
  /** Makes the event, or says which of its two unique fields is taken. `by` null: it registers itself by being affirmed, which is not noted. */
  createEvent(event: Omit<Event, 'id'>, by: Author | null): Promise<Event | 'name-taken' | 'key-taken'>
  /** Null when it is gone. */
  updateEvent(
    id: number,
    to: Pick<Event, 'name' | 'description' | 'tags'>,
    at: Millis,
    by: Author,
  ): Promise<Event | 'name-taken' | null>
  /** Its expectations go at once, its rows in small steps after (see `prune`). False when it was gone already. */
  deleteEvent(id: number, at: Millis, by: Author): Promise<boolean>
  /** By name. */
  listEvents(filter: EventFilter, page: Page): Promise<Paged<EventSummary>>
  /** One part of them in an order, and how many there are. What the order asks for and an event does not have comes last. */
  eventTable(
    filter: EventFilter,
    order: { by: EventOrder; isDown: boolean },
    part: { limit: number; offset: number },
  ): Promise<{ items: Event[]; total: number }>
  /** Names of events that something is expected of: for "did you mean". At most 10,000. */
  expectedNames(): Promise<string[]>
  /** Of each event, in any environment; events that never affirmed are left out. */
  lastOfEvents(events: readonly number[]): Promise<Map<number, LastAffirmation>>
  /** Events nothing is expected of, the youngest first: a typo is seen where it is made. */
  unexpectedEvents(limit: number): Promise<Event[]>
  /** How many events nothing is expected of. */
  countUnexpected(): Promise<number>
  /** Every event's name: for "did you mean". At most 10,000. */
  eventNames(): Promise<string[]>
  /** Tags of events and expectations, sorted: every one in use, or the 500 that are used most. */
  tags(): Promise<string[]>

  /** The number of an environment; a new name gets one. */
  environment(name: string): Promise<number>
  /** Names in use, sorted. */
  environments(): Promise<string[]>
  /** The same with what is in them; how many events affirmed there and when last is null where there are too many to look. */
  environmentsInUse(): Promise<EnvironmentInUse[]>

  /** On disk when it resolves; one answer a row. Throws when nothing was stored, or (PostgreSQL) when that is not known. */
  append(rows: readonly Row[]): Promise<Appended[]>
  /** Newest first. */
  affirmations(event: Event, filter: AffirmationFilter, page: Page): Promise<Paged<Affirmation>>
  /** Oldest first, `from` included: pages of a stream. */
  affirmationsUpwards(event: Event, filter: AffirmationFilter, page: Page): Promise<Paged<Affirmation>>
  /** `ok` and `fail` per bucket, empty ones left out. */
  counts(event: Event, env: string | undefined, window: Window, bucket: Duration): Promise<Bucket[]>
  /** One piece, of some `rows` affirmations, of what counts for terms; the earliest first. Any number of them takes no memory. */
  tally(event: number, env: string, asked: TallyAsked, rows: number): Promise<Tallied>
  /** Instants of the affirmations that are `ok`, newest first. */
  latest(event: number, env: string, window: Window, limit: number): Promise<Millis[]>
  /** Of each expectation's event and env. */
  lastAffirmations(expectations: readonly number[]): Promise<Map<number, LastAffirmation>>

  /**
   * Takes an `ok` affirmation back: it stays listed, counts no more, and every verdict whose window holds it is judged again by the next
   * `settleNews`. False when it is not there, is no `ok` one, or was taken back before: of two callers one wins.
   */
  withdraw(withdrawal: Withdrawal): Promise<boolean>
  /** Of each expectation with this tag (or its event with it) that wants something and is neither paused nor over. By id. */
  awaited(tag: string): Promise<AwaitedWindow[]>

  /**
   * One small step: deletes up to `limit` of the event's affirmations of before `before`; resolves to how many. `by` is who began it, null in
   * the steps after the first: it is noted once.
   */
  clearAffirmations(event: Pick<Event, 'id' | 'name' | 'key'>, before: Millis, limit: number, by: Author | null): Promise<number>

  createExpectation(draft: NewExpectation, by: Author): Promise<Expectation>
  findExpectation(id: number): Promise<Expectation | null>
  /** By id. */
  listExpectations(filter: ExpectationFilter, page: Page): Promise<Paged<Expectation>>
  /** All of them, by event, env and id. */
  outline(): Promise<Outline[]>
  /** How many there are of each kind: as much of one of them as tells the state of all. */
  kinds(): Promise<Kind[]>
  /** How much there is of what else can be counted quickly. */
  census(): Promise<Census>
  /** Null when it is gone. */
  editExpectation(id: number, edit: Edit, by: Author): Promise<Expectation | null>
  pauseExpectation(id: number, at: Millis, by: Author): Promise<Expectation | null>
  /** `since`: from when its windows are trusted again. */
  resumeExpectation(
    id: number,
    to: { since: Millis; nextDue: Millis | null; windowStart: Millis; at: Millis },
    by: Author,
  ): Promise<Expectation | null>
  deleteExpectation(id: number, at: Millis, by: Author): Promise<boolean>

  /**
   * Claims up to `limit` expectations to be looked at by `horizon`, earliest first, counts their windows, and writes what `decide`
   * (pure) concludes: verdicts once each, next dues, incidents. Resolves to the verdicts written, how many were claimed, and whether none could
   * be because other nodes have what is left in hand.
   */
  concludeOwed(
    horizon: Millis,
    now: Millis,
    limit: number,
    decide: (owed: OwedDue[]) => Conclusion[],
  ): Promise<{ claimed: number; verdicts: Verdict[]; areOthersAtWork: boolean }>
  /**
   * Claims up to `limit` news not later than `now`, gives reported failures their verdict, hands every verdict whose window holds what
   * came late or was withdrawn to `decide` (pure), writes the amendments and settles the incidents. Resolves to how many news were taken.
   */
  settleNews(now: Millis, limit: number, decide: (recounts: Recount[]) => Amendment[]): Promise<number>
  /**
   * Called before windows up to `horizon` are judged: what was stored before it resolves is counted, and what is stored after it with an
   * earlier `at`, by any node, is late news.
   */
  judgeUpTo(horizon: Millis): Promise<void>
  /** The first instant at which something is to be looked at. */
  nextCheck(): Promise<{ at: Millis; expectations: number } | null>

  /** Newest first by due. */
  verdicts(filter: VerdictFilter, page: Page): Promise<Paged<NamedVerdict>>
  /** The last `count` of each, oldest first. */
  lastVerdicts(expectations: readonly number[], count: number): Promise<Map<number, Verdict[]>>
  /** Verdicts per bucket of their dues, in order, empty ones left out. */
  verdictTallies(expectation: number, window: Window, bucket: Duration): Promise<VerdictTally[]>
  /** Newest first. */
  incidents(filter: IncidentFilter, page: Page): Promise<Paged<NamedIncident>>
  /** Open ones of these expectations. */
  openIncidents(expectations: readonly number[]): Promise<Incident[]>
  findIncident(id: number): Promise<FoundIncident | null>
  /** When an incident was closed last; null before the first time. */
  lastClosed(): Promise<Millis | null>
  /**
   * Takes an open one, if it is still in the hands of `claim.over`, and owes that to services with an alert of their own for it. By who has it already,
   * only a new note is added.
   */
  acknowledge(id: number, claim: Claim, at: Millis, author: Author): Promise<Claimed>
  /** Adds a note to an open one, whoever has it. */
  noteIncident(id: number, said: { by: string; note: string }, at: Millis, author: Author): Promise<Claimed>
  /** Says who is to look at an open one: a name, or nobody. `by` is who says so. */
  assignIncident(id: number, said: { by: string; to: string | null }, at: Millis, author: Author): Promise<Claimed>
  /** An open one can wait until then, or cannot wait any more: channels that know of it are reminded then, or as often as they are. */
  snoozeIncident(id: number, said: { by: string; until: Millis | null }, at: Millis, author: Author): Promise<Claimed>
  /** Who took it, what was noted, who was to look at it and until when it could wait, oldest first: the last 200 steps. */
  incidentSteps(incident: Pick<Incident, 'id' | 'openedAt'>): Promise<IncidentStep[]>

  /** The audit log, newest first. */
  changes(filter: ChangeFilter, page: Page): Promise<Paged<Audited>>
  /** The same, oldest first: pages of a stream. */
  changesUpwards(filter: ChangeFilter, page: Page): Promise<Paged<Audited>>

  /** Notes it in the audit log. `too-many`: as many keys live as may. `name-taken`: a living one is called that, in any spelling. */
  createKey(key: NewKey, by: Author): Promise<ApiKey | 'too-many' | 'name-taken'>
  /** Null when there is none, or it was revoked. */
  findKey(id: number): Promise<ApiKey | null>
  /** Living ones, newest first. */
  listKeys(page: Page): Promise<Paged<ApiKey>>
  /** Notes it in the audit log. False when it was revoked already, or never was. */
  revokeKey(id: number, at: Millis, by: Author): Promise<boolean>
  /** All living keys, by the hashes of their secrets. */
  holders(): Promise<Holder[]>
  /** Null when no living key has this hash. */
  holderOf(hash: string): Promise<Holder | null>
  /** When keys (at least one) were used last; what is older than is known changes nothing. */
  useKeys(used: readonly { id: number; at: Millis }[]): Promise<void>

  /** A new span of listening. */
  openSpan(node: string, at: Millis): Promise<number>
  /** The span reaches at least to `to` afterwards. */
  extendSpan(id: number, to: Millis): Promise<void>
  /** Nodes that listened at `since` or later, sorted. */
  nodes(since: Millis): Promise<string[]>
  /** Spans that touch the window. */
  spans(window: Window): Promise<Span[]>

  /** Room for affirmations of around `at`: nobody who stores is made to wait for it later. */
  makeRoom(at: Millis): Promise<void>
  /** One small step of clearing away what is older than it is kept, and what was deleted. False when nothing is left to do. */
  prune(before: { affirmations: Millis; verdicts: Millis }, limit: number): Promise<boolean>
  /** What time it is there; null where that is this machine's. */
  clock(): Promise<Millis | null>
  /** Connections and those who wait for one; null where there are none. */
  connections(): { idle: number; busy: number; waiting: number } | null
  /** The database's name and version, for people. */
  server(): Promise<string>
  close(): Promise<void>
}

import type { Permission } from '../src/domain/access.ts'
import type { Status } from '../src/domain/affirmation.ts'
import type { Channel } from '../src/domain/channel.ts'
import type { State } from '../src/domain/expectation.ts'
import type { TellingRules } from '../src/domain/telling-rules.ts'
import type { Duration, Millis, Window } from '../src/domain/time.ts'
import type { Outcome } from '../src/domain/verdict.ts'
import type { TellingFacts } from './models.about.ts'
import type { BacktestView, SuggestionView } from './models.backtest.ts'
import type { ChartView } from './models.chart.ts'
import type { Leads, Look, MainPage } from './models.frame.ts'
import type { UnderView } from './models.maintenance.ts'
import type { PlacesView } from './models.places.ts'
import type { UndoView } from './models.sign-off.ts'

/** What the pages show: plain data, instants in {@link Millis}. A page is a pure function of one of these. */

/** From when the page looks, the zone that stands beside UTC (the server's), and which of the two leads. */
export type Moment = { now: Millis; timeZone: string; leads: Leads }

/** How many expectations are in each state. */
export type Counts = Record<State, number>

/** What has just been done; said on the page that the form leads to (`?done=` in its address). */
export const DONE = [
  'registered',
  'saved',
  'signed-off',
  'paused',
  'resumed',
  'deleted',
  'signed-out',
  'taken-back',
  'revoked',
  'withdrawn',
  'planned',
  'ended',
] as const
export type Done = (typeof DONE)[number]

/** What stands around every page. `counts` is null when the database cannot be asked. */
export type Frame = {
  moment: Moment
  version: string
  /** When expectations were last looked at; null before the first time. */
  judgedAt: Millis | null
  counts: Counts | null
  /** How many events wait for a person's sign-off, and how many incidents are open; null when the database cannot be asked. */
  waiting: number | null
  openIncidents: number | null
  done: Done | null
  /** Who looks at it; null where nobody is asked who they are, or nobody is known yet. */
  who: string | null
  /** What this person may do: what they may not is not offered. */
  may: readonly Permission[]
  /** Must what is pasted send an API key? */
  asksForKeys: boolean
  /** The pages that exist for who looks. */
  pages: readonly MainPage[]
  hasOwnPage: boolean
  canSignOut: boolean
  look: Look
  /** Where this page is, to come back to. */
  here: string
}

/** What was typed into a form, and what is wrong with it, by field name. */
export type FormState<Field extends string> = { values: Record<Field, string>; errors: Partial<Record<Field, string>> }

export type VerdictView = {
  due: Millis
  verdict: Outcome
  /** In words, as `reasonInWords` says them. */
  reason: string
  observed: number
  atLeast: number
  atMost: number | null
  window: Window
  reported: boolean
  amended: { from: Outcome; at: Millis; reason: string } | null
}

export type IncidentView = { id: number; openedAt: Millis; acknowledgedBy: string | null; note: string | null }
export type LastSeen = { at: Millis; source: string }

/** What a row of the board and an entry on the event's page have in common. `verdicts`: the last 30, oldest first. */
export type ExpectationView = {
  id: number
  event: string
  env: string
  sentence: string
  state: State
  nextDue: Millis | null
  /** When `nextDue` is looked at; while late, the end of its grace. */
  checkAt: Millis | null
  verdicts: readonly VerdictView[]
  incident: IncidentView | null
  /** The maintenance that holds it back now. */
  under: UnderView | null
}

export type BoardRow = ExpectationView & {
  eventKey: string
  /** The event's and the expectation's, without doubles. */
  tags: readonly string[]
  last: LastSeen | null
}

/** As it stands in the address: `q` a text or a `/regex/`, the others exact, each empty for any. */
export type BoardFilter = { q: string; env: string; tag: string; state: State | '' }

/** An event that affirms although nothing is expected of it; `nearest` is the expected name it may be a typo of. */
export type UnexpectedEvent = { event: string; eventKey: string; last: LastSeen | null; nearest: string | null }

/**
 * All rows are one sequence: missed, late, unknown, then waiting and met, then paused.
 * Without a state filter `trouble` holds its first 50 and `calm` the part that begins with number `from`;
 * with one, only the group of that state has rows: that part of it.
 */
export type BoardPage = {
  frame: Frame
  filter: BoardFilter
  /** Why `q` could not be read; nothing is filtered by it then. */
  filterError: string | null
  choices: { envs: readonly string[]; tags: readonly string[] }
  /** Rows in an env other than this say so. */
  defaultEnv: string
  nextDue: { at: Millis; expectations: number } | null
  /** By the filter but for its state. */
  matching: Counts
  trouble: readonly BoardRow[]
  calm: readonly BoardRow[]
  from: number
  unexpected: { items: readonly UnexpectedEvent[]; total: number }
  /** Where this server is reached, without a slash at the end: `https://affirm.example.org`. */
  baseUrl: string
}

export type RegisterField = 'name' | 'description' | 'tags' | 'key'
export type ExpectationEntry = ExpectationView & {
  schedule: string
  timeZone: string
  ignoreFailures: boolean
  tags: readonly string[]
  /** How people are told; with the names of its channels. */
  telling: TellingRules<string>
}

/** `value` is JSON text as it was kept, or null. */
export type AffirmationView = {
  id: number
  at: Millis
  env: string
  status: Status
  source: string
  value: string | null
  /** Set when it was taken back: it counts no more. */
  withdrawn: { by: string; at: Millis } | null
}
export type AffirmationsFilter = { env: string; status: Status | ''; source: string }

export type SignOffField = 'by' | 'note' | 'env'
export type EditEventField = 'description' | 'tags'

export type EventPage = {
  frame: Frame
  event: { name: string; eventKey: string; description: string; tags: readonly string[]; createdAt: Millis }
  baseUrl: string
  envs: readonly string[]
  defaultEnv: string
  expectations: readonly ExpectationEntry[]
  /** Of all its expectations, newest first; `expectation` is an id among them. */
  verdicts: readonly (VerdictView & { expectation: number })[]
  chart: ChartView
  places: PlacesView
  affirmations: {
    filter: AffirmationsFilter
    items: readonly AffirmationView[]
    /** Is this an older part? Then it does not change by itself. */
    cursor: string | null
    next: string | null
  }
  /** `env` is the one asked for by `?sign=`, else that of its first expectation, else the default. */
  signOff: FormState<SignOffField>
  /** Sign-offs that may still be taken back. */
  undo: readonly UndoView[]
  edit: FormState<EditEventField>
  remove: FormState<'confirm'>
}

export const EXPECTATION_FIELDS = [
  'schedule',
  'atLeast',
  'atMost',
  'count',
  'lookback',
  'grace',
  'timeZone',
  'env',
  'where',
  'ignoreFailures',
  'tags',
  'severity',
  'alertAfter',
  'recoverAfter',
  'channels',
] as const
export type ExpectationField = (typeof EXPECTATION_FIELDS)[number]

/** `suggestion` is a schedule that may be meant instead; `isHint`: good to know, and nothing to be warned of. */
export type Warning = { detail: string; isHint: boolean; suggestion?: string }

/** What the fields mean as typed; `unclear` names what cannot be read, `blank` is a form that has no schedule yet. */
export type PreviewView =
  | { kind: 'blank' }
  | { kind: 'unclear'; fields: readonly ExpectationField[] }
  | {
      kind: 'clear'
      sentence: string
      warnings: readonly Warning[]
      next: readonly Millis[]
      timeZone: string
      /** Fields that cannot be read, with their last values that could: these were taken instead. */
      was: readonly { field: ExpectationField; value: string }[]
      /** All that was read: carried along for the next time. */
      values: Record<ExpectationField, string>
    }

/**
 * `id` null: a new one. Every value is as typed; `ignoreFailures` is `on` or empty, `channels` the ids of those that are ticked with a space between.
 * `isRefused`: it should have been saved, and was not.
 */
export type ExpectationFormPage = {
  frame: Frame
  event: string
  id: number | null
  form: FormState<ExpectationField>
  isRefused: boolean
  envs: readonly string[]
  channels: readonly Pick<Channel, 'id' | 'name' | 'isEnabled'>[]
  preview: PreviewView
  backtest: BacktestView
  /** What was asked to be suggested; null when it was not. */
  suggested: SuggestionView | null
}

export type DeleteExpectationPage = {
  frame: Frame
  expectation: Pick<ExpectationView, 'id' | 'event' | 'env' | 'sentence' | 'state'>
}

/** `title` is the status in words, `detail` says what happened and what would be right. */
export type ProblemPage = { frame: Frame; status: number; title: string; detail: string }

/** What this server is and how it is. `nodes`, `database` and `counts` are null when the database cannot be asked. */
export type AboutPage = {
  frame: Frame
  node: string
  nodes: readonly string[] | null
  store: 'sqlite' | 'postgresql'
  database: string | null
  startedAt: Millis
  troubles: readonly string[]
  /** How far this machine's clock is ahead of the database's. */
  clockOffset: Duration
  isClockOff: boolean
  retention: { affirmations: Duration; verdicts: Duration }
  /** When last nothing was left to clear away of what is older; null before the first time. */
  clearedAt: Millis | null
  counts: { events: number; expectations: number; environments: number; openIncidents: number } | null
  telling: TellingFacts
}

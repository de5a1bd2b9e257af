import type { Severity } from '../src/domain/channel.ts'
import type { Millis } from '../src/domain/time.ts'
import type { Happening } from '../src/domain/timeline.ts'
import type { AffirmationView, ExpectationView, FormState, Frame, VerdictView } from './models.ts'

/** One of a list. `sentence` is what is expected by now. */
export type IncidentRow = {
  id: number
  event: string
  env: string
  sentence: string
  /** Null when its expectation is gone. */
  severity: Severity | null
  openedAt: Millis
  closedAt: Millis | null
  acknowledgedBy: string | null
  note: string | null
  assignedTo: string | null
  snoozedUntil: Millis | null
}

/** As it stands in the address. */
export type IncidentsFilter = { q: string; env: string; open: '' | 'true' | 'false' }

/** `open` and `closed` are null where only the others were asked for, or a later part is shown. */
export type IncidentsPage = {
  frame: Frame
  filter: IncidentsFilter
  envs: readonly string[]
  defaultEnv: string
  open: { items: readonly IncidentRow[]; next: string | null } | null
  closed: { items: readonly IncidentRow[]; next: string | null } | null
  /** Is this a later part? */
  cursor: string | null
  /** Told where nothing is open; null when there was none yet. */
  lastClosed: Millis | null
}

export type HoldField = 'by' | 'note'
export type AttendField = 'to' | 'for'

/** The expectation of an incident, as it is and as it was. */
export type ExpectedView = ExpectationView & {
  eventKey: string
  /** The terms that it was opened by. */
  opened: { sentence: string; schedule: string; timeZone: string }
  isEdited: boolean
  severity: Severity
  /** What the event says of itself: often what to do. */
  description: string
}

export type IncidentPage = {
  frame: Frame
  id: number
  openedAt: Millis
  openedDue: Millis
  closedAt: Millis | null
  /** Who has it, as people call them. */
  holder: { name: string; since: Millis; note: string | null } | null
  /** Who had it when this page was made, as it is kept: taking it over is taking it from them. */
  over: string
  /** Null when its expectation was deleted. */
  expected: ExpectedView | null
  /** Of the verdict that opened it; null when it is not kept any more. */
  opening: VerdictView | null
  happenings: readonly Happening[]
  before: { met: number; isMore: boolean; previous: { id: number; openedAt: Millis } | null }
  around: {
    before: readonly AffirmationView[]
    inside: readonly AffirmationView[]
    isMoreInside: boolean
    after: readonly AffirmationView[]
  } | null
  hold: FormState<HoldField>
  assignedTo: string | null
  snoozedUntil: Millis | null
  attend: FormState<AttendField>
  /** Why no channel is told of it; null where one is. */
  nobody: string | null
}

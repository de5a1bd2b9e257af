import { DAY, type Duration, type Millis } from './time.ts'

/** From the missed verdict that opened it to the met verdict that closed it. `note` is the last one of who has it. */
export type Incident = {
  id: number
  expectation: number
  openedAt: Millis
  openedDue: Millis
  closedAt: Millis | null
  closedDue: Millis | null
  acknowledgedAt: Millis | null
  acknowledgedBy: string | null
  note: string | null
  /** A name: who is to look at it. */
  assignedTo: string | null
  /** Until then nobody is reminded of it. */
  snoozedUntil: Millis | null
}

export const LONGEST_NOTE = 2_000
export const LONGEST_SNOOZE: Duration = 30 * DAY

/** Who says "I have it". `over`: whoever is thought to have it now; null for nobody. */
export type Claim = { who: string; note: string | null; over: string | null }

/** `held`: somebody else than `over` has it. `gone`: there is none of that number any more. */
export type Claimed = 'done' | 'held' | 'closed' | 'gone'

/** Somebody took it (from `over`, if anybody had it), wrote a note, said who is to look at it (null: nobody), or until when it can wait (null: it cannot any more). */
export type IncidentStep =
  | { kind: 'acknowledged'; at: Millis; by: string; over: string | null; note: string | null }
  | { kind: 'noted'; at: Millis; by: string; note: string }
  | { kind: 'assigned'; at: Millis; by: string; to: string | null }
  | { kind: 'snoozed'; at: Millis; by: string; until: Millis | null }

/** As people are called beside an incident: `user:ann` is ann. */
export const calledAs = (who: string): string => (who === 'anyone' ? 'somebody' : who.replace(/^user:/, ''))

import type { SessionView } from '../../../views/models.people.ts'
import { Fault } from '../../domain/fault.ts'
import type { Session } from '../../domain/people.ts'

/** With the one marked by which the page was asked for. */
export const sessionViews = (sessions: readonly Session[], mine: number | null): SessionView[] =>
  sessions.map((session) => ({ ...session, isMine: session.id === mine }))

/** What the button says: the number of a session, or `others`. */
export function chosenSession(text: string, mine: number | null): { only: number } | { but: number | null } {
  if (text === 'others') return { but: mine }
  if (/^\d{1,15}$/.test(text)) return { only: Number(text) }
  throw new Fault('invalid', 'session: must be the number of a session, or "others".')
}

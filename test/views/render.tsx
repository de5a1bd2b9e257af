import type { Child } from 'hono/jsx'
import type { EventsPage as Events } from '../../views/models.events.ts'
import type { KeysPage as Keys } from '../../views/models.keys.ts'
import type { MaintenancePage as Maintenance } from '../../views/models.maintenance.ts'
import type { AuditPage as Audit, SettingsPage as Settings } from '../../views/models.settings.ts'
import type { SignOffPage as SignOff } from '../../views/models.sign-off.ts'
import type {
  AboutPage as About,
  BoardPage as Board,
  EventPage as Event,
  ExpectationFormPage as ExpectationForm,
} from '../../views/models.ts'
import { AboutPage } from '../../views/pages/about.tsx'
import { AuditPage } from '../../views/pages/audit.tsx'
import { BoardPage } from '../../views/pages/board.tsx'
import { EventPage } from '../../views/pages/event.tsx'
import { DeleteEventPage } from '../../views/pages/event-delete.tsx'
import { EventsPage } from '../../views/pages/events.tsx'
import { DeleteExpectationPage } from '../../views/pages/expectation-delete.tsx'
import { ExpectationFormPage } from '../../views/pages/expectation-form.tsx'
import { RevokeKeyPage } from '../../views/pages/key-revoke.tsx'
import { KeysPage } from '../../views/pages/keys.tsx'
import { MaintenancePage } from '../../views/pages/maintenance.tsx'
import { ProblemPage } from '../../views/pages/problem.tsx'
import { SettingsPage } from '../../views/pages/settings.tsx'
import { SignOffPage } from '../../views/pages/sign-off.tsx'
import { WallPage } from '../../views/pages/wall.tsx'
import { aDeletion, anEventDeletion, aProblem, aRevoking } from './samples.ts'

/** What a browser would get. */
export const rendered = async (page: Child): Promise<string> =>
  String(await (page as { toString(): string | Promise<string> }).toString())

export const about = (page: About) => rendered(<AboutPage page={page} />)
export const board = (page: Board) => rendered(<BoardPage page={page} />)
export const event = (page: Event) => rendered(<EventPage page={page} />)
export const events = (page: Events) => rendered(<EventsPage page={page} />)
export const eventDeletion = (page = anEventDeletion()) => rendered(<DeleteEventPage page={page} />)
export const audit = (page: Audit) => rendered(<AuditPage page={page} />)
export const settings = (page: Settings) => rendered(<SettingsPage page={page} />)
export const expectationForm = (page: ExpectationForm) => rendered(<ExpectationFormPage page={page} />)
export const deletion = (page = aDeletion()) => rendered(<DeleteExpectationPage page={page} />)
export const signOff = (page: SignOff) => rendered(<SignOffPage page={page} />)
export const wall = (page: Board) => rendered(<WallPage page={page} />)
export const maintenance = (page: Maintenance) => rendered(<MaintenancePage page={page} />)
export const problem = (page = aProblem()) => rendered(<ProblemPage page={page} />)

export const keys = (page: Keys) => rendered(<KeysPage page={page} />)
export const revoking = (page = aRevoking()) => rendered(<RevokeKeyPage page={page} />)

/** What stands between the navigation and the foot. */
export const inMain = (html: string): string => html.slice(html.indexOf('<main'), html.indexOf('</main>'))

/** The text of the first element with this id, tags and all. */
export function piece(html: string, id: string, end: string): string {
  const from = html.indexOf(`id="${id}"`)
  return from < 0 ? '' : html.slice(from, html.indexOf(end, from))
}

export const times = (html: string, part: string | RegExp): number => html.split(part).length - 1

import type { Child } from 'hono/jsx'
import type {
  AboutPage as About,
  BoardPage as Board,
  EventPage as Event,
  EventsPage as Events,
  ExpectationFormPage as ExpectationForm,
} from '../../views/models.ts'
import { AboutPage } from '../../views/pages/about.tsx'
import { BoardPage } from '../../views/pages/board.tsx'
import { EventPage } from '../../views/pages/event.tsx'
import { EventsPage } from '../../views/pages/events.tsx'
import { DeleteExpectationPage } from '../../views/pages/expectation-delete.tsx'
import { ExpectationFormPage } from '../../views/pages/expectation-form.tsx'
import { ProblemPage } from '../../views/pages/problem.tsx'
import { WallPage } from '../../views/pages/wall.tsx'
import { aDeletion, aProblem } from './samples.ts'

/** What a browser would get. */
export const rendered = async (page: Child): Promise<string> =>
  String(await (page as { toString(): string | Promise<string> }).toString())

export const about = (page: About) => rendered(<AboutPage page={page} />)
export const board = (page: Board) => rendered(<BoardPage page={page} />)
export const event = (page: Event) => rendered(<EventPage page={page} />)
export const events = (page: Events) => rendered(<EventsPage page={page} />)
export const expectationForm = (page: ExpectationForm) => rendered(<ExpectationFormPage page={page} />)
export const deletion = (page = aDeletion()) => rendered(<DeleteExpectationPage page={page} />)
export const wall = (page: Board) => rendered(<WallPage page={page} />)
export const problem = (page = aProblem()) => rendered(<ProblemPage page={page} />)

/** The text of the first element with this id, tags and all. */
export function piece(html: string, id: string, end: string): string {
  const from = html.indexOf(`id="${id}"`)
  return from < 0 ? '' : html.slice(from, html.indexOf(end, from))
}

export const times = (html: string, part: string | RegExp): number => html.split(part).length - 1

import type { State } from '../src/domain/expectation.ts'
import type { Millis } from '../src/domain/time.ts'
import type { FormState, Frame, LastSeen, RegisterField } from './models.ts'

/** `state`: by the worst of an event's expectations; `due`: by the first of them. */
export const EVENT_SORTS = ['event', 'registered', 'expectations', 'state', 'due'] as const
export type EventSort = (typeof EVENT_SORTS)[number]

/** As it stands in the address. */
export type EventsFilter = {
  q: string
  tag: string
  state: State | ''
  isUnexpectedOnly: boolean
  sort: EventSort
  isDown: boolean
}

export type ConfiguredExpectation = {
  id: number
  env: string
  sentence: string
  state: State
  nextDue: Millis | null
  tags: readonly string[]
}

/** `expectations` are the first of them, `more` how many there are beside; without any, `nearest` is a name that it may be a typo of. */
export type EventRow = {
  name: string
  eventKey: string
  description: string
  tags: readonly string[]
  createdAt: Millis
  expectations: readonly ConfiguredExpectation[]
  more: number
  last: LastSeen | null
  nearest: string | null
}

/** `GET /events`: number `page` of the parts, the first is 1. */
export type EventsPage = {
  frame: Frame
  filter: EventsFilter
  tags: readonly string[]
  items: readonly EventRow[]
  page: number
  total: number
  register: FormState<RegisterField>
  /** Why nothing was done with several; null where nothing was asked. */
  mistake: string | null
}

export type DeleteEventPage = { frame: Frame; event: { name: string; expectations: number }; form: FormState<'confirm'> }

import type { Millis, Window } from '../src/domain/time.ts'
import type { FormState, Frame } from './models.ts'

/** What holds an expectation back now, and until when. */
export type UnderView = { name: string; until: Millis }

/** `window`: the one that is on, else the next one, else (of what is over) the only one. `again`: when it comes, in words; null for one of one time. */
export type MaintenanceRow = {
  id: number
  name: string
  again: string | null
  window: Window | null
  /** In words. */
  isFor: string
  createdBy: string
  endedAt: Millis | null
}

export const MAINTENANCE_FIELDS = [
  'name',
  'kind',
  'from',
  'to',
  'schedule',
  'lasts',
  'timeZone',
  'events',
  'tags',
  'envs',
] as const
/** `kind` is `once` or `again`; `from` and `to` are what the clock shows in `timeZone`; lists have spaces between. */
export type MaintenanceField = (typeof MAINTENANCE_FIELDS)[number]

/** `GET /maintenance`, and with `id` the page of one that is changed. */
export type MaintenancePage = {
  frame: Frame
  on: readonly MaintenanceRow[]
  coming: readonly MaintenanceRow[]
  past: { items: readonly MaintenanceRow[]; cursor: string | null; next: string | null }
  form: FormState<MaintenanceField>
  /** The one that is changed; null: a new one. */
  id: number | null
  envs: readonly string[]
  /** That it is asked to be planned for. */
  event: string
}

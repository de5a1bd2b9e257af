import type { Author } from '../domain/audit.ts'
import type { Maintenance } from '../domain/maintenance.ts'
import type { Millis } from '../domain/time.ts'
import type { Page, Paged } from './store.ts'

export type MaintenanceDraft = Pick<Maintenance, 'name' | 'plan' | 'match'>

/** The part of `Store` that is about maintenance windows. Every change is noted in the audit log. */
export interface MaintenanceStore {
  /** Those that are on at `at` or may be later, by id. */
  maintenanceWindows(at: Millis): Promise<Maintenance[]>
  /** The same, newest first. */
  livingMaintenance(at: Millis, page: Page): Promise<Paged<Maintenance>>
  /** Those that were ended, or over by themselves, by then; the one that was over last comes first. */
  pastMaintenance(at: Millis, page: Page): Promise<Paged<Maintenance>>
  /** Also one that is over. */
  findMaintenance(id: number): Promise<Maintenance | null>
  /** `too-many`: as many are on or to come as may be. */
  createMaintenance(draft: MaintenanceDraft, at: Millis, by: Author): Promise<Maintenance | 'too-many'>
  /** Null when it is gone, or over. */
  changeMaintenance(id: number, to: MaintenanceDraft, at: Millis, by: Author): Promise<Maintenance | null>
  /** It holds nothing from `at` on. False when it is gone, or over already. */
  endMaintenance(id: number, at: Millis, by: Author): Promise<boolean>
}

import type { Millis } from './time.ts'

/** From the missed verdict that opened it to the met verdict that closed it. */
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
}

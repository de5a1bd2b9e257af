/** What verbs read of the server's answers; the rest is passed on as it came. */
export type EventAnswer = {
  name: string
  key: string
  description: string
  tags: string[]
  expectations?: unknown
}

export type ExpectationAnswer = {
  id: number
  event: string
  env: string
  schedule: string
  timeZone: string
  tags: string[]
  severity: 'warning' | 'critical'
  description: string
  state: 'met' | 'missed' | 'unknown' | 'late' | 'waiting' | 'paused'
  lastVerdict: { due: string; reason: string } | null
  nextDue: string | null
  openIncident: number | null
}

export type AffirmationAnswer = { at: string; env: string; status: string; source: string; value: unknown }

export type KeyAnswer = {
  id: number
  name: string
  hint: string
  scopes: string[]
  env: string | null
  createdBy: string
  lastUsedAt: string | null
}

import type { Affirmation } from '../../domain/affirmation.ts'
import type { ApiKey } from '../../domain/api-key.ts'
import { declaredEvent, declaredExpectation } from '../../domain/declared.ts'
import type { Event } from '../../domain/event.ts'
import { describe, type Expectation, stateOf } from '../../domain/expectation.ts'
import { iso, type Millis } from '../../domain/time.ts'
import { reasonInWords, type Verdict } from '../../domain/verdict.ts'
import type { FoundIncident, NamedIncident, Paged } from '../../store/store.ts'

const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

export const eventShape = (event: Event) => ({ ...declaredEvent(event), createdAt: iso(event.createdAt) })

/** As JSON text: the value goes out just as it came in. */
export function affirmationJson({ event, env, at, status, source, value, clientId, withdrawn }: Affirmation): string {
  const taken = withdrawn === null ? undefined : { by: withdrawn.by, at: iso(withdrawn.at) }
  const rest = JSON.stringify({ event, env, at: iso(at), status, source, id: clientId ?? undefined, withdrawn: taken })
  return `${rest.slice(0, -1)},"value":${value ?? 'null'}}`
}

export const verdictShape = (verdict: Verdict) => ({
  expectation: verdict.expectation,
  due: iso(verdict.due),
  verdict: verdict.verdict,
  reason: reasonInWords(verdict),
  observed: verdict.observed,
  atLeast: verdict.atLeast,
  atMost: verdict.atMost,
  windowFrom: iso(verdict.window.from),
  windowTo: iso(verdict.window.to),
  decidedAt: iso(verdict.decidedAt),
  ...(verdict.reported ? { reported: true } : {}),
  ...(verdict.amended === null ? {} : { amended: { ...verdict.amended, at: iso(verdict.amended.at) } }),
})

export const incidentShape = (incident: NamedIncident | FoundIncident) => ({
  id: incident.id,
  expectation: incident.expectation,
  event: incident.event,
  env: incident.env,
  openedAt: iso(incident.openedAt),
  openedDue: iso(incident.openedDue),
  closedAt: isoOrNull(incident.closedAt),
  closedDue: isoOrNull(incident.closedDue),
  acknowledgedAt: isoOrNull(incident.acknowledgedAt),
  acknowledgedBy: incident.acknowledgedBy,
  note: incident.note,
  assignedTo: incident.assignedTo,
  snoozedUntil: isoOrNull(incident.snoozedUntil),
})

export const expectationShape = (expectation: Expectation, lastVerdict: Verdict | undefined) => ({
  id: expectation.id,
  ...declaredExpectation(expectation),
  description: describe(expectation.terms),
  state: stateOf(expectation),
  lastVerdict: lastVerdict === undefined ? null : verdictShape(lastVerdict),
  nextDue: isoOrNull(expectation.nextDue),
  openIncident: expectation.openIncident,
  createdAt: iso(expectation.createdAt),
})

export const keyShape = ({ id, name, hint, scopes, env, createdBy, createdAt, usedAt }: ApiKey) => ({
  ...{ id, name, hint, scopes, env, createdBy },
  createdAt: iso(createdAt),
  lastUsedAt: isoOrNull(usedAt),
})

/** `{items, nextCursor?}`. */
export const listShape = <T, U>({ items, next }: Paged<T>, shape: (item: T) => U) => ({
  items: items.map(shape),
  ...(next === null ? {} : { nextCursor: next }),
})

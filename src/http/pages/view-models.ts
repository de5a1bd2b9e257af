import type { UnderView } from '../../../views/models.maintenance.ts'
import type { BoardRow, ExpectationEntry, ExpectationView, IncidentView, VerdictView } from '../../../views/models.ts'
import { describe, type Expectation } from '../../domain/expectation.ts'
import { calledAs, type Incident } from '../../domain/incident.ts'
import type { underAt } from '../../domain/maintenance.ts'
import { reasonInWords, type Verdict } from '../../domain/verdict.ts'
import type { Shown } from '../../services/board.ts'

/** What was read becomes what is drawn. */

export const verdictView = (verdict: Verdict): VerdictView => ({
  due: verdict.due,
  verdict: verdict.verdict,
  reason: reasonInWords(verdict),
  observed: verdict.observed,
  atLeast: verdict.atLeast,
  atMost: verdict.atMost,
  window: verdict.window,
  reported: verdict.reported,
  amended: verdict.amended,
})

const incidentView = ({ id, openedAt, acknowledgedBy, note }: Incident): IncidentView => ({
  id,
  openedAt,
  acknowledgedBy: acknowledgedBy === null ? null : calledAs(acknowledgedBy),
  note,
})

/** What holds an expectation back; see `underAt`. */
export type UnderOf = ReturnType<typeof underAt>
const NOTHING: UnderOf = () => null

const underView = ({ expectation: { event, env, tags }, eventTags }: Shown, underOf: UnderOf): UnderView | null => {
  const under = underOf({ event, env, tags: [...tags, ...eventTags] })
  return under === null ? null : { name: under.maintenance.name, until: under.until }
}

const expectationView = ({ expectation, state, verdicts, incident }: Shown): Omit<ExpectationView, 'under'> => ({
  id: expectation.id,
  event: expectation.event,
  env: expectation.env,
  sentence: describe(expectation.terms),
  state,
  nextDue: expectation.nextDue,
  checkAt: expectation.checkAt,
  verdicts: verdicts.map(verdictView),
  incident: incident === null ? null : incidentView(incident),
})

export const boardRow = (shown: Shown, underOf: UnderOf = NOTHING): BoardRow => ({
  ...expectationView(shown),
  under: underView(shown, underOf),
  eventKey: shown.expectation.eventKey,
  tags: [...new Set([...shown.eventTags, ...shown.expectation.tags])],
  last: shown.last,
})

export const entry = (shown: Shown, underOf: UnderOf): ExpectationEntry => ({
  ...expectationView(shown),
  under: underView(shown, underOf),
  ...scheduleOf(shown.expectation),
})

const scheduleOf = ({ terms, tags, telling }: Expectation) => ({
  schedule: terms.expression,
  timeZone: terms.timeZone,
  ignoreFailures: terms.ignoreFailures,
  tags,
  telling: { ...telling, channels: telling.channels.map(({ name }) => name) },
})

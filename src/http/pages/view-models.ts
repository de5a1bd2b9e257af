import type { BoardRow, ExpectationEntry, ExpectationView, IncidentView, VerdictView } from '../../../views/models.ts'
import { describe, type Expectation } from '../../domain/expectation.ts'
import { calledAs, type Incident } from '../../domain/incident.ts'
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

const expectationView = ({ expectation, state, verdicts, incident }: Shown): ExpectationView => ({
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

export const boardRow = (shown: Shown): BoardRow => ({
  ...expectationView(shown),
  eventKey: shown.expectation.eventKey,
  tags: [...new Set([...shown.eventTags, ...shown.expectation.tags])],
  last: shown.last,
})

export const entry = (shown: Shown): ExpectationEntry => ({ ...expectationView(shown), ...scheduleOf(shown.expectation) })

const scheduleOf = ({ terms, tags, telling }: Expectation) => ({
  schedule: terms.expression,
  timeZone: terms.timeZone,
  ignoreFailures: terms.ignoreFailures,
  tags,
  telling: { ...telling, channels: telling.channels.map(({ name }) => name) },
})

import { iso, type Millis } from '../../src/domain/time.ts'
import type { StoredIncident, StoredVerdict } from './rows.ts'

type Bounds = Pick<StoredIncident, 'openedDue' | 'closedDue'>

/** From each first missed verdict to the met one after it. */
function replay(verdicts: readonly StoredVerdict[]): Bounds[] {
  const incidents: Bounds[] = []
  for (const { due, verdict } of verdicts) {
    const open = incidents.find(({ closedDue }) => closedDue === null)
    if (verdict === 'missed' && open === undefined) incidents.push({ openedDue: due, closedDue: null })
    if (verdict === 'met' && open !== undefined) open.closedDue = due
  }
  return incidents
}

const inWords = ({ openedDue, closedDue }: Bounds): string => `${iso(openedDue)}–${closedDue === null ? '' : iso(closedDue)}`

/** What is wrong with the incidents of one expectation, oldest first, beside its verdicts. */
export function wrongIncidents(incidents: readonly StoredIncident[], verdicts: readonly StoredVerdict[]): string[] {
  const byDue = new Map<Millis, StoredVerdict>(verdicts.map((verdict) => [verdict.due, verdict]))
  const wrong: string[] = []
  for (const [i, one] of incidents.entries()) {
    const previous = incidents[i - 1]
    const opened = byDue.get(one.openedDue)
    const closed = one.closedDue === null ? undefined : byDue.get(one.closedDue)
    if (opened?.verdict !== 'missed' && opened?.amendedFrom !== 'missed')
      wrong.push(`${inWords(one)} was opened by no missed due`)
    if (one.closedDue !== null && closed?.verdict !== 'met') wrong.push(`${inWords(one)} was closed by no met due`)
    if (previous === undefined) continue
    const isApart =
      previous.closedDue !== null && previous.closedDue < one.openedDue && (previous.closedAt ?? one.openedAt) <= one.openedAt
    if (!isApart) wrong.push(`${inWords(one)} overlaps ${inWords(previous)}`)
  }
  // Late news closes and opens later than a replay would: there only what is said above holds.
  if (verdicts.some(({ amendedFrom }) => amendedFrom !== null)) return wrong
  const right = replay(verdicts).map(inWords)
  const told = incidents.map(inWords)
  const missing = right.filter((one) => !told.includes(one)).map((one) => `${one} is missing`)
  return [...wrong, ...missing, ...told.filter((one) => !right.includes(one)).map((one) => `${one} should not be`)]
}

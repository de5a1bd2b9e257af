import type { Incident, IncidentStep } from './incident.ts'
import type { Millis } from './time.ts'
import { type ToldDelivery, type ToldMark, together, toldOf } from './timeline-told.ts'
import type { Outcome, Verdict } from './verdict.ts'

type Amended = Verdict & { amended: NonNullable<Verdict['amended']> }
/** How many of each; `failed` are reported failures. */
export type Tally = Record<Outcome | 'failed', number>

/** One mark on an incident's rail. `at` is when it became known, which is later than the due it may speak of. */
export type Happening =
  | { kind: 'opened'; at: Millis; verdict: Verdict | null }
  | { kind: 'earlier'; at: Millis }
  | { kind: 'judged'; at: Millis; verdict: Verdict }
  | { kind: 'judged-often'; at: Millis; tally: Tally; first: Millis; last: Millis }
  | { kind: 'amended'; at: Millis; verdict: Amended }
  | { kind: 'amended-often'; at: Millis; times: number; first: Millis; last: Millis }
  | IncidentStep
  | ToldMark
  | { kind: 'left-out'; at: Millis; times: number }
  | { kind: 'closed'; at: Millis; verdict: Verdict | null }

/** What is known of one incident: its verdicts oldest first, from the one that opened it; `isMore` when some between are left out. */
type Known = {
  incident: Incident
  verdicts: readonly Verdict[]
  isMore: boolean
  steps: readonly IncidentStep[]
  deliveries: readonly ToldDelivery[]
}

/** So many of a kind in a row are told one by one; more are summed. */
const TOLD_SINGLY = 3
const MOST_TOLD = 100
const TOLD_FIRST = 20

/** What it was before it was amended. */
export const firstOutcome = ({ verdict, amended }: Verdict): Outcome => amended?.from ?? verdict

const isAmended = (verdict: Verdict): verdict is Amended => verdict.amended !== null

/** The verdict that opened it. Null when it is not kept any more. */
export function openingOf({ openedAt, openedDue }: Incident, verdicts: readonly Verdict[]): Verdict | null {
  const there = verdicts.filter(({ due }) => due === openedDue)
  return there.find(({ decidedAt }) => decidedAt === openedAt) ?? there[0] ?? null
}

/** Late news made a met verdict missed, and that opened it. */
export const isOpenedByNews = ({ openedAt }: Incident, { verdict, amended }: Verdict): boolean =>
  verdict === 'missed' && amended?.at === openedAt

/** It was met once: news, or somebody who took it back, may have made it missed since. */
const wasMet = (verdict: Verdict): boolean => verdict.verdict === 'met' || firstOutcome(verdict) === 'met'

const closingOf = ({ closedDue }: Incident, verdicts: readonly Verdict[]): Verdict | null =>
  verdicts.find((verdict) => verdict.due === closedDue && wasMet(verdict)) ?? null

const ORDER: Record<Happening['kind'], number> = {
  opened: 0,
  earlier: 1,
  judged: 2,
  'judged-often': 2,
  amended: 3,
  'amended-often': 3,
  acknowledged: 4,
  noted: 4,
  assigned: 4,
  snoozed: 4,
  told: 4,
  'left-out': 4,
  closed: 5,
}

/** All that happened to it, in order, in so many marks that a page can hold them. */
export function timelineOf(known: Known): Happening[] {
  const { incident, isMore, steps, deliveries } = known
  const happenings: Happening[] = [
    ...(isMore ? [{ kind: 'earlier' as const, at: incident.openedAt }] : []),
    ...judgedWhileOpen(known),
    ...amendedSince(known),
    ...steps,
    ...toldOf(deliveries),
    ...closed(known),
  ]
  const opened: Happening = { kind: 'opened', at: incident.openedAt, verdict: openingOf(incident, known.verdicts) }
  const inOrder = happenings.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind])
  return cut([opened, ...summed(together(inOrder))])
}

function closed({ incident, verdicts }: Known): Happening[] {
  return incident.closedAt === null ? [] : [{ kind: 'closed', at: incident.closedAt, verdict: closingOf(incident, verdicts) }]
}

function judgedWhileOpen({ incident, verdicts }: Known): Happening[] {
  const opening = openingOf(incident, verdicts)
  const closing = closingOf(incident, verdicts)
  const isTold = (verdict: Verdict) => verdict === opening || (verdict === closing && firstOutcome(verdict) === 'met')
  return verdicts
    .filter((verdict) => !isTold(verdict) && verdict.decidedAt <= (incident.closedAt ?? Number.POSITIVE_INFINITY))
    .map((verdict) => ({ kind: 'judged', at: verdict.decidedAt, verdict }))
}

function amendedSince({ incident, verdicts }: Known): Happening[] {
  const isSince = (verdict: Amended) => verdict.amended.at >= incident.openedAt && !isOpenedByNews(incident, verdict)
  return verdicts
    .filter(isAmended)
    .filter(isSince)
    .map((verdict) => ({ kind: 'amended', at: verdict.amended.at, verdict }))
}

type Single = Extract<Happening, { kind: 'judged' | 'amended' }>
const isSingle = (happening: Happening): happening is Single => happening.kind === 'judged' || happening.kind === 'amended'

/** Rows of one kind, each become one mark where they are many. */
function summed(happenings: readonly Happening[]): Happening[] {
  const rows: Happening[][] = []
  for (const happening of happenings) {
    const row = rows.at(-1)
    if (row?.[0]?.kind === happening.kind) row.push(happening)
    else rows.push([happening])
  }
  return rows.flatMap((row) => (row.length > TOLD_SINGLY && row.every(isSingle) ? [sumOf(row)] : row))
}

function sumOf(row: readonly Single[]): Happening {
  const dues = row.map(({ verdict }) => verdict.due)
  const span = { first: Math.min(...dues), last: Math.max(...dues), at: row.at(-1)?.at ?? 0 }
  if (row[0]?.kind === 'amended') return { kind: 'amended-often', times: row.length, ...span }
  const tally: Tally = { met: 0, missed: 0, unknown: 0, failed: 0 }
  for (const { verdict } of row) tally[verdict.reported ? 'failed' : firstOutcome(verdict)] += 1
  return { kind: 'judged-often', tally, ...span }
}

/** The beginning and the end say most. */
function cut(happenings: readonly Happening[]): Happening[] {
  const times = happenings.length - MOST_TOLD
  if (times <= 0) return [...happenings]
  const after = happenings.slice(TOLD_FIRST + times)
  return [...happenings.slice(0, TOLD_FIRST), { kind: 'left-out', at: after[0]?.at ?? 0, times }, ...after]
}

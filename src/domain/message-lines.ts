import type { MessageIncident } from './message.ts'
import { counted, type FailingChannel, isOpen, lasting, type MessageFacts } from './message-facts.ts'
import { inUtc } from './utc-words.ts'

/** An answer as long as this is whole in the title. */
const WHOLE_IN_TITLE = 80

/** Of one expectation: nothing more comes once that is gone. */
const OF_ONE = ['missed', 'recovered', 'reminder', 'acknowledged', 'met', 'flapping', 'settled']

const isBad = (facts: MessageFacts): boolean =>
  ['missed', 'reminder', 'flapping'].includes(facts.delivery.kind) || (facts.delivery.kind === 'settled' && isOpen(facts))

/** What one should know to act: why, since when, what is wanted, what was seen last, and what the event says of itself. */
export function linesOf(facts: MessageFacts): string[] {
  const { delivery, subject, incident } = facts
  const { why } = delivery.about
  return [
    why ?? '',
    subject === null && OF_ONE.includes(delivery.kind) ? 'The expectation was deleted, so nothing more comes.' : '',
    ...(facts.failing === null ? whatIsWrong(facts) : whatFails(facts, facts.failing)),
    incident?.note != null && delivery.kind !== 'recovered' ? `note: ${incident.note}` : '',
    ...linesOfBlindness(facts),
    ...linesOfMany(facts),
    facts.failing === null && delivery.kind !== 'test' ? (subject?.description ?? '') : '',
    delivery.kind === 'test' ? 'Somebody pressed "Test now".' : '',
  ].filter((line) => line !== '')
}

function whatIsWrong(facts: MessageFacts): string[] {
  const { delivery, subject, verdict, incident, timeZone } = facts
  const bad = isBad(facts)
  const isAboutOne = subject !== null && delivery.kind !== 'test'
  return [
    delivery.kind === 'flapping' ? flapping(facts) : '',
    bad && verdict !== null ? `${verdict.reason}, due ${inUtc(verdict.due, timeZone)}` : '',
    bad && incident !== null ? openLine(facts, incident) : '',
    isAboutOne && subject.sentence !== '' ? `expected ${subject.sentence}` : '',
    bad && isAboutOne ? lastSeen(facts) : '',
  ]
}

const openLine = ({ timeZone, delivery: { kind } }: MessageFacts, { openedAt, closedAt }: MessageIncident): string =>
  closedAt === null
    ? `open since ${inUtc(openedAt, timeZone)}`
    : `open from ${inUtc(openedAt, timeZone)} to ${inUtc(closedAt, timeZone)}${kind === 'missed' ? ': told late' : ''}`

const lastSeen = ({ last, now }: MessageFacts): string =>
  last === null ? 'never affirmed so far' : `last affirmed ${lasting(Math.max(0, now - last.at))} ago by ${last.source}`

function flapping({ changes }: MessageFacts): string {
  const often = changes === null ? '' : `${counted(changes.times, 'change', 'changes')} within ${lasting(changes.within)}; `
  return `${often}nothing more is told of it until it is steady`
}

function whatFails(facts: MessageFacts, { id, since, failures, said }: FailingChannel): string[] {
  if (!isBad(facts)) return []
  const from = since === null ? '' : ` since ${inUtc(since, facts.timeZone)}`
  const tries = failures === 0 ? '' : `; ${counted(failures, 'try', 'tries')} failed`
  return [
    `nothing arrives there${from}${tries}`,
    said === null || said.length <= WHOLE_IN_TITLE ? '' : `answered last: ${said}`,
    `what waits there, and a button to test it: ${facts.base}/channels/${id}`,
  ]
}

function linesOfBlindness({ delivery: { about }, timeZone }: MessageFacts): string[] {
  if (about.blind === undefined) return []
  const { from, to } = about.blind
  return [
    `from ${inUtc(from, timeZone)} to ${inUtc(to, timeZone)}: what happened then is not known, so nothing of it is called missed`,
  ]
}

function linesOfMany({ delivery: { kind }, many, timeZone }: MessageFacts): string[] {
  if (many === null) return []
  const since = `since ${inUtc(many.since, timeZone)}`
  const by = many.source === null ? [] : [`all of them last affirmed by ${many.source}`]
  if (kind === 'flood')
    return [`${since}; ${many.open.toLocaleString('en')} of them are open. One more message tells when it is over.`, ...by]
  if (kind === 'flood-over')
    return [`${since}; no more were missed lately. One more message tells when all are met again.`, ...by]
  return [since]
}

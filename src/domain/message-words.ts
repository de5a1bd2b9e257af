import type { About, Delivery, Telling } from './delivery.ts'
import { durationInWords } from './duration.ts'
import { calledAs } from './incident.ts'
import type { AlertStep, Message, MessageIncident, MessageItem, MessageKind, MessageSubject, MessageVerdict } from './message.ts'
import { type Duration, iso, MINUTE, type Millis, SECOND } from './time.ts'

/** All that a message is made of. `base`: the address of this server. */
export type MessageFacts = {
  delivery: Pick<Delivery, 'key' | 'kind' | 'about' | 'createdAt' | 'flood'>
  now: Millis
  base: string
  thread: string
  subject: MessageSubject | null
  incident: MessageIncident | null
  verdict: MessageVerdict | null
  telling: Telling | null
  /** The last affirmation. */
  last: { at: Millis; source: string } | null
  /** Of a flood: how many there are, how many of them are open still, and since when. */
  many: { count: number; open: number; since: Millis; items: readonly { event: string; env: string; isOpen: boolean }[] } | null
}

const LONGEST_TITLE = 200
const MOST_ITEMS = 100

const STEPS: Record<MessageKind, AlertStep> = {
  missed: 'opens',
  recovered: 'closes',
  reminder: 'stays',
  acknowledged: 'acknowledges',
  met: 'none',
  flapping: 'opens',
  settled: 'stays',
  flood: 'opens',
  'flood-over': 'stays',
  'flood-recovered': 'closes',
  blind: 'none',
  'blind-settled': 'none',
  test: 'none',
}

const isOpen = ({ incident }: MessageFacts): boolean => incident !== null && incident.closedAt === null

const stepOf = (facts: MessageFacts): AlertStep =>
  facts.delivery.kind === 'settled' && !isOpen(facts) ? 'closes' : STEPS[facts.delivery.kind]

/** "2 hours 5 minutes"; no seconds where there are hours. */
function lasting(span: Duration): string {
  const exact = span < 2 * MINUTE ? SECOND : MINUTE
  return durationInWords(Math.max(SECOND, Math.floor(span / exact) * exact))
}

const utc = (at: Millis): string => `${iso(at).slice(0, 16).replace('T', ' ')} UTC`
const counted = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`

const nameOf = ({ subject, delivery: { about } }: MessageFacts): string =>
  `${subject?.event ?? about.event ?? 'an event'} (${subject?.env ?? about.env ?? '?'})`

function headline(facts: MessageFacts): string {
  const { delivery, now, incident, many } = facts
  const name = nameOf(facts)
  const open = incident === null ? '' : lasting((incident.closedAt ?? now) - incident.openedAt)
  switch (delivery.kind) {
    case 'missed':
      return `missed: ${name}`
    case 'recovered':
      if (facts.subject === null) return `not expected any more: ${name}`
      return `met again: ${name}${open === '' ? '' : ` after ${open}`}`
    case 'reminder':
      return `still missed: ${name}${open === '' ? '' : ` for ${open}`}`
    case 'acknowledged':
      return `${calledAs(incident?.acknowledgedBy ?? 'anyone')} has it: ${name}`
    case 'met':
      return `met: ${name}`
    case 'flapping':
      return `flapping: ${name} is missed and met again and again`
    case 'settled':
      return `steady again: ${name} is ${isOpen(facts) ? 'missed' : 'met'}`
    case 'flood':
      return `missed: ${counted(many?.count ?? 0, 'expectation', 'expectations')} at once`
    case 'flood-over':
      return `still missed: ${(many?.open ?? 0).toLocaleString('en')} of ${counted(many?.count ?? 0, 'expectation', 'expectations')}`
    case 'flood-recovered':
      return `met again: all ${counted(many?.count ?? 0, 'expectation', 'expectations')} that were missed at once`
    case 'blind':
      return `nobody was listening${blindFor(delivery.about)}: ${counted(delivery.about.count ?? 0, 'expectation', 'expectations')} could not be judged`
    case 'blind-settled':
      return `late news: ${counted(delivery.about.count ?? 0, 'expectation that could not be judged is', 'expectations that could not be judged are')} known now`
    case 'test':
      return 'test: this channel works'
  }
}

const blindFor = ({ blind }: About): string => (blind === undefined ? '' : ` for ${lasting(blind.to - blind.from)}`)

/** What one should know to act: why, since when, what is wanted, what was seen last, and what the event says of itself. */
function linesOf(facts: MessageFacts): string[] {
  const { delivery, subject, verdict, incident, last, now } = facts
  const { why, blind } = delivery.about
  const isAboutOne = subject !== null && delivery.kind !== 'test'
  const isBad = ['missed', 'reminder', 'flapping'].includes(delivery.kind) || (delivery.kind === 'settled' && isOpen(facts))
  return [
    why ?? '',
    isBad && verdict !== null ? `${verdict.reason}, due ${utc(verdict.due)}` : '',
    isBad && incident !== null ? `open since ${utc(incident.openedAt)}` : '',
    isAboutOne && subject.sentence !== '' ? `expected ${subject.sentence}` : '',
    isBad && isAboutOne
      ? last === null
        ? 'never affirmed so far'
        : `last affirmed ${lasting(Math.max(0, now - last.at))} ago by ${last.source}`
      : '',
    incident?.note != null && delivery.kind !== 'recovered' ? `note: ${incident.note}` : '',
    blind === undefined
      ? ''
      : `from ${utc(blind.from)} to ${utc(blind.to)}: what happened then is not known, so nothing of it is called missed`,
    ...linesOfMany(facts),
    isAboutOne ? subject.description : '',
    delivery.kind === 'test' ? 'Somebody pressed "Test now".' : '',
  ].filter((line) => line !== '')
}

function linesOfMany({ delivery: { kind }, many }: MessageFacts): string[] {
  if (many === null) return []
  const since = `since ${utc(many.since)}`
  if (kind === 'flood')
    return [`${since}; ${many.open.toLocaleString('en')} of them are open. One more message tells when it is over.`]
  if (kind === 'flood-over') return [`${since}; no more were missed lately. One more message tells when all are met again.`]
  return [since]
}

function itemsOf({ delivery: { about, kind }, many, base }: MessageFacts): { items: MessageItem[]; more: number } {
  const pageOf = (event: string) => `${base}/events/${encodeURIComponent(event)}`
  const listed =
    many === null
      ? (about.items ?? []).map(({ event, env, text }) => ({ event, env, text, url: pageOf(event) }))
      : many.items
          .filter((one) => kind !== 'flood-over' || one.isOpen)
          .map(({ event, env, isOpen }) => ({ event, env, text: isOpen ? 'missed' : 'met again', url: pageOf(event) }))
  const all = many === null ? (about.count ?? listed.length) : kind === 'flood-over' ? many.open : many.count
  const items = listed.slice(0, MOST_ITEMS)
  return { items, more: Math.max(0, all - items.length) }
}

function urlOf({ base, incident, subject, delivery }: MessageFacts): string {
  if (incident !== null) return `${base}/incidents/${incident.id}`
  if (delivery.kind === 'test') return `${base}/channels`
  return subject === null
    ? `${base}/?state=${delivery.kind.startsWith('blind') ? 'unknown' : 'missed'}`
    : `${base}/events/${encodeURIComponent(subject.event)}`
}

/** One message, whole. Pure: the same facts give the same message. */
export function messageOf(facts: MessageFacts): Message {
  const { delivery, thread, subject, incident, verdict } = facts
  const title = headline(facts)
  return {
    id: delivery.key,
    kind: delivery.kind,
    at: delivery.createdAt,
    thread,
    alert: stepOf(facts),
    severity: subject?.severity ?? (delivery.kind.startsWith('flood') ? 'critical' : 'warning'),
    title: title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1).replace(/\p{Cs}$/u, '')}…`,
    lines: linesOf(facts),
    url: urlOf(facts),
    subject,
    incident,
    verdict,
    ...itemsOf(facts),
  }
}

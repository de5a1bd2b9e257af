import type { AlertStep, Message, MessageItem, MessageKind } from './message.ts'
import { type FloodItem, isOpen, type MessageFacts } from './message-facts.ts'
import { linesOf } from './message-lines.ts'
import { titleOf } from './message-title.ts'
import type { Millis } from './time.ts'
import { shortlyInUtc } from './utc-words.ts'

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

const stepOf = (facts: MessageFacts): AlertStep =>
  facts.delivery.kind === 'settled' && !isOpen(facts) ? 'closes' : STEPS[facts.delivery.kind]

/** "missed since 19:21 UTC, warning"; critical is what is not said. */
function stateOf({ isOpen, since, severity }: FloodItem, now: Millis): string {
  const state = !isOpen ? 'met again' : since === null ? 'missed' : `missed since ${shortlyInUtc(since, now)}`
  return severity === 'warning' ? `${state}, warning` : state
}

const pageOf = (base: string, event: string): string => `${base}/events/${encodeURIComponent(event)}`

function itemsOf({ delivery: { about, kind }, many, base, now }: MessageFacts): { items: MessageItem[]; more: number } {
  const isOver = kind === 'flood-over'
  const listed =
    many === null
      ? (about.items ?? []).map(({ event, env, text }) => ({ event, env, text, url: pageOf(base, event) }))
      : many.items
          .filter((one) => !isOver || one.isOpen)
          .map((one) => ({ event: one.event, env: one.env, text: stateOf(one, now), url: pageOf(base, one.event) }))
  const all = many === null ? (about.count ?? listed.length) : isOver ? many.open : many.count
  const items = listed.slice(0, MOST_ITEMS)
  return { items, more: Math.max(0, all - items.length) }
}

/** A page that still shows it tomorrow: a filter of what is missed or unknown now would be empty then. */
function urlOf({ base, incident, subject, delivery: { kind, about } }: MessageFacts): string {
  if (incident !== null) return `${base}/incidents/${incident.id}`
  if (kind === 'test') return `${base}/channels`
  if (subject !== null) return pageOf(base, subject.event)
  if (kind !== 'blind' && kind !== 'blind-settled') return `${base}/incidents`
  const events = [...new Set((about.items ?? []).map(({ event }) => event))]
  return events[0] !== undefined && events.length === 1 && about.count === about.items?.length
    ? pageOf(base, events[0])
    : `${base}/`
}

/** One message, whole. Pure: the same facts give the same message. */
export function messageOf(facts: MessageFacts): Message {
  const { delivery, thread, subject, incident, verdict } = facts
  return {
    id: delivery.key,
    kind: delivery.kind,
    at: delivery.createdAt,
    thread,
    alert: stepOf(facts),
    severity: subject?.severity ?? (delivery.kind.startsWith('flood') ? 'critical' : 'warning'),
    title: titleOf(facts),
    lines: linesOf(facts),
    url: urlOf(facts),
    subject,
    incident,
    verdict,
    ...itemsOf(facts),
  }
}

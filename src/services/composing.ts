import { DAMPER_LIMITS, type DamperLimits } from '../domain/damper.ts'
import type { Delivery, Telling } from '../domain/delivery.ts'
import { describe } from '../domain/expectation.ts'
import type { Message, MessageIncident, MessageSubject, MessageVerdict } from '../domain/message.ts'
import type { FloodItem, MessageFacts } from '../domain/message-facts.ts'
import { messageOf } from '../domain/message-words.ts'
import type { Duration, Millis } from '../domain/time.ts'
import { reasonInWords, type Verdict } from '../domain/verdict.ts'
import type { RoutedSubject, Store } from '../store/store.ts'
import { failingOf } from './failing.ts'

/** Of a flood as many are read as a message lists. */
const MOST_LISTED = 100

type Asked = Pick<
  Store,
  | ('findExpectation' | 'findEvent' | 'findIncident' | 'openIncidents' | 'verdicts' | 'lastAffirmations' | 'changesSince')
  | ('findFlood' | 'floodMembers' | 'subjects' | 'findChannel' | 'deliveries')
>

async function subjectOf(store: Asked, routed: RoutedSubject | undefined): Promise<MessageSubject | null> {
  if (routed === undefined) return null
  const { expectation, event, key, env, tags, severity } = routed
  const [found, its] = await Promise.all([store.findExpectation(expectation), store.findEvent(event)])
  const sentence = found === null ? '' : describe(found.terms)
  return { expectation, event, key, env, tags, severity, sentence, description: its?.description ?? '' }
}

async function incidentOf(store: Asked, id: number | null): Promise<MessageIncident | null> {
  const found = id === null ? null : await store.findIncident(id)
  if (found === null) return null
  const { openedAt, closedAt, acknowledgedBy, note } = found
  return { id: found.id, openedAt, closedAt, acknowledgedBy, note }
}

const toMessageVerdict = (verdict: Verdict): MessageVerdict => ({
  due: verdict.due,
  verdict: verdict.verdict,
  reason: reasonInWords(verdict),
  observed: verdict.observed,
  atLeast: verdict.atLeast,
  atMost: verdict.atMost,
  window: verdict.window,
})

/** At the due it is about; a reported failure and a judged due may share it. */
async function verdictOf(store: Asked, { expectation, due, kind }: Delivery): Promise<MessageVerdict | null> {
  if (expectation === null || due === null) return null
  const { items } = await store.verdicts({ expectation, from: due, to: due + 1 }, { limit: 2, cursor: null })
  const wanted = kind === 'missed' || kind === 'flapping' ? 'missed' : 'met'
  const found = items.find(({ verdict }) => verdict === wanted) ?? items[0]
  return found === undefined ? null : toMessageVerdict(found)
}

async function manyOf(store: Asked, flood: number | null): Promise<MessageFacts['many']> {
  const found = flood === null ? null : await store.findFlood(flood)
  if (flood === null || found === null) return null
  const { items, count: misses, open } = await store.floodMembers(flood, MOST_LISTED)
  // What is missed, met and missed again while the flood goes on is in it twice.
  const members = new Map(items.map(({ expectation, isOpen }) => [expectation, isOpen]))
  const isOfExpectations = items.length >= misses
  const count = isOfExpectations ? members.size : misses
  const source = await sourceOf(store, [...members.keys()])
  return { count, isOfExpectations, open, since: found.beganAt, items: await itemsOf(store, members), source }
}

/** Who affirmed all of these last, where that is one. */
async function sourceOf(store: Asked, expectations: readonly number[]): Promise<string | null> {
  const last = await store.lastAffirmations(expectations)
  const [source, ...others] = new Set(expectations.map((id) => last.get(id)?.source ?? null))
  return others.length === 0 ? (source ?? null) : null
}

/** By the numbers of the expectations; those that are gone are left out. */
async function itemsOf(store: Asked, members: ReadonlyMap<number, boolean>): Promise<FloodItem[]> {
  const ids = [...members.keys()]
  const [subjects, incidents] = await Promise.all([store.subjects(ids), store.openIncidents(ids)])
  const since = new Map(incidents.map(({ expectation, openedAt }) => [expectation, openedAt]))
  return [...members].flatMap(([expectation, isOpen]) => {
    const subject = subjects.get(expectation)
    if (subject === undefined) return []
    const { event, env, severity } = subject
    return [{ event, env, severity, isOpen, since: since.get(expectation) ?? null }]
  })
}

/** How often an expectation that flaps had been missed and met again by the time that this was noticed. */
async function changesOf(
  store: Asked,
  { kind, expectation, createdAt }: Delivery,
  within: Duration,
): Promise<MessageFacts['changes']> {
  if (kind !== 'flapping' || expectation === null) return null
  const changes = (await store.changesSince([expectation], createdAt - within)).get(expectation) ?? []
  const times = changes.filter((at) => at <= createdAt).length
  return times === 0 ? null : { times, within }
}

/** What is told of one story has one thread; keys of events are random, so that two servers do not tell each other's. */
const threadOf = ({ incident, flood, key }: Delivery, subject: MessageSubject | null, many: MessageFacts['many']): string => {
  if (flood !== null) return `flood-${flood}-${many?.since ?? 0}`
  return incident === null ? `m-${key}` : `${subject?.key ?? 'gone'}-i${incident}`
}

export type Compose = (
  delivery: Delivery,
  known: { telling: Telling | null; subject: RoutedSubject | undefined; now: Millis },
) => Promise<Message>

/** `base`: the address of this server as people reach it; `timeZone`: told beside UTC. */
export type Surroundings = { base: string; timeZone: string; limits?: DamperLimits }

/** Reads all that a delivery tells. */
export const aComposing =
  (store: Asked, { base, timeZone, limits = DAMPER_LIMITS }: Surroundings): Compose =>
  async (delivery, { telling, subject: routed, now }) => {
    const ids = delivery.expectation === null ? [] : [delivery.expectation]
    const [subject, incident, verdict, last, many, changes, failing] = await Promise.all([
      subjectOf(store, routed),
      incidentOf(store, delivery.incident),
      verdictOf(store, delivery),
      store.lastAffirmations(ids),
      manyOf(store, delivery.flood),
      changesOf(store, delivery, limits.flapping.within),
      failingOf(store, routed?.event ?? delivery.about.event ?? null),
    ])
    const thread = telling?.thread ?? threadOf(delivery, subject, many)
    const seen = delivery.expectation === null ? null : (last.get(delivery.expectation) ?? null)
    return messageOf({
      ...{ delivery, now, base, timeZone, thread, telling },
      ...{ subject, incident, verdict, last: seen, many, changes, failing },
    })
  }

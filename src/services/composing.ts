import type { Delivery, Telling } from '../domain/delivery.ts'
import { describe } from '../domain/expectation.ts'
import type { Message, MessageIncident, MessageSubject, MessageVerdict } from '../domain/message.ts'
import { type MessageFacts, messageOf } from '../domain/message-words.ts'
import type { Millis } from '../domain/time.ts'
import { reasonInWords, type Verdict } from '../domain/verdict.ts'
import type { RoutedSubject, Store } from '../store/store.ts'

/** Of a flood as many are read as a message lists. */
const MOST_LISTED = 100

type Asked = Pick<
  Store,
  'findExpectation' | 'findEvent' | 'findIncident' | 'verdicts' | 'lastAffirmations' | 'findFlood' | 'floodMembers' | 'subjects'
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
  const { items, count, open } = await store.floodMembers(flood, MOST_LISTED)
  const subjects = await store.subjects(items.map(({ expectation }) => expectation))
  const named = items.flatMap(({ expectation, isOpen }) => {
    const subject = subjects.get(expectation)
    return subject === undefined ? [] : [{ event: subject.event, env: subject.env, isOpen }]
  })
  return { count, open, since: found.beganAt, items: named }
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

/** Reads all that a delivery tells. `base`: the address of this server as people reach it. */
export const aComposing =
  (store: Asked, base: string): Compose =>
  async (delivery, { telling, subject: routed, now }) => {
    const ids = delivery.expectation === null ? [] : [delivery.expectation]
    const [subject, incident, verdict, last, many] = await Promise.all([
      subjectOf(store, routed),
      incidentOf(store, delivery.incident),
      verdictOf(store, delivery),
      store.lastAffirmations(ids),
      manyOf(store, delivery.flood),
    ])
    const thread = telling?.thread ?? threadOf(delivery, subject, many)
    const seen = delivery.expectation === null ? null : (last.get(delivery.expectation) ?? null)
    return messageOf({ delivery, now, base, thread, subject, incident, verdict, telling, last: seen, many })
  }

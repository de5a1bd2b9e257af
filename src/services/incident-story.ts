import type { Affirmation } from '../domain/affirmation.ts'
import type { Event } from '../domain/event.ts'
import type { Incident } from '../domain/incident.ts'
import { whyNobody } from '../domain/nobody.ts'
import { type Happening, openingOf, timelineOf } from '../domain/timeline.ts'
import type { ToldDelivery } from '../domain/timeline-told.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { FoundIncident, NamedIncident, Store } from '../store/store.ts'
import { SHOWN_VERDICTS, type Shown, show } from './board.ts'

/** Verdicts read of one incident: of those between the first one and these nothing is told. */
const MOST_VERDICTS = 2_000
/** The last of its deliveries. */
const MOST_DELIVERIES = 500
/** So far back is counted how often it was met before. */
const MOST_BEFORE = 100
const ROWS_BEFORE = 3
const ROWS_INSIDE = 5
const ROWS_AFTER = 5

/** What was affirmed before, in and after the window of the verdict that opened it, each oldest first. */
export type Around = { before: Affirmation[]; inside: Affirmation[]; isMoreInside: boolean; after: Affirmation[] }
/** How it went before: met so many times in a row (`isMore`: at least), and the incident before this one. */
export type Before = { met: number; isMore: boolean; previous: NamedIncident | null }

/** One incident with all that its page tells. Without `shown` its expectation was deleted; without `opening` that verdict is not kept any more. */
export type Story = {
  incident: FoundIncident
  shown: Shown | null
  /** What its event says of itself. */
  description: string
  opening: Verdict | null
  happenings: Happening[]
  /** Why no channel is told of it while it is open; null where one is, or was. */
  nobody: string | null
  before: Before
  around: Around | null
}

type Read = { verdicts: Verdict[]; isMore: boolean }

/** From the one that opened it to the one that closed it, oldest first; the newest of them and the first where they are very many. */
async function verdictsOf(store: Store, { expectation, openedDue, closedAt }: Incident): Promise<Read> {
  const end = closedAt === null ? {} : { to: closedAt + 1 }
  const { items, next } = await store.verdicts({ expectation, from: openedDue, ...end }, { limit: MOST_VERDICTS, cursor: null })
  const verdicts = items.toReversed()
  if (next === null) return { verdicts, isMore: false }
  const first = await store.verdicts({ expectation, from: openedDue, to: openedDue + 1 }, { limit: 2, cursor: null })
  return { verdicts: [...first.items, ...verdicts.filter(({ due }) => due > openedDue)], isMore: true }
}

async function beforeOf(store: Store, { id, expectation, openedDue }: Incident): Promise<Before> {
  const [{ items }, previous] = await Promise.all([
    store.verdicts({ expectation, to: openedDue }, { limit: MOST_BEFORE, cursor: null }),
    store.incidents({ expectation, before: id }, { limit: 1, cursor: null }),
  ])
  const firstOther = items.findIndex(({ verdict }) => verdict !== 'met')
  const met = firstOther < 0 ? items.length : firstOther
  return { met, isMore: met === MOST_BEFORE, previous: previous.items[0] ?? null }
}

async function aroundOf(
  store: Store,
  event: Event | null,
  { env }: FoundIncident,
  opening: Verdict | null,
): Promise<Around | null> {
  if (event === null || env === null || opening === null) return null
  const { from, to } = opening.window
  const [before, inside, after] = await Promise.all([
    store.affirmations(event, { env, to: from }, { limit: ROWS_BEFORE, cursor: null }),
    // A reported failure has no window but its own instant.
    store.affirmationsUpwards(event, { env, from, to: Math.max(to, from + 1) }, { limit: ROWS_INSIDE, cursor: null }),
    store.affirmationsUpwards(event, { env, from: Math.max(to, from + 1) }, { limit: ROWS_AFTER, cursor: null }),
  ])
  return { before: before.items.toReversed(), inside: inside.items, isMoreInside: inside.next !== null, after: after.items }
}

/** The strip of a closed one ends where it ended. */
async function shownOf(
  store: Store,
  { expectation, event, closedDue, openedDue, closedAt }: FoundIncident,
): Promise<Shown | null> {
  if (event === null) return null
  const [shown] = await show(store, [{ id: expectation, eventTags: [] }])
  if (shown === undefined) return null
  if (closedAt === null) return shown
  const to = Math.max(closedDue ?? openedDue, openedDue) + 1
  const { items } = await store.verdicts({ expectation, to }, { limit: SHOWN_VERDICTS, cursor: null })
  return { ...shown, verdicts: items.toReversed() }
}

/** The last of them, oldest first. */
const deliveriesOf = async (store: Store, { id }: Incident): Promise<ToldDelivery[]> =>
  (await store.deliveries({ incident: id }, { limit: MOST_DELIVERIES, cursor: null })).items.toReversed()

async function whyNobodyIsTold(store: Store, { expectation }: Incident): Promise<string | null> {
  const [subjects, channels] = await Promise.all([store.subjects([expectation]), store.channels()])
  const subject = subjects.get(expectation)
  return subject === undefined ? null : whyNobody(channels, subject)
}

/** Everything that is told of one incident, in a handful of queries however long it lasted. */
export async function readStory(store: Store, incident: FoundIncident): Promise<Story> {
  const [{ verdicts, isMore }, steps, deliveries, before, shown, event] = await Promise.all([
    verdictsOf(store, incident),
    store.incidentSteps(incident),
    deliveriesOf(store, incident),
    beforeOf(store, incident),
    shownOf(store, incident),
    incident.event === null ? null : store.findEvent(incident.event),
  ])
  const opening = openingOf(incident, verdicts)
  return {
    incident,
    shown,
    description: event?.description ?? '',
    opening,
    happenings: timelineOf({ incident, verdicts, isMore, steps, deliveries }),
    nobody: incident.closedAt === null && deliveries.length === 0 ? await whyNobodyIsTold(store, incident) : null,
    before,
    around: await aroundOf(store, event, incident, opening),
  }
}

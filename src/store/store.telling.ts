import type { Channel, ChannelSettings } from '../domain/channel.ts'
import type { About, Delivery, DeliveryState, Flood, Telling } from '../domain/delivery.ts'
import type { MessageKind } from '../domain/message.ts'
import type { Subject } from '../domain/routing.ts'
import type { Duration, Millis } from '../domain/time.ts'
import type { Stamp } from './store.people.ts'
import type { Page, Paged } from './store.ts'

export type ChannelDraft = Omit<Channel, 'id' | 'createdAt'>
/** As much of its settings as people may see: for the audit log, which never holds a secret. */
export type Shown = (channel: Pick<Channel, 'kind' | 'settings'>) => ChannelSettings
/** `failingSince`: nothing has arrived there since, in `failures` tries. */
export type KnownChannel = Channel & { failingSince: Millis | null; failures: number }
/** Its name by now and that of its event, where they are known. */
export type NamedDelivery = Delivery & { channelName: string; channelKind: Channel['kind'] }
export type DeliveryFilter = {
  channel?: number
  incident?: number
  flood?: number
  state?: DeliveryState
  kind?: MessageKind
  from?: Millis
  to?: Millis
}
/** A delivery that is not about a change of an incident. */
export type NewDelivery = Pick<Delivery, 'channel' | 'kind' | 'about'> &
  Partial<Pick<Delivery, 'expectation' | 'incident' | 'flood' | 'due'>>
/** An expectation with all that decides who is told of it. */
export type RoutedSubject = Subject & { expectation: number; key: string }
/** One miss that a channel is owed. */
export type Miss = { delivery: number; expectation: number; at: Millis }
/** Due instants of an expectation that nobody could judge. */
export type Unjudged = {
  id: number
  expectation: number
  firstDue: Millis
  lastDue: Millis
  times: number
  blind: Duration
  notedAt: Millis
  toldAt: Millis | null
  settledAs: string | null
}
export type OutboxState = { waiting: number; oldest: Millis | null }

/** What a try came to; `telling`: what the channel knows of the expectation from now on (null: nothing any more; absent: as it was). */
export type Settlement =
  | { state: 'sent'; said: string; telling?: Telling | null }
  | { state: 'withheld'; reason: string; heldBy?: Delivery['heldBy']; telling?: null; then?: NewDelivery }
  | { state: 'failed'; reason: string; said: string; telling?: Telling | null }
  | { state: 'waiting'; nextAt: Millis; said: string }

/**
 * What is asked of the database about telling people. Deliveries about a change of an incident are written in the transaction that makes
 * the change (see `concludeOwed` and `settleNews`). Every settlement is guarded by the try that it belongs to: of two nodes one wins.
 */
export interface TellingStore {
  /** Those that are there, by id. */
  channels(): Promise<KnownChannel[]>
  findChannel(id: number): Promise<KnownChannel | null>
  createChannel(draft: ChannelDraft, stamp: Stamp, shown: Shown): Promise<Channel | 'name-taken' | 'too-many'>
  /** Null when it is gone. What waits for one that is switched off is withheld. */
  changeChannel(id: number, to: ChannelDraft, stamp: Stamp, shown: Shown): Promise<Channel | 'name-taken' | null>
  /** What waits for it is withheld, what it was told is forgotten. False when it was gone. */
  deleteChannel(id: number, stamp: Stamp, shown: Shown): Promise<boolean>

  /** Newest first. */
  deliveries(filter: DeliveryFilter, page: Page): Promise<Paged<NamedDelivery>>
  findDelivery(id: number): Promise<NamedDelivery | null>
  /** To be tried from `nextAt` on, which is `at` unless it is said. */
  addDelivery(delivery: NewDelivery, at: Millis, nextAt?: Millis): Promise<Delivery>
  /**
   * Up to `limit` that are to be tried by `now`, the oldest first, each in nobody else's hands until `until`. Of one channel and expectation
   * only the first one that waits; none of the channels in `but`. On SQLite
   * nothing waits for the lease of a process that has ended.
   */
  claimDeliveries(now: Millis, until: Millis, limit: number, but: readonly number[]): Promise<Delivery[]>
  /** False when it is not this try's any more. */
  settleDelivery(
    delivery: Pick<Delivery, 'id' | 'attempts' | 'channel' | 'expectation'>,
    to: Settlement,
    at: Millis,
  ): Promise<boolean>
  /** The same of many that are withheld for one reason; `forget`: the channel knows nothing of their expectations any more. Those of ours that were. */
  withholdDeliveries(
    deliveries: readonly Delivery[],
    to: { reason: string; heldBy?: Delivery['heldBy']; forget?: true },
    at: Millis,
  ): Promise<Delivery[]>
  /** Back into the line, to be tried from `nextAt` on: they were not tried after all. */
  releaseDeliveries(deliveries: readonly Pick<Delivery, 'id' | 'attempts'>[], nextAt: Millis): Promise<void>
  /** It is about to be sent: should we end before the answer is noted, it may be there. False when it is not this try's any more. */
  noteSending(delivery: Pick<Delivery, 'id' | 'attempts'>): Promise<boolean>
  /** So many pieces of it are there; it stays in our hands until then. */
  noteParts(delivery: Pick<Delivery, 'id' | 'attempts'>, parts: number, until: Millis): Promise<void>
  /** Nothing of the channel is tried before then. */
  restChannel(channel: number, until: Millis): Promise<void>
  outboxState(): Promise<OutboxState>
  /** One small step: deletes up to `limit` of what ended before then. False when nothing is left. */
  clearTold(before: Millis, limit: number): Promise<boolean>

  /** Who decides about these expectations; those that are gone are left out. */
  subjects(expectations: readonly number[]): Promise<Map<number, RoutedSubject>>
  tellingsOf(pairs: readonly { channel: number; expectation: number }[]): Promise<Telling[]>
  /** When incidents of each were opened and closed since then, oldest first. */
  changesSince(expectations: readonly number[], since: Millis): Promise<Map<number, Millis[]>>
  /** What the channel was, or is to be, told is missed, by when it was written; not what a maintenance holds. */
  missesSince(channel: number, since: Millis): Promise<Miss[]>
  /** These deliveries are told by one message: the flood that goes on, or a new one. Those that are not this try's any more stay out. */
  joinFlood(channel: number, deliveries: readonly Delivery[], at: Millis): Promise<void>
  /** Of those that go on, the ones without a miss since `quiet` are over; of those that are over, the ones in which nothing is open have ended. One message each. */
  settleFloods(quiet: Millis, at: Millis): Promise<void>
  floodMembers(
    flood: number,
    limit: number,
  ): Promise<{ items: { expectation: number; isOpen: boolean }[]; count: number; open: number }>
  findFlood(id: number): Promise<Flood | null>
  /** What dampers withhold, after `after`, by id. */
  heldDeliveries(after: number, limit: number): Promise<Delivery[]>
  /** The damper has lifted: with `again`, what is still open is owed once more. False when somebody else was first. */
  liftDelivery(delivery: Delivery, again: About | null, at: Millis): Promise<boolean>
  /** What channels know to be flapping and has not changed since `steady`: it is told what it came to. */
  settleFlapping(steady: Millis, at: Millis): Promise<void>
  /** Told, to be reminded of by then. */
  dueReminders(now: Millis, limit: number): Promise<Telling[]>
  /** Moves it on, and with `isOwed` writes the reminder. False when somebody else was first. */
  remind(telling: Telling, next: Millis | null, isOwed: boolean, at: Millis): Promise<boolean>
  /** Ends for what is told and has no open incident any more, however that came: one step. Resolves to how many. */
  settleOrphans(at: Millis, limit: number): Promise<number>
  /** Each channel is owed what is open and what it should know and does not, however that came. */
  oweWhatIsOpen(at: Millis): Promise<void>
  /** What nobody could judge and nobody was told of, and what late news said since of what was told. */
  unjudged(): Promise<{ untold: Unjudged[]; settled: Unjudged[]; lastToldAt: Millis | null }>
  /** One message a channel about the first, `blind` from and to (null: not known), and one about the second. Resolves to how many deliveries. */
  tellUnjudged(
    rows: { untold: readonly Unjudged[]; settled: readonly Unjudged[] },
    blind: About['blind'] | null,
    at: Millis,
  ): Promise<number>
}

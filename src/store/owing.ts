import { randomUUID } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { When } from '../domain/channel.ts'
import { toldOf } from '../domain/routing.ts'
import { failingChannelOf } from '../domain/self.ts'
import type { Duration, Millis } from '../domain/time.ts'
import { livingChannels } from './channel-rows.ts'
import type { Db } from './engine.ts'
import type { KnownChannel, NewDelivery, RoutedSubject } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'
import type { Tables } from './tables.ts'

/** A change that people may be told of. */
export type Happening = { kind: 'missed' | 'recovered' | 'met'; expectation: number; incident: number | null; due: Millis | null }

/** Rows written in one statement. */
const AT_ONCE = 500

/** The row of a new delivery, to be sent from `nextAt` on. */
export const newRow = (
  { channel, kind, about, expectation, incident, flood, due }: NewDelivery,
  at: Millis,
  nextAt: Millis = at,
) => ({
  key: randomUUID(),
  channelId: channel,
  kind,
  about: JSON.stringify(about),
  expectationId: expectation ?? null,
  incidentId: incident ?? null,
  floodId: flood ?? null,
  due: due ?? null,
  createdAt: at,
  state: 'waiting',
  nextAt,
})

/** What comes in one go is told in one go: so long a miss waits for others. */
const GATHERING: Duration = 3_000

/** Owes them, in the transaction of what they tell. */
export async function addDeliveries(db: Db, { deliveries: d }: Tables, added: readonly NewDelivery[], at: Millis): Promise<void> {
  const rows = added.map((one) => newRow(one, at, one.kind === 'missed' ? at + GATHERING : at))
  for (let i = 0; i < rows.length; i += AT_ONCE) await db.insert(d).values(rows.slice(i, i + AT_ONCE))
}

/** A channel's own failing is told on all others, whatever they are for. */
export function toldIn(channels: readonly KnownChannel[], subject: RoutedSubject, when: When): readonly { id: number }[] {
  const failing = failingChannelOf(subject.event)
  if (failing === null) return toldOf(channels, subject, when)
  return channels.filter((one) => one.isEnabled && one.id !== failing && when !== 'met' && one.when.includes('missed'))
}

/** Who was, or is to be, told that these incidents are open: by expectation. */
async function knowing(db: Db, t: Tables, recovered: readonly Happening[]): Promise<Map<number, Set<number>>> {
  const { tellings: g, deliveries: d } = t
  const expectations = recovered.map(({ expectation }) => expectation)
  const incidents = recovered.flatMap(({ incident }) => (incident === null ? [] : [incident]))
  const known = await db
    .select({ channel: g.channelId, expectation: g.expectationId })
    .from(g)
    .where(inArray(g.expectationId, expectations))
  const owed = await db
    .select({ channel: d.channelId, expectation: d.expectationId })
    .from(d)
    .where(and(inArray(d.incidentId, incidents), eq(d.kind, 'missed')))
  const by = new Map<number, Set<number>>()
  for (const { channel, expectation } of [...known, ...owed])
    if (expectation !== null) by.set(expectation, (by.get(expectation) ?? new Set()).add(channel))
  return by
}

/**
 * Owes each channel what it is to be told, in the transaction of the verdicts (rule 11). The end of an incident is owed to whoever was owed its
 * beginning: what became of that is known when it is sent. `mets` is asked only where somebody hears of every met verdict.
 */
export async function owe(
  db: Db,
  t: Tables,
  changes: readonly Happening[],
  at: Millis,
  mets: () => readonly Happening[] = () => [],
): Promise<void> {
  const channels = await livingChannels(db, t)
  if (channels.length === 0) return
  const wanted = channels.some(({ when }) => when.includes('met')) ? [...changes, ...mets()] : changes
  if (wanted.length === 0) return
  const subjects = await subjectsIn(
    db,
    t,
    wanted.map(({ expectation }) => expectation),
  )
  const recovered = wanted.filter(({ kind }) => kind === 'recovered')
  const knows = recovered.length === 0 ? new Map<number, Set<number>>() : await knowing(db, t, recovered)
  const owed = wanted.flatMap(({ kind, expectation, incident, due }): NewDelivery[] => {
    const subject = subjects.get(expectation)
    if (subject === undefined) return []
    const to =
      kind === 'recovered' ? channels.filter(({ id }) => knows.get(expectation)?.has(id)) : toldIn(channels, subject, kind)
    const about = { event: subject.event, env: subject.env }
    return to.map(({ id }) => ({ channel: id, kind, about, expectation, incident, due }))
  })
  await addDeliveries(db, t, owed, at)
}

import { and, isNull, sql } from 'drizzle-orm'
import { toldOf } from '../domain/routing.ts'
import type { Millis } from '../domain/time.ts'
import { livingChannels } from './channel-rows.ts'
import type { Db } from './engine.ts'
import { addDeliveries } from './owing.ts'
import type { NewDelivery } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'
import type { Tables } from './tables.ts'

const WHY = 'missed while this channel was switched off'

/** A channel is switched on again: it is owed what is open, is for it, and what it does not know. */
export async function oweWhatIsOpen(db: Db, t: Tables, channel: number, at: Millis): Promise<void> {
  const { incidents: i } = t
  const knows = sql`exists (select 1 from tellings g where g.channel_id = ${channel} and g.expectation_id = ${i.expectationId})`
  // What it refused, and what a damper withholds for it, is not owed once more.
  const isOwed = sql`exists (select 1 from deliveries o where o.incident_id = ${i.id} and o.channel_id = ${channel}
    and o.kind = 'missed' and (o.state in ('waiting', 'failed') or o.held_by is not null))`
  const open = await db
    .select({ expectation: i.expectationId, incident: i.id, due: i.openedDue })
    .from(i)
    .where(and(isNull(i.closedAt), sql`not ${knows}`, sql`not ${isOwed}`))
  const expectations = open.map(({ expectation }) => expectation)
  const [channels, subjects] = [await livingChannels(db, t), await subjectsIn(db, t, expectations)]
  const owed = open.flatMap(({ expectation, incident, due }): NewDelivery[] => {
    const subject = subjects.get(expectation)
    if (subject === undefined || !toldOf(channels, subject, 'missed').some(({ id }) => id === channel)) return []
    const about = { event: subject.event, env: subject.env, why: WHY }
    return [{ channel, kind: 'missed', about, expectation, incident, due }]
  })
  await addDeliveries(db, t, owed, at)
}

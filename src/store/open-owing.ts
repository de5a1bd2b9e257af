import { and, isNull, sql } from 'drizzle-orm'
import { type Duration, HOUR, type Millis } from '../domain/time.ts'
import { livingChannels } from './channel-rows.ts'
import type { Db } from './engine.ts'
import { addDeliveries, toldIn } from './owing.ts'
import type { NewDelivery } from './store.telling.ts'
import { subjectsIn } from './subjects.ts'
import type { Tables } from './tables.ts'

const WHY = 'still open, and not told here before'
/** What was refused, or given up, is told again after so long. */
const AFTER_FAILURE: Duration = HOUR

/**
 * A channel is owed what is open, is for it, and what it does not know: it was switched off or not there yet, or it refused the message or was away
 * for too long. Not what somebody has already, nor what is paused.
 */
export async function oweWhatIsOpen(db: Db, t: Tables, channel: number, at: Millis): Promise<void> {
  const { incidents: i } = t
  const knows = sql`exists (select 1 from tellings g where g.channel_id = ${channel} and g.expectation_id = ${i.expectationId})`
  const isWaiting = sql`exists (select 1 from deliveries w where w.state = 'waiting' and w.channel_id = ${channel} and w.expectation_id = ${i.expectationId})`
  const isSettled = sql`exists (select 1 from deliveries o where o.incident_id = ${i.id} and o.channel_id = ${channel} and o.kind = 'missed'
    and (o.state = 'sent' or o.held_by is not null or (o.state = 'failed' and o.settled_at > ${at - AFTER_FAILURE})
      or o.flood_id in (select m.flood_id from deliveries m where m.flood_id = o.flood_id and m.kind in ('flood', 'flood-over') and m.state = 'failed'
        and m.settled_at > ${at - AFTER_FAILURE})))`
  const isPaused = sql`exists (select 1 from expectations y where y.id = ${i.expectationId} and y.paused_at is not null)`
  const open = await db
    .select({ expectation: i.expectationId, incident: i.id, due: i.openedDue })
    .from(i)
    .where(
      and(
        sql`closed_at is null`,
        isNull(i.acknowledgedAt),
        sql`not ${knows}`,
        sql`not ${isWaiting}`,
        sql`not ${isSettled}`,
        sql`not ${isPaused}`,
      ),
    )
  if (open.length === 0) return
  const expectations = open.map(({ expectation }) => expectation)
  const [channels, subjects] = [await livingChannels(db, t), await subjectsIn(db, t, expectations)]
  const owed = open.flatMap(({ expectation, incident, due }): NewDelivery[] => {
    const subject = subjects.get(expectation)
    if (subject === undefined || !toldIn(channels, subject, 'missed').some(({ id }) => id === channel)) return []
    const about = { event: subject.event, env: subject.env, why: WHY }
    return [{ channel, kind: 'missed', about, expectation, incident, due }]
  })
  await addDeliveries(db, t, owed, at)
}

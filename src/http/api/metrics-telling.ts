import { silentSince } from '../../domain/self.ts'
import { inTime } from '../../services/patience.ts'
import type { Services } from '../services.ts'
import { by, type Metric, one } from './metric.ts'

/** How this node told people, and somebody outside that it works. */
export function ofTelling({ settings, vitals }: Services): Metric[] {
  return [
    {
      name: 'affirmative_deliveries_total',
      type: 'counter',
      help: 'Tries of deliveries by this node, by what they came to: sent, withheld, failed (for good), again (it is tried later).',
      samples: vitals.deliveries().map(({ name: channel, kind, outcome, count }) => [{ channel, kind, outcome }, count]),
    },
    {
      name: 'affirmative_pings_total',
      type: 'counter',
      help: 'How often this node told AFFIRMATIVE_PING_URL that it works: sent, or failed.',
      samples: settings.pingsTo === null ? [] : by('outcome', vitals.pings),
    },
  ]
}

/** What all nodes have yet to tell. Left out when the database cannot be asked. */
export async function ofTheOutbox({ store, clock }: Services): Promise<Metric[]> {
  const [outbox, channels] = await Promise.all([inTime(clock, store.outboxState()), inTime(clock, store.channels())])
  const oldest = outbox?.oldest ?? null
  return [
    {
      name: 'affirmative_outbox_waiting',
      type: 'gauge',
      help: 'Deliveries that wait to be sent, of all nodes.',
      samples: one(outbox?.waiting ?? null),
    },
    {
      name: 'affirmative_outbox_oldest_seconds',
      type: 'gauge',
      help: 'How long the oldest of them waits; 0 when none does.',
      samples: outbox === null ? [] : one(oldest === null ? 0 : Math.max(0, clock.now() - oldest) / 1_000),
    },
    {
      name: 'affirmative_channels_failing',
      type: 'gauge',
      help: 'Channels that are switched on and at which the last try failed.',
      samples: one(channels?.filter((channel) => silentSince(channel) !== null).length ?? null),
    },
  ]
}

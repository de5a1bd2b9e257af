import { Hono } from 'hono'
import type { TellingFacts } from '../../../views/models.about.ts'
import { AboutPage } from '../../../views/pages/about.tsx'
import { silentSince } from '../../domain/self.ts'
import { countKinds } from '../../services/board.ts'
import { NOTICEABLE } from '../../services/clocks.ts'
import { STILL_LISTENING } from '../../services/listen.ts'
import { inTime } from '../../services/patience.ts'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

/** What only the database knows; each null when it cannot be asked. */
async function ofTheDatabase({ clock, store }: Services) {
  const [nodes, database, kinds, census] = await Promise.all([
    inTime(clock, store.nodes(clock.now() - STILL_LISTENING)),
    inTime(clock, store.server()),
    inTime(clock, store.kinds()),
    inTime(clock, store.census()),
  ])
  const expectations = kinds?.reduce((sum, { count }) => sum + count, 0)
  const counts = census === null || expectations === undefined ? null : { ...census, expectations }
  return { nodes, database, counts, states: kinds === null ? null : countKinds(kinds) }
}

async function telling({ clock, settings, store, vitals }: Services): Promise<TellingFacts> {
  const [outbox, channels] = await Promise.all([inTime(clock, store.outboxState()), inTime(clock, store.channels())])
  const failing = channels?.filter((channel) => silentSince(channel) !== null).map(({ name }) => name) ?? []
  const tries = { sent: 0, withheld: 0, failed: 0, again: 0 }
  for (const { outcome, count } of vitals.deliveries()) tries[outcome] += count
  return {
    outbox,
    channels: channels === null ? null : { count: channels.length, failing },
    tries,
    ping: settings.pingsTo === null ? null : { to: settings.pingsTo, last: vitals.lastPing },
  }
}

/** `GET /about`: answered though the database cannot be asked. */
export const aboutRoutes = (services: Services): Hono =>
  new Hono().get('/about', async (c) => {
    const { clock, clockOffset, health, settings, store, vitals } = services
    const [{ nodes, database, counts, states }, told] = await Promise.all([ofTheDatabase(services), telling(services)])
    const { node, startedAt, retention } = settings
    const offset = clockOffset()
    return c.html(
      AboutPage({
        page: {
          ...{ node, nodes, database, counts, startedAt, retention },
          frame: await frameOf(c, services, states),
          store: store.engine,
          troubles: health.troubles(clock.now()),
          clockOffset: offset,
          isClockOff: Math.abs(offset) > NOTICEABLE,
          clearedAt: vitals.clearedAt,
          telling: told,
        },
      }),
    )
  })

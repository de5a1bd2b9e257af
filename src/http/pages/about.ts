import { Hono } from 'hono'
import { AboutPage } from '../../../views/pages/about.tsx'
import { NOTICEABLE } from '../../services/clocks.ts'
import { STILL_LISTENING } from '../../services/listen.ts'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null)

/** `GET /about`: answered though the database cannot be asked. */
export const aboutRoutes = (services: Services): Hono =>
  new Hono().get('/about', async (c) => {
    const { clock, clockOffset, health, settings, store } = services
    const now = clock.now()
    const [frame, nodes, database] = await Promise.all([
      frameOf(c, services),
      orNull(store.nodes(now - STILL_LISTENING)),
      orNull(store.server()),
    ])
    const { node, startedAt, retention } = settings
    const offset = clockOffset()
    return c.html(
      AboutPage({
        page: {
          ...{ frame, node, nodes, database, startedAt, retention },
          store: store.engine,
          troubles: health.troubles(now),
          clockOffset: offset,
          isClockOff: Math.abs(offset) > NOTICEABLE,
        },
      }),
    )
  })

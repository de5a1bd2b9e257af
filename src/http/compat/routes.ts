import { Hono } from 'hono'
import type { Bindings } from '../peer.ts'
import type { Services } from '../services.ts'
import { configRoutes } from './config.ts'
import { historyRoutes } from './history.ts'
import { rawEventsRoutes } from './raw-events.ts'
import { storingRoutes } from './storing.ts'

/** The URLs of the system that this one follows, for its clients and whatever reads its answers. */
export const originalRoutes = (services: Services): Hono<{ Bindings: Bindings }> =>
  new Hono<{ Bindings: Bindings }>()
    .route('/', storingRoutes(services))
    .route('/', rawEventsRoutes(services))
    .route('/', configRoutes(services))
    .route('/', historyRoutes(services))

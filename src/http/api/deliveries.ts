import { Hono } from 'hono'
import { findDelivery } from '../../services/deliveries.ts'
import type { DeliveryFilter } from '../../store/store.ts'
import { idOf, readQuery } from '../query.ts'
import { deliveriesQuery } from '../schema/channel.ts'
import type { Services } from '../services.ts'
import { deliveryShape } from './channel-shapes.ts'
import { listShape } from './shapes.ts'

/** `GET /api/v1/deliveries`, newest first, and one of them. */
export function deliveriesRoutes({ store }: Services): Hono {
  const app = new Hono()

  app.get('/deliveries', async (c) => {
    const { limit, cursor = null, ...filter } = readQuery(c, deliveriesQuery)
    return c.json(listShape(await store.deliveries(filter as DeliveryFilter, { limit, cursor }), deliveryShape))
  })

  app.get('/deliveries/:id', async (c) => c.json(deliveryShape(await findDelivery(store, idOf(c, 'delivery')))))

  return app
}

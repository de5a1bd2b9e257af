import { type Context, Hono } from 'hono'
import type { DeliveriesPage as Page } from '../../../views/models.channels.ts'
import { DeliveriesPage } from '../../../views/pages/deliveries.tsx'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { MessageKind } from '../../domain/message.ts'
import { readQuery } from '../query.ts'
import { deliveriesPageQuery } from '../schema/channel.ts'
import type { Services } from '../services.ts'
import { deliveryView } from './channel-views.ts'
import { frameOf } from './frame.ts'

const ROWS_A_PAGE = 50

async function pageOf(c: Context, services: Services): Promise<Page> {
  const { store, channels } = services
  const { cursor, channel, state, kind, flood } = readQuery(c, deliveriesPageQuery)
  const filter = {
    ...(channel === '' ? {} : { channel: Number(channel) }),
    ...(state === '' ? {} : { state: state as DeliveryState }),
    ...(kind === '' ? {} : { kind: kind as MessageKind }),
    ...(flood === '' ? {} : { flood: Number(flood), kind: 'flood' as const }),
  }
  const { items, next } = await store.deliveries(filter, { limit: ROWS_A_PAGE, cursor: cursor || null })
  return {
    frame: await frameOf(c, services),
    filter: { channel, state, kind, flood },
    channels: (await channels.all()).map(({ id, name }) => ({ id, name })),
    items: items.map(deliveryView),
    cursor: cursor || null,
    next,
  }
}

/** `GET /deliveries`. */
export const deliveriesPageRoutes = (services: Services): Hono =>
  new Hono().get('/deliveries', async (c) => c.html(DeliveriesPage({ page: await pageOf(c, services) })))

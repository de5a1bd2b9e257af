import { type Context, Hono } from 'hono'
import { channelPath, withQuery } from '../../../views/addresses.ts'
import type { ChannelForm, ChannelsPage as Page } from '../../../views/models.channels.ts'
import { NewChannelPage } from '../../../views/pages/channel-new.tsx'
import { ChannelsPage } from '../../../views/pages/channels.tsx'
import { CHANNEL_KINDS, type ChannelKind } from '../../domain/channel.ts'
import { authorIn } from '../access.ts'
import { readChannel } from '../api/channels.ts'
import type { Services } from '../services.ts'
import { blankValues, brokenPairs, inputOf, refused, typedValues } from './channel-input.ts'
import { channelView, deliveryView, formView } from './channel-views.ts'
import { attempt, readForm } from './form.ts'
import { frameOf } from './frame.ts'

async function pageOf(c: Context, services: Services): Promise<Page> {
  const { channels, store } = services
  const all = await channels.all()
  const items = all.map(async (channel) => {
    const [last] = (await store.deliveries({ channel: channel.id }, { limit: 1, cursor: null })).items
    return { channel: channelView(channels, channel), last: last === undefined ? null : deliveryView(last) }
  })
  return { frame: await frameOf(c, services), items: await Promise.all(items) }
}

/** `GET /channels`, `GET /channels/new`, and making one. */
export function channelsPageRoutes(services: Services): Hono {
  const { channels, clock, changes } = services
  const app = new Hono()
  const kinds = CHANNEL_KINDS.flatMap((kind) => {
    const label = channels.kinds[kind]?.label
    return label === undefined ? [] : [{ kind, label }]
  })
  const chosenIn = (said: string | undefined): ChannelKind | null => kinds.find(({ kind }) => kind === said)?.kind ?? null

  const newPage = async (c: Context, kind: ChannelKind | null, form: ChannelForm, status: 200 | 422 = 200) => {
    const chosen = kind === null ? null : formView(channels, kind, null, form)
    return c.html(NewChannelPage({ page: { frame: await frameOf(c, services), kinds, chosen } }), status)
  }
  const blank = () => ({ values: blankValues(), errors: {} })

  app.get('/channels', async (c) => c.html(ChannelsPage({ page: await pageOf(c, services) })))

  app.get('/channels/new', (c) => newPage(c, chosenIn(c.req.query('kind')), blank()))

  app.post('/channels', async (c) => {
    const posted = await readForm(c)
    const kind = chosenIn(posted('kind'))
    if (kind === null) return newPage(c, null, blank(), 422)
    const fields = channels.kinds[kind]?.fields ?? []
    const values = typedValues(posted, fields)
    const tried = await attempt(async () => {
      const draft = readChannel({ ...inputOf(values, fields, {}), kind }, channels, brokenPairs(values, fields))
      return channels.make(draft, authorIn(c, services), clock.now())
    })
    if ('errors' in tried) return newPage(c, kind, refused(values, fields, tried.errors), 422)
    changes.tell()
    return c.redirect(withQuery(channelPath(tried.result.id), { done: 'saved' }), 303)
  })

  return app
}

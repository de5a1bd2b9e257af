import { type Context, Hono } from 'hono'
import { channelPath, withQuery } from '../../../views/addresses.ts'
import type { ChannelForm, ChannelPage as Page } from '../../../views/models.channels.ts'
import { ChannelPage } from '../../../views/pages/channel.tsx'
import { may } from '../../domain/access.ts'
import { invalid } from '../../domain/fault.ts'
import type { KnownChannel, NamedDelivery } from '../../store/store.ts'
import { actorIn, authorIn } from '../access.ts'
import { readChannel } from '../api/channels.ts'
import { idOf } from '../query.ts'
import type { Services } from '../services.ts'
import { brokenPairs, inputOf, refused, typedValues, valuesOf } from './channel-input.ts'
import { channelView, deliveryView, formView, warningsOf } from './channel-views.ts'
import { attempt, mistaken, readForm } from './form.ts'
import { baseUrlOf, frameOf } from './frame.ts'

const ROWS = 20
type Some = { form?: ChannelForm; remove?: Page['remove']; mistake?: string | null }

/** The test that was just sent, by its number in the address. */
async function testedOf(c: Context, { store }: Services, { id }: KnownChannel): Promise<NamedDelivery | null> {
  const said = c.req.query('tested') ?? ''
  const found = /^\d{1,15}$/.test(said) ? await store.findDelivery(Number(said)) : null
  return found?.channel === id && found.kind === 'test' ? found : null
}

async function pageOf(c: Context, services: Services, channel: KnownChannel, some: Some): Promise<Page> {
  const { channels, store } = services
  const fields = channels.kinds[channel.kind]?.fields ?? []
  const form = some.form ?? { values: valuesOf(channel, fields), errors: {} }
  const { items, next } = await store.deliveries({ channel: channel.id }, { limit: ROWS, cursor: null })
  const tested = await testedOf(c, services, channel)
  const mayChange = may(actorIn(c), 'admin')
  return {
    frame: await frameOf(c, services),
    channel: channelView(channels, channel),
    edit: mayChange ? formView(channels, channel.kind, channel, form) : null,
    warnings: mayChange ? warningsOf(channels, channel) : [],
    remove: some.remove ?? { values: { confirm: '' }, errors: {} },
    mistake: some.mistake ?? null,
    tested: tested === null ? null : deliveryView(tested),
    deliveries: items.map(deliveryView),
    isMore: next !== null,
  }
}

/** `GET /channels/:id`, and what its forms do. */
export function channelPageRoutes(services: Services): Hono {
  const { channels, testing, clock, changes } = services
  const app = new Hono()
  const channelOf = (c: Context) => channels.find(idOf(c, 'channel'))
  const show = async (c: Context, channel: KnownChannel, some: Some = {}, status: 200 | 422 = 200) =>
    c.html(ChannelPage({ page: await pageOf(c, services, channel, some) }), status)
  const goTo = (c: Context, path: string, said: Record<string, string | number>) => {
    changes.tell()
    return c.redirect(withQuery(path, said), 303)
  }

  app.get('/channels/:id', async (c) => show(c, await channelOf(c)))

  app.post('/channels/:id', async (c) => {
    const old = await channelOf(c)
    const fields = channels.kinds[old.kind]?.fields ?? []
    const values = typedValues(await readForm(c), fields)
    const tried = await attempt(async () => {
      const input = { ...inputOf(values, fields, channels.shown(old)), kind: old.kind, enabled: old.isEnabled }
      const draft = readChannel(input, channels, brokenPairs(values, fields))
      return channels.change(old, draft, authorIn(c, services), clock.now())
    })
    if ('errors' in tried) return show(c, old, { form: refused(values, fields, tried.errors) }, 422)
    return goTo(c, channelPath(old.id), { done: 'saved' })
  })

  app.post('/channels/:id/switch', async (c) => {
    const old = await channelOf(c)
    const to = (await readForm(c))('to')
    if (to !== 'on' && to !== 'off')
      return show(c, old, { mistake: 'Nothing was changed: say whether it is to be on or off.' }, 422)
    await channels.turn(old, to === 'on', authorIn(c, services), clock.now())
    return goTo(c, channelPath(old.id), {})
  })

  app.post('/channels/:id/test', async (c) => {
    const channel = await channelOf(c)
    const path = channelPath(channel.id)
    const asked = { who: authorIn(c, services).who, url: `${baseUrlOf(c, services)}${path}`, at: clock.now() }
    const tried = await attempt(() => testing(channel, asked))
    if ('errors' in tried) return show(c, channel, { mistake: tried.errors[0]?.detail ?? null }, 422)
    return goTo(c, path, { tested: tried.result.delivery })
  })

  app.post('/channels/:id/delete', async (c) => {
    const channel = await channelOf(c)
    const values = { confirm: (await readForm(c))('confirm') }
    const tried = await attempt(async () => {
      if (values.confirm.trim() !== channel.name) throw invalid([{ path: 'confirm', detail: 'is not its name' }])
      await channels.remove(channel.id, authorIn(c, services), clock.now())
    })
    if ('errors' in tried) return show(c, channel, { remove: mistaken(['confirm'], values, tried.errors) }, 422)
    return goTo(c, '/channels', { done: 'deleted' })
  })

  return app
}

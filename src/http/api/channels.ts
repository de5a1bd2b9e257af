import { type Context, Hono } from 'hono'
import { channelPath } from '../../../views/addresses.ts'
import { declaredChannel } from '../../domain/channel.ts'
import { type FieldError, invalid } from '../../domain/fault.ts'
import type { Channels } from '../../services/channels.ts'
import type { ChannelDraft, KnownChannel } from '../../store/store.ts'
import { authorIn } from '../access.ts'
import { readJson } from '../body.ts'
import { baseUrlOf } from '../pages/frame.ts'
import { idOf, readQuery } from '../query.ts'
import { channelDraftOf, channelsQuery, newChannel } from '../schema/channel.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { channelShape } from './channel-shapes.ts'

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A draft out of what was sent; a fault that tells every wrong field, those in `wrong` first. */
export function readChannel(
  input: unknown,
  channels: Pick<Channels, 'mistakesIn'>,
  wrong: readonly FieldError[] = [],
): ChannelDraft {
  const mistakes = isObject(input) && isObject(input.settings) ? channels.mistakesIn(input.kind, input.settings) : []
  return channelDraftOf(read(newChannel, input, [...wrong, ...mistakes]))
}

/** The channel with what was sent laid over it: each setting for itself, null takes one away. Reminders that begin come as often as usual. */
function changedBy(old: KnownChannel, change: Fields, channels: Channels): Fields {
  if (change.kind !== undefined && change.kind !== old.kind)
    throw invalid([{ path: 'kind', detail: `a channel stays what it is, ${old.kind}; make another one` }])
  const shown = channels.shown(old)
  const settings = isObject(change.settings) ? { ...shown, ...change.settings } : (change.settings ?? shown)
  const { remindEvery, ...rest } = declaredChannel(old, shown)
  const isAsBefore = remindEvery !== null || change.when === undefined
  return { ...rest, ...(isAsBefore ? { remindEvery } : {}), ...change, settings }
}

export function channelsRoutes(services: Services): Hono {
  const { channels, testing, clock } = services
  const app = new Hono()
  const shape = channelShape(channels)
  const channelOf = (c: Context) => channels.find(idOf(c, 'channel'))

  app.get('/channels', async (c) => {
    readQuery(c, channelsQuery)
    return c.json({ items: (await channels.all()).map(shape) })
  })

  app.post('/channels', async (c) => {
    const draft = readChannel(await readJson(c), channels)
    const made = await channels.make(draft, authorIn(c, services), clock.now())
    return c.json({ ...shape(made), warnings: channels.warnings(draft) }, 201, { location: `/api/v1/channels/${made.id}` })
  })

  app.get('/channels/:id', async (c) => c.json(shape(await channelOf(c))))

  app.patch('/channels/:id', async (c) => {
    const old = await channelOf(c)
    const change = await readJson(c)
    if (!isObject(change)) throw invalid([{ path: '', detail: 'must be an object with the fields to change' }])
    const draft = readChannel(changedBy(old, change, channels), channels)
    const changed = await channels.change(old, draft, authorIn(c, services), clock.now())
    return c.json({ ...shape(changed), warnings: channels.warnings(draft) })
  })

  app.delete('/channels/:id', async (c) => {
    await channels.remove(idOf(c, 'channel'), authorIn(c, services), clock.now())
    return c.body(null, 204)
  })

  // Refused is an error of somebody behind us: `curl -f` in a script must notice.
  app.post('/channels/:id/test', async (c) => {
    const channel = await channelOf(c)
    const { who } = authorIn(c, services)
    const url = `${baseUrlOf(c, services)}${channelPath(channel.id)}`
    const { isThere, said, delivery } = await testing(channel, { who, url, at: clock.now() })
    return c.json({ ok: isThere, said, delivery }, isThere ? 200 : 502)
  })

  return app
}

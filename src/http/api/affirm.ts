import { Hono } from 'hono'
import { getQueryParams } from 'hono/utils/url'
import type { Actor } from '../../domain/access.ts'
import { LARGEST_VALUE, type Status } from '../../domain/affirmation.ts'
import { Fault, type FieldError, invalid } from '../../domain/fault.ts'
import { holdsDelicateNumbers, keepJson } from '../../domain/json.ts'
import type { Asked } from '../../services/affirm.ts'
import { actorIn } from '../access.ts'
import { isJson, mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { envFor } from '../key-env.ts'
import { wrongSource } from '../key-source.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { namedTwice } from '../query.ts'
import { checked, readAsked, type Value } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

/** `POST /affirm/:event` as it came from the wire, whoever took it from there. */
export type ShortForm = {
  method: string
  url: string
  event: string
  suffix: string | undefined
  peer: string
  actor: Actor
  contentType: string | undefined
  /** The body, at most `limit` bytes. */
  read(limit: number): Promise<Uint8Array>
}

export const PLAIN = 'text/plain; charset=UTF-8'
const QUERY = ['env', 'status', 'source', 'at', 'id']

/** `fail`, `start`, `log` or an exit status: 0 is ok, all else a failure. */
function statusOf(suffix: string): Status {
  if (suffix === 'fail' || suffix === 'start' || suffix === 'log') return suffix
  if (/^\d{1,3}$/.test(suffix) && Number(suffix) <= 255) return Number(suffix) === 0 ? 'ok' : 'fail'
  throw new Fault('not-found', `"/${suffix.slice(0, 40)}" is none of /fail, /start, /log and an exit status from /0 to /255.`)
}

/** Text stays as it is, byte for byte; JSON stays value for value. */
async function keptValue({ method, contentType, read }: ShortForm): Promise<Value> {
  if (method === 'GET' || method === 'HEAD') return null
  const bytes = await read(LARGEST_VALUE)
  if (bytes.byteLength === 0) return null
  const type = mediaType(contentType)
  if (type.charset !== null && type.charset !== 'utf-8')
    throw new Fault('unsupported', `charset ${type.charset} is not understood; send UTF-8.`)
  const text = textOf(bytes)
  if (!isJson(type)) return JSON.stringify(text)
  return checked(keepJson(parseJson(text), holdsDelicateNumbers(text) ? () => text : null))
}

const UNKNOWN = `is not known here; known are ${QUERY.join(', ')}, and a value goes into the body`

type Query = Record<string, string[]>
const NO_QUERY: Query = {}
const queryOf = (url: string): Query => (url.includes('?') ? (getQueryParams(url) as Query) : NO_QUERY)

/** What is wrong with the query but for its values. */
function wrongInQuery(query: Query, suffix: string | undefined): FieldError[] {
  if (query === NO_QUERY) return []
  const unknown = Object.keys(query).filter((name) => !QUERY.includes(name))
  return [
    ...unknown.map((path) => ({ path: path.slice(0, 60), detail: UNKNOWN })),
    ...namedTwice(query).filter(({ path }) => QUERY.includes(path)),
    ...(suffix === undefined || query.status === undefined
      ? []
      : [{ path: 'status', detail: 'is said twice, by the path and by the query: leave it out of one' }]),
  ]
}

/** Stored when it resolves. Throws a fault for what cannot be taken. */
export type AffirmShort = (form: ShortForm) => Promise<void>

/** The short form that a crontab uses: `curl -fsS -m 10 --retry 5 URL/affirm/af_k3Jq8Zw2`. */
export function anAffirmShort({ affirming, changes, clock, limits, settings, vitals }: Services): AffirmShort {
  const affirm = async (form: ShortForm): Promise<void> => {
    const { url, event, suffix, peer, actor } = form
    limits.affirm(peer, clock.now())
    const query = queryOf(url)
    const wrong = [...wrongInQuery(query, suffix), ...wrongSource(settings.auth, query.source?.[0])]
    const status = suffix === undefined ? query.status?.[0] : statusOf(suffix)
    const value = await keptValue(form)
    const now = clock.now()
    const wrongIn = (asked: Partial<Asked>) => affirming.wrongIn(asked, now)
    const [env, source, at, id] = [envFor(actor, query.env?.[0]), query.source?.[0], query.at?.[0], query.id?.[0]]
    const asked = readAsked({ event, env, source, at, id, status }, value, { peer, wrongIn })
    if (wrong.length > 0) throw invalid([...wrong, ...(asked instanceof Fault ? asked.errors : wrongIn(asked))])
    if (asked instanceof Fault) throw asked
    await affirming.affirm(asked, now)
  }
  return async (form) => {
    try {
      await affirm(form)
    } catch (error) {
      vitals.notTaken(error, 1)
      throw error
    }
    changes.tell()
  }
}

/** The short form by the framework: for whatever the direct way (`../direct.ts`) leaves to it. */
export function affirmRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const affirmShort = anAffirmShort(services)
  const { trustedProxies } = services.settings
  const app = new Hono<{ Bindings: Bindings }>()
  for (const path of ['/affirm/:event', '/affirm/:event/:suffix'] as const)
    app.on(['GET', 'POST', 'PUT'], path, async (c) => {
      await affirmShort({
        method: c.req.method,
        url: c.req.url,
        event: c.req.param('event'),
        suffix: c.req.param('suffix'),
        peer: peerOf(c, trustedProxies),
        actor: actorIn(c),
        contentType: c.req.header('content-type'),
        read: (limit) => readBytes(c, limit),
      })
      return c.text('OK', 200, { 'content-type': PLAIN })
    })
  return app
}

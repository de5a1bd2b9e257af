import { type Context, Hono } from 'hono'
import { LARGEST_VALUE, type Status } from '../../domain/affirmation.ts'
import { Fault, type FieldError, invalid } from '../../domain/fault.ts'
import { holdsDelicateNumbers, keepJson } from '../../domain/json.ts'
import type { Asked } from '../../services/affirm.ts'
import { isJson, mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { namedTwice } from '../query.ts'
import { checked, readAsked, type Value } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

type AffirmContext = Context<{ Bindings: Bindings }>

const QUERY = ['env', 'status', 'source', 'at', 'id']

/** `fail`, `start`, `log` or an exit status: 0 is ok, all else a failure. */
function statusOf(suffix: string): Status {
  if (suffix === 'fail' || suffix === 'start' || suffix === 'log') return suffix
  if (/^\d{1,3}$/.test(suffix) && Number(suffix) <= 255) return Number(suffix) === 0 ? 'ok' : 'fail'
  throw new Fault('not-found', `"/${suffix.slice(0, 40)}" is none of /fail, /start, /log and an exit status from /0 to /255.`)
}

/** Text stays as it is, byte for byte; JSON stays value for value. */
async function keptValue(c: AffirmContext): Promise<Value> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return null
  const bytes = await readBytes(c, LARGEST_VALUE)
  if (bytes.byteLength === 0) return null
  const type = mediaType(c.req.header('content-type'))
  if (type.charset !== null && type.charset !== 'utf-8')
    throw new Fault('unsupported', `charset ${type.charset} is not understood; send UTF-8.`)
  const text = textOf(bytes)
  if (!isJson(type)) return JSON.stringify(text)
  return checked(keepJson(parseJson(text), holdsDelicateNumbers(text) ? () => text : null))
}

const UNKNOWN = `is not known here; known are ${QUERY.join(', ')}, and a value goes into the body`

/** What is wrong with the query but for its values. */
function wrongInQuery(c: AffirmContext, query: Record<string, string>, suffix: string | undefined): FieldError[] {
  const unknown = Object.keys(query).filter((name) => !QUERY.includes(name))
  return [
    ...unknown.map((path) => ({ path: path.slice(0, 60), detail: UNKNOWN })),
    ...namedTwice(c).filter(({ path }) => QUERY.includes(path)),
    ...(suffix === undefined || query.status === undefined
      ? []
      : [{ path: 'status', detail: 'is said twice, by the path and by the query: leave it out of one' }]),
  ]
}

/** The short form that a crontab uses: `curl -fsS -m 10 --retry 5 URL/affirm/af_k3Jq8Zw2`. No middleware here: this is the hot path. */
export function affirmRoutes({ affirming, changes, clock, settings }: Services): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()

  const affirm = async (c: AffirmContext): Promise<Response> => {
    const query = c.req.url.includes('?') ? c.req.query() : {}
    const suffix = c.req.param('suffix')
    const wrong = c.req.url.includes('?') ? wrongInQuery(c, query, suffix) : []
    const { env, source, at, id } = query
    const status = suffix === undefined ? query.status : statusOf(suffix)
    const value = await keptValue(c)
    const now = clock.now()
    const wrongIn = (asked: Partial<Asked>) => affirming.wrongIn(asked, now)
    const asked = readAsked({ event: c.req.param('event'), env, source, at, id, status }, value, {
      peer: peerOf(c, settings.trustedProxies),
      wrongIn,
    })
    if (wrong.length > 0) throw invalid([...wrong, ...(asked instanceof Fault ? asked.errors : wrongIn(asked))])
    if (asked instanceof Fault) throw asked
    await affirming.affirm(asked, now)
    changes.tell()
    return c.text('OK')
  }

  for (const path of ['/affirm/:event', '/affirm/:event/:suffix'] as const) app.on(['GET', 'POST', 'PUT'], path, affirm)
  return app
}

import { type Context, Hono } from 'hono'
import { LARGEST_VALUE, type Status } from '../../domain/affirmation.ts'
import { Fault } from '../../domain/fault.ts'
import { keepJson } from '../../domain/json.ts'
import { isJson, mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { readAsked } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

type AffirmContext = Context<{ Bindings: Bindings }>

const QUERY = ['env', 'status', 'source', 'at', 'id']

/** `fail`, `start`, `log` or an exit status: 0 is ok, all else a failure. */
function statusOf(suffix: string): Status {
  if (suffix === 'fail' || suffix === 'start' || suffix === 'log') return suffix
  if (/^\d{1,3}$/.test(suffix) && Number(suffix) <= 255) return Number(suffix) === 0 ? 'ok' : 'fail'
  throw new Fault('not-found', `"/${suffix.slice(0, 40)}" is none of /fail, /start, /log and an exit status from /0 to /255.`)
}

/** Text stays as it is, byte for byte; JSON stays value for value. Kept as JSON text. */
async function jsonOf(c: AffirmContext): Promise<string | null> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return null
  const bytes = await readBytes(c, LARGEST_VALUE)
  if (bytes.byteLength === 0) return null
  const type = mediaType(c.req.header('content-type'))
  if (type.charset !== null && type.charset !== 'utf-8')
    throw new Fault('unsupported', `charset ${type.charset} is not understood; send UTF-8.`)
  const text = textOf(bytes)
  if (!isJson(type)) return JSON.stringify(text)
  return keepJson(text, parseJson(text))
}

function checkQuery(query: Record<string, string>, suffix: string | undefined): void {
  const unknown = Object.keys(query).find((name) => !QUERY.includes(name))
  if (unknown !== undefined)
    throw new Fault('invalid', `${unknown}: is not known here; known are ${QUERY.join(', ')}. A value goes into the body.`, [
      { path: unknown, detail: 'is not known here' },
    ])
  if (suffix !== undefined && query.status !== undefined)
    throw new Fault('invalid', 'status: is said twice, by the path and by the query.', [
      { path: 'status', detail: 'is said twice' },
    ])
}

/** The short form that a crontab uses: `curl -fsS -m 10 --retry 5 URL/affirm/af_k3Jq8Zw2`. No middleware here: this is the hot path. */
export function affirmRoutes({ affirming, changes, clock, settings }: Services): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()

  const affirm = async (c: AffirmContext): Promise<Response> => {
    const query = c.req.url.includes('?') ? c.req.query() : {}
    const suffix = c.req.param('suffix')
    checkQuery(query, suffix)
    const value = await jsonOf(c)
    const status = suffix === undefined ? query.status : statusOf(suffix)
    const asked = readAsked(
      { ...query, ...(status === undefined ? {} : { status }), event: c.req.param('event') },
      null,
      peerOf(c, settings.trustedProxies),
    )
    if (asked instanceof Fault) throw asked
    await affirming.affirm({ ...asked, value }, clock.now())
    changes.tell()
    return c.text('OK')
  }

  for (const path of ['/affirm/:event', '/affirm/:event/:suffix'] as const) {
    app.on(['GET', 'POST', 'PUT'], path, affirm)
    app.all(path, (c) => {
      throw new Fault('method-not-allowed', `${c.req.method} does not affirm; use GET, HEAD, POST or PUT.`)
    })
  }
  return app
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { LARGEST_VALUE } from '../domain/affirmation.ts'
import { answerTo } from './answer.ts'
import { anAffirmShort, PLAIN, type ShortForm } from './api/affirm.ts'
import { anApp } from './app.ts'
import { wrongHost } from './hosts.ts'
import { quickAffirmer } from './key-auth.ts'
import { peerFrom } from './peer.ts'
import type { Services } from './services.ts'

/** Names that need no decoding, as nearly all are. */
const PLAIN_PATH = /^\/affirm\/([\w.:-]+)(?:\/(\w+))?(?:\?|$)/
const ANSWER = ['content-type', PLAIN, 'content-length', '2']

/** The short form in its common shape; null for anything that wants more care: the framework takes that. */
function shortFormOf(req: IncomingMessage, services: Services): ShortForm | null {
  const { method = '', url = '', headers } = req
  const path = PLAIN_PATH.exec(url)
  if (path === null || !(method === 'POST' || method === 'GET' || method === 'PUT' || method === 'HEAD')) return null
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return null
  // A browser: whose page made it send this, the framework's side looks at.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return null
  const length = Number(headers['content-length'] ?? 0)
  if (!(length <= LARGEST_VALUE)) return null
  const actor = quickAffirmer(services, { authorization: headers.authorization, apiKey: asOne(headers['x-api-key']) })
  if (actor === null) return null
  return {
    method,
    url,
    event: path[1] ?? '',
    suffix: path[2],
    peer: peerFrom(req.socket.remoteAddress, asOne(headers['x-forwarded-for']), services.settings.trustedProxies),
    actor,
    contentType: headers['content-type'],
    read: () => (length === 0 ? NOTHING : readAll(req)),
  }
}

const asOne = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join(',') : header)

const NOTHING = Promise.resolve(new Uint8Array())

/** Never settles when the sender goes away: nobody is left to answer. */
const readAll = (req: IncomingMessage): Promise<Uint8Array> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
  })

async function write(res: ServerResponse, answer: Response): Promise<void> {
  const text = await answer.text()
  res.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': Buffer.byteLength(text) }).end(text)
}

/**
 * What the server listens with. Affirming takes the direct way, past the framework's routing and its request and response objects, which
 * cost more than storing the affirmation does; all else, and all that is unusual, is the framework's.
 */
export function aListener(services: Services): RequestListener {
  const framework = getRequestListener(anApp(services).fetch, { hostname: 'localhost' })
  const affirmShort = anAffirmShort(services)
  const { stopping, hosts } = services
  return (req, res) => {
    if (stopping.aborted) res.shouldKeepAlive = false
    const form = shortFormOf(req, services)
    if (form === null) return void framework(req, res)
    const refuse = (error: unknown) => write(res, answerTo(error, form.method, form.url.split('?')[0] ?? '', services))
    if (!hosts(req.headers.host)) return void refuse(wrongHost())
    affirmShort(form).then(() => res.writeHead(200, ANSWER).end('OK'), refuse)
  }
}

import { lookup as systemLookup } from 'node:dns'
import { type BlockList, isIP, type LookupFunction } from 'node:net'
import type { Client, Dispatcher } from 'undici'
import type { HttpAnswer, HttpRequest, Sent } from '../../domain/message.ts'
import { type Duration, SECOND } from '../../domain/time.ts'
import { guarded, mayReach } from './addresses.ts'
import { refused, troubleOf } from './trouble.ts'

/** How long a service may take to be connected to, until the first of its answer, and altogether. */
export type Patience = { connect: Duration; answer: Duration; total: Duration }

/**
 * `allowed`: ranges that may be sent to although they are private. `lookup`: how names are looked up. `authorities`: certificates that are trusted instead
 * of those that Node.js knows. `stopped`: ends what is under way.
 */
export type HttpWays = {
  allowed: BlockList
  patience?: Patience
  lookup?: LookupFunction
  authorities?: string
  stopped?: AbortSignal
}

export type Http = (request: HttpRequest) => Promise<HttpAnswer | Sent>

const PATIENCE: Patience = { connect: 10 * SECOND, answer: 15 * SECOND, total: 30 * SECOND }
/** As much of an answer as is read; then the connection is cut. */
const MOST_READ = 64 * 1024
const USER_AGENT = { 'user-agent': 'affirmative' }

/**
 * Sends one request, over a connection of its own that ends with it: none is used again that another guard let through, or that has died meanwhile. Never
 * follows a redirect, never asks a proxy, never sends twice. Resolves whatever happens.
 */
export function anHttp(ways: HttpWays): Http {
  return async (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : null
    if (url === null) return never('this is no address on the web')
    const problem = problemOf(url, ways.allowed)
    if (problem !== null) return problem
    const client = await aClient(url, ways)
    try {
      return await answered(client, url, request, ways)
    } catch (error) {
      return troubleOf(error, url.host)
    } finally {
      client.destroy().catch(() => undefined)
    }
  }
}

const never = (said: string): Sent => ({ kind: 'never', said })

/** The parser of addresses has made plain ones of all spellings of an IPv4 address (0x7f.1, 2130706433, 127.0.0.1.). */
function problemOf({ protocol, username, password, hostname, host }: URL, allowed: BlockList): Sent | null {
  if (protocol !== 'http:' && protocol !== 'https:') return never('only addresses with http:// and https:// are sent to')
  if (username !== '' || password !== '') return never('an address with a user and a password in it is not sent to')
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) === 0 || mayReach(address, allowed) ? null : refused(host, address)
}

/** Read when the first message is sent: who has no channels does without it. */
const undici = () => import('undici')

async function aClient({ origin }: URL, ways: HttpWays): Promise<Client> {
  const { allowed, patience = PATIENCE, lookup = systemLookup as LookupFunction, authorities } = ways
  const { Client } = await undici()
  return new Client(origin, {
    // What the environment says of TLS does not count here: NODE_TLS_REJECT_UNAUTHORIZED would trust anybody.
    connect: { timeout: patience.connect, lookup: guarded(lookup, allowed), ca: authorities, rejectUnauthorized: true },
    headersTimeout: patience.answer,
    bodyTimeout: 0,
  })
}

async function answered(client: Client, url: URL, request: HttpRequest, ways: HttpWays): Promise<HttpAnswer | Sent> {
  endInTime(client, ways)
  const response = await client.request({
    method: request.method as Dispatcher.HttpMethod,
    path: `${url.pathname}${url.search}`,
    headers: { ...USER_AGENT, ...lowerCased(request.headers) },
    body: request.body === '' ? null : request.body,
  })
  const { statusCode: status } = response
  const body = await beginningOf(response.body)
  if (status >= 300 && status < 400) return redirected(status, response.headers.location, url)
  return { status, headers: plain(response.headers), body }
}

/** A signal that is handed to a request is looked at only once it is connected; this ends it at any time. */
function endInTime(client: Client, { patience = PATIENCE, stopped }: HttpWays): void {
  const late = AbortSignal.timeout(patience.total)
  const until = stopped === undefined ? late : AbortSignal.any([late, stopped])
  const end = () => void client.destroy(until.reason as Error).catch(() => undefined)
  until.throwIfAborted()
  until.addEventListener('abort', end, { once: true })
}

const lowerCased = (headers: HttpRequest['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const plain = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))

function redirected(status: number, location: string | string[] | undefined, from: URL): Sent {
  const to = String(location ?? '')
  const host = URL.canParse(to, from.href) ? new URL(to, from.href).host : ''
  const where = to === '' || host === '' ? '' : ` and leads to ${host}`
  return never(`${from.host} answers ${status}${where}: redirects are not followed`)
}

/**
 * Once its status is there, a service has answered: a body that never ends, or breaks off, takes nothing back. What has come of it by then is the answer; trying
 * again would tell the same thing twice.
 */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= MOST_READ) break
    }
  } catch {
    // What has come is told.
  }
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString()
}

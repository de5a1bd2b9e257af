import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { remembering } from '../domain/bounded-cache.ts'
import type { Services } from './services.ts'

/** What the Node adapter hands along; absent when a test calls the app without a socket. */
export type Bindings = { incoming?: IncomingMessage }
type Asked = Context<{ Bindings: Bindings }>

const plain = (address: string): string => address.replace(/^::ffff:(?=\d)/, '')

/** Addresses whose answer is kept: asking the list takes two microseconds, and the same proxies ask all day. */
const MOST_REMEMBERED = 10_000
const answers = new WeakMap<BlockList, (address: string) => { isIn: boolean }>()

function isIn(list: BlockList, address: string): boolean {
  const check = (address: string) => ({ isIn: list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') })
  const known = answers.get(list) ?? remembering(MOST_REMEMBERED, check)
  answers.set(list, known)
  return known(address).isIn
}

/** Who sent this request: the peer, or behind configured proxies the nearest address in `X-Forwarded-For` that is none of them. */
export function peerFrom(address: string | undefined, forwarded: string | undefined, trusted: BlockList): string {
  const peer = plain(address ?? 'unknown')
  if (forwarded === undefined || isIP(peer) === 0 || !isIn(trusted, peer)) return peer
  const hops = forwarded.split(',').map((hop) => plain(hop.trim()))
  const client = hops.reverse().find((hop) => isIP(hop) === 0 || !isIn(trusted, hop))
  return client !== undefined && isIP(client) !== 0 ? client : peer
}

const socketOf = (c: Asked): string | undefined => c.env?.incoming?.socket?.remoteAddress

export const peerOf = (c: Asked, trusted: BlockList): string => peerFrom(socketOf(c), c.req.header('x-forwarded-for'), trusted)

/** A header that only a configured proxy may say; null from anybody else. Of a list, its first entry: what the first proxy saw. */
export function saidByProxy(c: Asked, { settings }: Services, name: string): string | null {
  const peer = plain(socketOf(c) ?? 'unknown')
  if (isIP(peer) === 0 || !isIn(settings.trustedProxies, peer)) return null
  return c.req.header(name)?.split(',')[0]?.trim() || null
}

/**
 * Does the browser speak TLS, with a proxy in front? As that proxy says, else as `AFFIRMATIVE_URL` does: a cookie of such a request must be
 * `Secure`.
 */
export function isHttps(c: Asked, services: Services): boolean {
  const said = saidByProxy(c, services, 'x-forwarded-proto')
  return said === null ? (services.settings.publicUrl?.startsWith('https:') ?? false) : said.toLowerCase() === 'https'
}

/** Where this request was sent to, as its sender sees it: `https://affirm.example.org`. What a proxy says is believed from configured ones only. */
export function originAsked(c: Asked, services: Services): string {
  const { protocol, host } = new URL(c.req.url)
  const said = saidByProxy(c, services, 'x-forwarded-host')
  const isTls = saidByProxy(c, services, 'x-forwarded-proto')?.toLowerCase() === 'https'
  return `${isTls ? 'https:' : protocol}//${said !== null && services.hosts(said) ? said : host}`
}

/** Is `origin` (a header that browsers send with forms) one of our own pages? */
export function isOwnOrigin(origin: string, c: Asked, services: Services): boolean {
  const { publicUrl } = services.settings
  return origin === originAsked(c, services) || (publicUrl !== null && origin === new URL(publicUrl).origin)
}

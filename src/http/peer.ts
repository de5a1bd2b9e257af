import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { remembering } from '../domain/bounded-cache.ts'

/** What the Node adapter hands along; absent when a test calls the app without a socket. */
export type Bindings = { incoming?: IncomingMessage }

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

export const peerOf = (c: Context<{ Bindings: Bindings }>, trusted: BlockList): string =>
  peerFrom(c.env?.incoming?.socket?.remoteAddress, c.req.header('x-forwarded-for'), trusted)

/** Is it one of the configured proxies that sends this request? Only then what it says of the request is believed. */
export function isTrustedPeer(c: Context<{ Bindings: Bindings }>, trusted: BlockList): boolean {
  const peer = plain(c.env?.incoming?.socket?.remoteAddress ?? 'unknown')
  return isIP(peer) !== 0 && isIn(trusted, peer)
}

import type { Context } from 'hono'
import { isTrustedPeer } from './peer.ts'
import type { Services } from './services.ts'

/** Did the request come over https? A configured proxy may say so for it. */
export function isSecure(c: Context, { settings }: Pick<Services, 'settings'>): boolean {
  const forwarded = c.req.header('x-forwarded-proto')
  if (forwarded !== undefined && isTrustedPeer(c, settings.trustedProxies)) return forwarded.split(',')[0]?.trim() === 'https'
  return new URL(c.req.url).protocol === 'https:'
}

/** The origin that pages of ours have in a browser. */
export function originOf(c: Context, services: Pick<Services, 'settings'>): string {
  return `${isSecure(c, services) ? 'https' : 'http'}://${new URL(c.req.url).host}`
}

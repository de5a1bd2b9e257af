import type { Context } from 'hono'
import { saidByProxy } from './peer.ts'
import type { Services } from './services.ts'

/** The scheme that the browser used, as far as this request says: by what a configured proxy says, else by its own address. */
const schemeOf = (c: Context, { settings }: Pick<Services, 'settings'>): string =>
  saidByProxy(c, settings.trustedProxies, 'x-forwarded-proto')?.toLowerCase() ?? new URL(c.req.url).protocol.slice(0, -1)

/** Must cookies be kept to https? Where a proxy says so, or people reach this server by it: better one too many than one that is overheard. */
export function isSecure(c: Context, services: Pick<Services, 'settings'>): boolean {
  const { publicUrl, trustedProxies } = services.settings
  if (saidByProxy(c, trustedProxies, 'x-forwarded-proto') === null && publicUrl?.startsWith('https:')) return true
  return schemeOf(c, services) === 'https'
}

/** The origin that the page has in the browser which sent this request. A host is believed from configured proxies alone. */
export function originOf(c: Context, services: Pick<Services, 'settings' | 'hosts'>): string {
  const said = saidByProxy(c, services.settings.trustedProxies, 'x-forwarded-host')
  const host = said !== null && services.hosts(said) ? said : new URL(c.req.url).host
  return `${schemeOf(c, services) === 'https' ? 'https' : 'http'}://${host}`
}

/** Is `origin`, as browsers send it with forms, that of our own pages? */
export function isOwnOrigin(origin: string, c: Context, services: Pick<Services, 'settings' | 'hosts'>): boolean {
  const { publicUrl } = services.settings
  return origin === originOf(c, services) || (publicUrl !== null && origin === new URL(publicUrl).origin)
}

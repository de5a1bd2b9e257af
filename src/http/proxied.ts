import type { Context } from 'hono'
import type { Person } from '../domain/access.ts'
import { isTrustedPeer } from './peer.ts'
import type { Services } from './services.ts'

const LONGEST = 200
/** Nobody sees these, or sees them as a space: two people would look like one. */
const UNSEEN = /[\p{Cc}\p{Cf}]|[^\S ]/u

/** Headers come as single bytes; names are sent as UTF-8. What is unseen stays, to be refused. */
function asUtf8(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

const IDENTITY = 'proxy:'

/** Is the person with this identity an admin, whatever role they have here? */
export const isAdminByProxy = (identity: string | null, { settings: { proxy } }: Pick<Services, 'settings'>): boolean =>
  proxy !== null && identity?.startsWith(IDENTITY) === true && proxy.admins.has(identity.slice(IDENTITY.length))

/** The person whom the proxy in front names; null when it names none, or when it is not that proxy who says so. */
export async function personByProxy(c: Context, { settings, people, clock }: Services): Promise<Person | null> {
  const { proxy, trustedProxies } = settings
  if (proxy === null || !isTrustedPeer(c, trustedProxies)) return null
  const name = asUtf8(c.req.header(proxy.header) ?? '').replace(/^ +| +$/g, '')
  if (UNSEEN.test(name)) return null
  // Two of them, joined by a comma: one is the sender's own, which the proxy let through.
  if (name === '' || name.length > LONGEST || name.includes(',')) return null
  const person = await people.byIdentity(`${IDENTITY}${name}`, name, proxy.role, clock.now())
  return proxy.admins.has(name) ? { ...person, role: 'admin' } : person
}

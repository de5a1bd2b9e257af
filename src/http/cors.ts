import type { Context, Next } from 'hono'
import type { Services } from './services.ts'

type Known = Pick<Services, 'settings'>

/** What pages of other sites may ask for, where the operator lists them: to affirm, and nothing else. */
const AFFIRMS = /^\/(?:api\/v1\/affirmations|affirm\/[^/]+(?:\/[^/]+)?)$/

/** How long a browser remembers that it may (Chromium: two hours at most): what is sent when a page goes has no time to ask first. */
const REMEMBERED_SECONDS = 7_200

/** May a page of this origin affirm here? */
export function isAllowedOrigin(origin: string | undefined, { settings: { allowedOrigins } }: Known): origin is string {
  return origin !== undefined && (allowedOrigins.has(origin) || allowedOrigins.has('*'))
}

/** Is this a page of another site that affirms, and is it one that may? */
export const isAllowedToAffirm = ({ req }: Context, services: Known): boolean =>
  req.method === 'POST' && AFFIRMS.test(req.path) && isAllowedOrigin(req.header('origin'), services)

/**
 * CORS (Fetch Standard, 3.3) for affirming alone. Never with credentials: a cookie counts for nothing there. `retry-after` is what a client has to
 * read beside the body.
 */
export const sharing =
  (services: Services) =>
  async (c: Context, next: Next): Promise<Response | undefined> => {
    const origin = c.req.header('origin')
    if (!AFFIRMS.test(c.req.path) || !isAllowedOrigin(origin, services)) {
      await next()
      return undefined
    }
    const said = { 'access-control-allow-origin': origin, vary: 'Origin' }
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { ...said, ...PREFLIGHT })
    await next()
    for (const [name, value] of Object.entries({ ...said, 'access-control-expose-headers': 'Retry-After' }))
      c.res.headers.set(name, value)
    return undefined
  }

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Authorization, Content-Type',
  'access-control-max-age': String(REMEMBERED_SECONDS),
}

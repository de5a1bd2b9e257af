import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import { withQuery } from '../../../views/addresses.ts'
import { Fault } from '../../domain/fault.ts'
import { MINUTE, SECOND } from '../../domain/time.ts'
import type { Begun, Oidc } from '../../services/oidc.ts'
import type { Bindings } from '../peer.ts'
import { isSecure } from '../secure.ts'
import type { Services } from '../services.ts'
import { enter } from './enter.ts'
import { ownPath } from './own-path.ts'

/** Browsers drop larger cookies than 4 KiB without a word. */
const LONGEST_PATH = 500
/** So long somebody may take to sign in there. */
const PATIENCE = 10 * MINUTE
const COOKIE = 'affirmative-oidc'

const word = v.pipe(v.string(), v.regex(/^[\w-]{20,100}$/))
const underWay = v.object({ state: word, nonce: word, verifier: word, at: v.number(), to: v.string() })
type UnderWay = v.InferOutput<typeof underWay>

/** As for the session: only a page of this very host can have set it where there is https. */
const optionsOf = (c: Context, services: Services) => {
  const secure = isSecure(c, services)
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure, ...(secure ? ({ prefix: 'host' } as const) : {}) } as const
}

function keep(c: Context, services: Services, begun: Begun, to: string): void {
  const value = JSON.stringify({ ...begun, at: services.clock.now(), to } satisfies UnderWay)
  setCookie(c, COOKIE, value, { ...optionsOf(c, services), maxAge: PATIENCE / SECOND })
}

/** What this browser began, once; null for nothing, or for too long ago: a browser may keep it longer than it was told to. */
function taken(c: Context, services: Services): UnderWay | null {
  const kept = isSecure(c, services) ? getCookie(c, COOKIE, 'host') : getCookie(c, COOKIE)
  deleteCookie(c, COOKIE, optionsOf(c, services))
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), underWay), kept)
  return success && services.clock.now() - output.at <= PATIENCE ? output : null
}

const keptPath = (to: string): string => (to.length > LONGEST_PATH ? '/' : ownPath(to))

function checkedOidc({ oidc }: Services): Oidc {
  if (oidc === null) throw new Fault('not-found', 'No identity provider is configured here (AFFIRMATIVE_OIDC_ISSUER).')
  return oidc
}

/** Signing in by the identity provider: there and back again. What goes wrong is told on the sign-in page. */
export function signInOidcRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { clock, people } = services
  const app = new Hono<{ Bindings: Bindings }>()
  const failed = (c: Context, trouble: string, to: string) =>
    c.redirect(withQuery('/sign-in', { to: to === '/' ? '' : to, trouble }), 303)

  app.get('/sign-in/oidc', async (c) => {
    const oidc = checkedOidc(services)
    const to = keptPath(c.req.query('to') ?? '/')
    const going = await oidc.begin()
    if (typeof going === 'string') return failed(c, going, to)
    keep(c, services, going.begun, to)
    return c.redirect(going.url, 303)
  })

  app.get('/sign-in/oidc/callback', async (c) => {
    const oidc = checkedOidc(services)
    const begun = taken(c, services)
    if (begun === null) return failed(c, 'stale', '/')
    const to = ownPath(begun.to)
    const who = await oidc.finish(new URL(c.req.url).search.slice(1), begun)
    if (typeof who === 'string') return failed(c, who, to)
    await enter(c, services, await people.byIdentity(who.identity, who.name, oidc.role, clock.now()))
    return c.redirect(to, 303)
  })

  return app
}

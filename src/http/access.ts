import type { Context, Next } from 'hono'
import { matchedRoutes } from 'hono/route'
import { type Actor, may, mayRole, nameOf, type Permission, ROLE_WORDS, ROLES } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { Fault } from '../domain/fault.ts'
import { askWho } from './ask-who.ts'
import { isForPrograms } from './for-programs.ts'
import { checkNotForeign } from './foreign.ts'
import { keyOf, lacksScope } from './key-auth.ts'
import { checkRouteOfEnv } from './key-env.ts'
import { type Bindings, peerOf } from './peer.ts'
import { personByProxy } from './proxied.ts'
import { type Need, ROUTES } from './routes.ts'
import type { Services } from './services.ts'
import { sessionTokenOf } from './session-cookie.ts'

type Variables = { actor?: Actor | null; session?: number }
type Asked = Context<{ Bindings: Bindings; Variables: Variables }>

/** What answers this request, and what that needs by {@link ROUTES}; null where nothing answers. */
function asksFor(c: Asked): { route: string; need: Need } | null {
  // Of several that fit (`/channels/new` is an `:id`, too) the first one answers.
  const matched = matchedRoutes(c as Context).find(({ method }) => method !== 'ALL')
  if (matched === undefined) return null
  const route = `${matched.method} ${matched.path}`
  const need = ROUTES[route]
  if (need === undefined) throw new Error(`${route} is not in the list of routes`)
  return { route, need }
}

/** Who sends this request; null: nobody we know, and we ask. */
async function actorOf(c: Asked, services: Services): Promise<Actor | null> {
  const key = await keyOf(services, { authorization: c.req.header('authorization'), apiKey: c.req.header('x-api-key') })
  if (key !== null) return key
  if (services.settings.auth === 'open') return { kind: 'anyone' }
  return personOf(c, services)
}

/**
 * A browser sends its cookie with whatever a foreign page makes it send. So the cookie counts for pages, whose forms are checked for where they
 * come from, and for reading; what changes something by the API, or affirms, asks for a key.
 */
const takesCookie = ({ req: { method, path } }: Asked): boolean =>
  isForPrograms(path) ? method === 'GET' || method === 'HEAD' : !path.startsWith('/affirm/')

async function personOf(c: Asked, services: Services): Promise<Actor | null> {
  if (!takesCookie(c)) return null
  if (services.settings.auth === 'proxy') return personByProxy(c as Context, services)
  const token = sessionTokenOf(c as Context, services)
  const found = token === null ? null : await services.signIn.personOf(token, services.clock.now())
  if (found === null) return null
  c.set('session', found.session)
  return found.person
}

/** Lets a request through to its route, or answers 401 to who is not known and 403 to who may not. */
export const guarding =
  (services: Services) =>
  async (c: Context, next: Next): Promise<Response | undefined> => {
    const asked = asksFor(c)
    // What everybody may have is not kept from anybody by a database that cannot be asked.
    if (asked?.need !== 'nothing') {
      const actor = await actorOf(c, services)
      c.set('actor', actor)
      if (actor === null && asked !== null) return askWho(c, services)
      if (actor?.kind === 'anyone') checkNotForeign(c, services)
      if (actor !== null && asked !== null) checkMay(actor, asked.need, asked.route)
    }
    await next()
    return undefined
  }

function checkMay(actor: Actor, need: Permission, route: string): void {
  if (actor.kind === 'key') checkRouteOfEnv(actor, route)
  if (may(actor, need)) return
  if (actor.kind === 'key') throw lacksScope(actor, need)
  const least = ROLES.find((role) => mayRole(role, need))
  if (actor.kind === 'person')
    throw new Fault('forbidden', `${actor.name} is ${ROLE_WORDS[actor.role]} here. This needs ${ROLE_WORDS[least ?? 'admin']}.`)
  throw new Fault('forbidden', `${nameOf(actor)} may not do this: it needs "${need}".`)
}

/** For an answer that goes on for long: may whoever asked for it still have it? A database that cannot be asked ends nothing. */
export const stillMay = (c: Context, services: Services, need: Permission): Promise<boolean> =>
  actorOf(c, services).then(
    (actor) => actor !== null && may(actor, need),
    (error: unknown) => !(error instanceof Fault),
  )

/** Who sent this request, once it was let through. */
export const actorIn = (c: Context): Actor => knownIn(c) ?? { kind: 'anyone' }

/** The same; null on pages for everybody, where nobody was asked or nobody is known. */
export const knownIn = (c: Context): Actor | null => (c as Asked).get('actor') ?? null

/** The session by which they came. */
export const sessionIn = (c: Context): number | null => (c as Asked).get('session') ?? null

/** The same for the audit log. */
export const authorIn = (c: Context, { settings }: Services): Author => ({
  who: nameOf(actorIn(c)) ?? 'anyone',
  address: peerOf(c, settings.trustedProxies),
})

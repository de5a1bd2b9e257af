import type { Context, Next } from 'hono'
import { matchedRoutes } from 'hono/route'
import { type Actor, may, nameOf, type Permission } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { Fault } from '../domain/fault.ts'
import { type Bindings, peerOf } from './peer.ts'
import type { Services } from './services.ts'

/** What a request needs; `nothing` is for everybody, signed in or not. */
export type Need = Permission | 'nothing'

/**
 * What every route needs, by its method and path as it is mounted: the one list of who may do what. A route that is not in it is refused.
 * `HEAD` is what `GET` is. Tests walk it with every role and scope.
 */
export const ROUTES: Readonly<Record<string, Need>> = {
  'GET /affirm/:event': 'affirm',
  'POST /affirm/:event': 'affirm',
  'PUT /affirm/:event': 'affirm',
  'GET /affirm/:event/:suffix': 'affirm',
  'POST /affirm/:event/:suffix': 'affirm',
  'PUT /affirm/:event/:suffix': 'affirm',
  'POST /api/v1/affirmations': 'affirm',
  'GET /api/v1/events': 'read',
  'POST /api/v1/events': 'write',
  'GET /api/v1/events/:event': 'read',
  'PATCH /api/v1/events/:event': 'write',
  'DELETE /api/v1/events/:event': 'write',
  'GET /api/v1/events/:event/affirmations': 'read',
  'DELETE /api/v1/events/:event/affirmations': 'write',
  'GET /api/v1/events/:event/counts': 'read',
  'GET /api/v1/events/:event/suggestion': 'read',
  'GET /api/v1/expectations': 'read',
  'POST /api/v1/expectations': 'write',
  'POST /api/v1/expectations/preview': 'read',
  'GET /api/v1/expectations/:id': 'read',
  'PATCH /api/v1/expectations/:id': 'write',
  'DELETE /api/v1/expectations/:id': 'write',
  'POST /api/v1/expectations/:id/pause': 'write',
  'POST /api/v1/expectations/:id/resume': 'write',
  'GET /api/v1/expectations/:id/verdicts': 'read',
  'GET /api/v1/verdicts': 'read',
  'GET /api/v1/incidents': 'read',
  'GET /healthz': 'nothing',
  'GET /readyz': 'nothing',
  'GET /metrics': 'read',
  'GET /': 'read',
  'GET /about': 'read',
  'GET /assets/:name': 'nothing',
  'GET /events': 'read',
  'POST /events': 'write',
  'GET /events/:event': 'read',
  'POST /events/:event': 'write',
  'POST /events/:event/sign-off': 'sign',
  'POST /events/:event/delete': 'write',
  'GET /events/:event/expectations/new': 'write',
  'POST /events/:event/expectations': 'write',
  'POST /expectations/preview': 'write',
  'POST /expectations/backtest': 'write',
  'GET /expectations/:id/edit': 'write',
  'POST /expectations/:id': 'write',
  'POST /expectations/:id/pause': 'write',
  'POST /expectations/:id/resume': 'write',
  'GET /expectations/:id/delete': 'write',
  'POST /expectations/:id/delete': 'write',
  'GET /live': 'read',
}

type Asked = Context<{ Bindings: Bindings; Variables: { actor?: Actor } }>

/** What answers this request needs, by {@link ROUTES}; null where nothing answers. */
function needOf(c: Asked): Need | null {
  const route = matchedRoutes(c as Context).findLast(({ method }) => method !== 'ALL')
  if (route === undefined) return null
  const need = ROUTES[`${route.method} ${route.path}`]
  if (need === undefined) throw new Error(`${route.method} ${route.path} is not in the list of routes`)
  return need
}

/** Who sends this request; null: nobody we know, and we ask. */
async function actorOf(_c: Asked, _services: Services): Promise<Actor | null> {
  return { kind: 'anyone' }
}

/** Lets a request through to its route, or answers 401 to who is not known and 403 to who may not. */
export const guarding =
  (services: Services) =>
  async (c: Context, next: Next): Promise<void> => {
    const need = needOf(c)
    if (need !== null) {
      const actor = await actorOf(c, services)
      if (need !== 'nothing') checkMay(actor, need)
      if (actor !== null) c.set('actor', actor)
    }
    await next()
  }

function checkMay(actor: Actor | null, need: Permission): void {
  if (actor === null) throw new Fault('unauthorized', 'Say who you are: send Authorization: Bearer <API key>, or sign in.')
  if (!may(actor, need)) throw new Fault('forbidden', `${nameOf(actor)} may not do this: it needs "${need}".`)
}

/** Who sent this request, once it was let through. */
export const actorIn = (c: Context): Actor => (c.get('actor') as Actor | undefined) ?? { kind: 'anyone' }

/** The same for the audit log. */
export const authorIn = (c: Context, { settings }: Services): Author => ({
  who: nameOf(actorIn(c)) ?? 'anyone',
  address: peerOf(c, settings.trustedProxies),
})

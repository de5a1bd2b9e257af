import { ROUTES } from '../../src/http/routes.ts'
import type { FullSite } from './full-site.ts'

/** What answers `GET` and is no page: what machines read, what is downloaded, and what leads on to another server. */
const NO_PAGES =
  /^GET \/(affirm|affirmative|api|assets)\/|\.(csv|json|ndjson)$|^GET \/(affirm\.js|healthz|readyz|metrics|live|sign-in\/oidc.*)$/

/** The routes of all pages. */
export const PAGE_ROUTES = Object.keys(ROUTES).filter((route) => route.startsWith('GET ') && !NO_PAGES.test(route))

/** Where on a full site each page is seen, in all that it can show; the first is the plain one. */
export const addressesOf = ({ invitation }: Pick<FullSite, 'invitation'>): Record<string, readonly [string, ...string[]]> => ({
  'GET /': ['/', '/?wall', '/?q=/(/'],
  'GET /about': ['/about'],
  'GET /events': ['/events', '/events?q=nothing'],
  'GET /events/:event': [
    '/events/hostile',
    '/events/hostile?span=1d&of=2',
    '/events/late_one?span=30d',
    '/events/waits_for_people',
    '/events/unexpected_one',
  ],
  'GET /events/:event/delete': ['/events/hostile/delete'],
  'GET /events/:event/expectations/new': ['/events/late_one/expectations/new', '/events/hostile/expectations/new?suggest=1'],
  'GET /expectations/:id/edit': ['/expectations/1/edit'],
  'GET /expectations/:id/delete': ['/expectations/1/delete'],
  'GET /incidents': ['/incidents'],
  'GET /incidents/:id': ['/incidents/1', '/incidents/2'],
  'GET /channels': ['/channels'],
  'GET /channels/new': ['/channels/new', '/channels/new?kind=ntfy', '/channels/new?kind=email'],
  'GET /channels/:id': ['/channels/1', '/channels/2'],
  'GET /deliveries': ['/deliveries', '/deliveries?state=withheld'],
  'GET /sign-off': ['/sign-off'],
  'GET /maintenance': ['/maintenance', '/maintenance?plan=again', '/maintenance?event=hostile&for=1h'],
  'GET /maintenance/:id': ['/maintenance/1', '/maintenance/2'],
  'GET /settings': ['/settings'],
  'GET /settings/me': ['/settings/me'],
  'GET /settings/people': ['/settings/people'],
  'GET /settings/people/:id': ['/settings/people/1', '/settings/people/2'],
  'GET /settings/keys': ['/settings/keys'],
  'GET /settings/keys/:id/revoke': ['/settings/keys/1/revoke'],
  'GET /settings/audit': ['/settings/audit', '/settings/audit?from=never'],
  'GET /shortcuts': ['/shortcuts'],
  'GET /sign-in': ['/sign-in'],
  'GET /welcome/:token': [invitation],
})

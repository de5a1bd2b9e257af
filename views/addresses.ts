import type { MainPage } from './models.frame.ts'

/** Where things are. Forms post to the same places (see the routes in `src/http/pages`). */

export const eventPath = (event: string): string => `/events/${encodeURIComponent(event)}`
export const newExpectationPath = (event: string): string => `${eventPath(event)}/expectations/new`
export const incidentPath = (id: number): string => `/incidents/${id}`
export const keysPath = '/settings/keys'
export const channelPath = (id: number): string => `/channels/${id}`
/** The message that stood for the many of a flood. */
export const digestPath = (flood: number): string => `/deliveries?flood=${flood}`
export const maintenancePath = '/maintenance'
export const expectationPath = (id: number): string => `/expectations/${id}`
/** Where an event (all of them: an empty one) is signed off, `env` being the environment that page is narrowed to. */
export const signOffPath = (event: string, env: string): string =>
  withQuery(event === '' ? '/sign-off' : `/sign-off/${encodeURIComponent(event)}`, { env })
/** Where an event stands on that page. */
export const askId = (event: string, env: string): string => `for-${event}-${env}`

export const withdrawLinkPath = (id: number): string => `/settings/people/links/${id}/withdraw`
export const personPath = (id: number): string => `/settings/people/${id}`
/** To sign in and come back to `to`, a path of ours. */
export const signInPath = (to: string): string => withQuery('/sign-in', { to: to === '/' ? '' : to })

export const PAGE_PATHS: Readonly<Record<MainPage, string>> = {
  board: '/',
  'sign-off': '/sign-off',
  incidents: '/incidents',
  events: '/events',
  channels: '/channels',
  settings: '/settings',
}

/** The board for a screen on a wall, with the same filter. */
export const wallPath = (filter: Readonly<Record<string, string>>): string => {
  const { search } = new URL(withQuery('/', filter), 'http://here.invalid')
  return search === '' ? '/?wall' : `/?wall&${search.slice(1)}`
}

/** The path with those parameters that are not empty, in the order given. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== '' && value !== 0) query.set(name, `${value}`)
  return query.size === 0 ? path : `${path}?${query}`
}

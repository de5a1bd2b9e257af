/** Where things are. Forms post to the same places (see the routes in `src/http/pages`). */

export const eventPath = (event: string): string => `/events/${encodeURIComponent(event)}`
export const newExpectationPath = (event: string): string => `${eventPath(event)}/expectations/new`
export const keysPath = '/settings/keys'
export const expectationPath = (id: number): string => `/expectations/${id}`

export const personPath = (id: number): string => `/settings/people/${id}`
/** To sign in and come back to `to`, a path of ours. */
export const signInPath = (to: string): string => withQuery('/sign-in', { to: to === '/' ? '' : to })

/** The path with those parameters that are not empty, in the order given. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== '' && value !== 0) query.set(name, `${value}`)
  return query.size === 0 ? path : `${path}?${query}`
}

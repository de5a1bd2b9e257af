import type { Context } from 'hono'
import { signInPath } from '../../views/addresses.ts'
import { Fault } from '../domain/fault.ts'
import { wantsPage } from './wants-page.ts'

/** Something that an open page fetches for itself: it must not get the sign-in page in place of it. */
function isPiece(c: Context): boolean {
  const mode = c.req.header('sec-fetch-mode')
  return c.req.header('hx-request') !== undefined || (mode !== undefined && mode !== 'navigate')
}

/**
 * The answer to somebody we do not know: a page leads to signing in and back. Everything else is 401, by which an open page can tell; a form,
 * too, so that what was typed is still there after going back.
 */
export function askWho(c: Context): Response {
  const { pathname, search } = new URL(c.req.url)
  const isPage = wantsPage(c)
  if (isPage && c.req.method === 'GET' && !isPiece(c)) return c.redirect(signInPath(pathname + search), 303)
  throw new Fault('unauthorized', isPage ? NOT_SIGNED_IN : NO_KEY)
}

const NOT_SIGNED_IN =
  'You are not signed in (any more), so nothing was done. Sign in in another tab, go back in this one and try again: what you typed is still there.'
const NO_KEY =
  'Say who you are: send Authorization: Bearer <API key>. The session of a browser counts here only for reading (GET), never for a change.'

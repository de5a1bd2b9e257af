import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { DAY, SECOND } from '../domain/time.ts'
import { isSecure } from './secure.ts'
import type { Services } from './services.ts'

const NAME = 'affirmative'
const LONGEST = (90 * DAY) / SECOND
const SHAPE = /^[\w-]{43}$/

/** Only a page of this very host can set a cookie with this prefix, and only over https; plain http has to do without. */
const prefixOf = (c: Context, services: Services) => (isSecure(c, services) ? ({ prefix: 'host' } as const) : {})

/** Signs this browser in. */
export function setSession(c: Context, services: Services, token: string): void {
  const secure = isSecure(c, services)
  setCookie(c, NAME, token, { ...prefixOf(c, services), path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge: LONGEST })
}

/** Takes the cookie back. */
export function clearSession(c: Context, services: Services): void {
  deleteCookie(c, NAME, { ...prefixOf(c, services), path: '/', secure: isSecure(c, services) })
}

/** What the browser shows; null for none, or for what cannot be one of ours. */
export function sessionTokenOf(c: Context, services: Services): string | null {
  const token = isSecure(c, services) ? getCookie(c, NAME, 'host') : getCookie(c, NAME)
  return token !== undefined && SHAPE.test(token) ? token : null
}

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { DAY, SECOND } from '../domain/time.ts'
import { isSecure } from './secure.ts'
import type { Services } from './services.ts'

const NAME = 'affirmative-device'
const PATH = '/'
const KEPT_FOR = (365 * DAY) / SECOND

/** What this browser has to show from the last time somebody signed in with it. */
export const deviceIn = (c: Context): string | null => getCookie(c, NAME)?.slice(0, 200) ?? null

/** It opens nothing: it only says that this browser is no stranger to that person. */
export function setDevice(c: Context, services: Services, device: string): void {
  setCookie(c, NAME, device, { path: PATH, httpOnly: true, sameSite: 'Lax', secure: isSecure(c, services), maxAge: KEPT_FOR })
}

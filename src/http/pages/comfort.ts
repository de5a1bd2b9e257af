import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { LEADS, LOOKS } from '../../../views/models.frame.ts'
import { ShortcutsPage } from '../../../views/pages/shortcuts.tsx'
import { invalid } from '../../domain/fault.ts'
import { DAY, SECOND } from '../../domain/time.ts'
import type { Services } from '../services.ts'
import { readForm } from './form.ts'
import { frameOf } from './frame.ts'
import { pathBack } from './own-path.ts'

const YEAR = (365 * DAY) / SECOND

/** Keeps one of the choices that a form of the foot offers in a cookie of that name, and goes back to where one was. */
const keeping = (name: string, choices: readonly string[]) => async (c: Context) => {
  const posted = await readForm(c)
  const chosen = posted(name)
  if (!choices.includes(chosen)) throw invalid([{ path: name, detail: `must be one of ${choices.join(', ')}` }])
  setCookie(c, name, chosen, { path: '/', maxAge: YEAR, sameSite: 'Lax', httpOnly: true })
  return c.redirect(pathBack(posted('back')), 303)
}

/** How this browser wants the pages: `POST /look`, `POST /times`; and what keys they have: `GET /shortcuts`. */
export const comfortRoutes = (services: Services): Hono =>
  new Hono()
    .post('/look', keeping('look', LOOKS))
    .post('/times', keeping('times', LEADS))
    .get('/shortcuts', async (c) => c.html(ShortcutsPage({ frame: await frameOf(c, services) })))

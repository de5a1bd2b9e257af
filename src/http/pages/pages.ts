import type { Context, Next } from 'hono'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { csrf } from 'hono/csrf'
import type { Services } from '../services.ts'
import { aboutRoutes } from './about.ts'
import { assetRoutes } from './assets.ts'
import { withoutBlanks } from './blanks.ts'
import { boardRoutes } from './board.ts'
import { comfortRoutes } from './comfort.ts'
import { eventPageRoutes } from './event.ts'
import { eventsPageRoutes } from './events.ts'
import { expectationPageRoutes } from './expectation.ts'
import { liveRoutes } from './live.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Set before the page is made: a header set after it would have the whole answer made again. */
async function guard(c: Context, next: Next): Promise<void> {
  c.header('content-security-policy', POLICY)
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'same-origin')
  c.header('x-frame-options', 'DENY')
  c.header('cross-origin-opener-policy', 'same-origin')
  await next()
}

/** Everything for people. Forms are taken from our own pages only. */
export function pageRoutes(services: Services): Hono {
  const app = new Hono()
  const paths = ['/', '/about', '/events', '/events/*', '/expectations/*', '/look', '/times', '/shortcuts']
  for (const path of paths) app.use(path, compress(), guard, csrf(), withoutBlanks)
  app.use('/assets/*', compress())
  app.route('/', aboutRoutes(services))
  app.route('/', boardRoutes(services))
  app.route('/', comfortRoutes(services))
  app.route('/', eventsPageRoutes(services))
  app.route('/', eventPageRoutes(services))
  app.route('/', expectationPageRoutes(services))
  app.route('/', liveRoutes(services))
  app.route('/', assetRoutes())
  return app
}

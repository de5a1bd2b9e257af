import type { Context, Next } from 'hono'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { csrf } from 'hono/csrf'
import { refuseForeignForms } from '../foreign.ts'
import { isOwnOrigin } from '../secure.ts'
import type { Services } from '../services.ts'
import { aboutRoutes } from './about.ts'
import { assetRoutes } from './assets.ts'
import { auditPageRoutes } from './audit.ts'
import { withoutBlanks } from './blanks.ts'
import { boardRoutes } from './board.ts'
import { channelPageRoutes } from './channel.ts'
import { channelsPageRoutes } from './channels.ts'
import { comfortRoutes } from './comfort.ts'
import { deliveriesPageRoutes } from './deliveries.ts'
import { eventPageRoutes } from './event.ts'
import { eventsPageRoutes } from './events.ts'
import { eventsExportRoutes } from './events-export.ts'
import { expectationPageRoutes } from './expectation.ts'
import { incidentPageRoutes } from './incident.ts'
import { incidentsPageRoutes } from './incidents.ts'
import { keyPageRoutes } from './keys.ts'
import { liveRoutes } from './live.ts'
import { maintenancePageRoutes } from './maintenance.ts'
import { meRoutes } from './me.ts'
import { setPageHeaders } from './page-headers.ts'
import { peopleRoutes } from './people.ts'
import { personRoutes } from './person.ts'
import { settingsRoutes } from './settings.ts'
import { severalRoutes } from './several.ts'
import { signInRoutes } from './sign-in.ts'
import { signInOidcRoutes } from './sign-in-oidc.ts'
import { signOffRoutes } from './sign-off.ts'
import { welcomeRoutes } from './welcome.ts'

async function guard(c: Context, next: Next): Promise<void> {
  setPageHeaders(c)
  await next()
}

const PATHS = [
  '/',
  '/about',
  '/channels',
  '/channels/*',
  '/deliveries',
  '/events',
  '/events.csv',
  '/events.json',
  '/events/*',
  '/expectations/*',
  '/look',
  '/times',
  '/shortcuts',
  '/incidents',
  '/incidents/*',
  '/maintenance',
  '/maintenance/*',
  '/settings/*',
  '/sign-in',
  '/sign-off',
  '/sign-off/*',
  '/sign-in/*',
  '/sign-out',
  '/welcome/*',
]

/** Everything for people. Forms are taken from our own pages only. */
export function pageRoutes(services: Services): Hono {
  const app = new Hono()
  const fromOurs = csrf({ origin: (origin, c) => isOwnOrigin(origin, c, services) })
  for (const path of PATHS) app.use(path, compress(), guard, refuseForeignForms, fromOurs, withoutBlanks)
  app.use('/assets/*', compress())
  app.route('/', aboutRoutes(services))
  app.route('/', boardRoutes(services))
  app.route('/', comfortRoutes(services))
  app.route('/', eventsPageRoutes(services))
  app.route('/', eventsExportRoutes(services))
  app.route('/', severalRoutes(services))
  app.route('/', eventPageRoutes(services))
  app.route('/', expectationPageRoutes(services))
  app.route('/', signOffRoutes(services))
  app.route('/', incidentsPageRoutes(services))
  app.route('/', incidentPageRoutes(services))
  app.route('/', channelsPageRoutes(services))
  app.route('/', channelPageRoutes(services))
  app.route('/', deliveriesPageRoutes(services))
  app.route('/', keyPageRoutes(services))
  app.route('/', maintenancePageRoutes(services))
  app.route('/', settingsRoutes(services))
  app.route('/', auditPageRoutes(services))
  app.route('/', liveRoutes(services))
  app.route('/', signInRoutes(services))
  app.route('/', signInOidcRoutes(services))
  app.route('/', welcomeRoutes(services))
  app.route('/', meRoutes(services))
  app.route('/', peopleRoutes(services))
  app.route('/', personRoutes(services))
  app.route('/', assetRoutes())
  return app
}

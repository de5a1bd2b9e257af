import { type Context, Hono, type Next } from 'hono'
import { Fault } from '../domain/fault.ts'
import { guarding } from './access.ts'
import { affirmScriptRoutes } from './affirm-script.ts'
import { answerTo } from './answer.ts'
import { affirmRoutes } from './api/affirm.ts'
import { affirmationsRoutes } from './api/affirmations.ts'
import { auditRoutes } from './api/audit.ts'
import { channelsRoutes } from './api/channels.ts'
import { deliveriesRoutes } from './api/deliveries.ts'
import { eventsRoutes } from './api/events.ts'
import { expectationsRoutes } from './api/expectations.ts'
import { healthRoutes } from './api/health.ts'
import { incidentsRoutes } from './api/incidents.ts'
import { keysRoutes } from './api/keys.ts'
import { maintenanceRoutes } from './api/maintenance.ts'
import { metricsRoutes } from './api/metrics.ts'
import { placesRoutes } from './api/places.ts'
import { suggestionRoutes } from './api/suggestion.ts'
import { API_HEADERS } from './api-headers.ts'
import { originalRoutes } from './compat/routes.ts'
import { sharing } from './cors.ts'
import { wrongHost } from './hosts.ts'
import { pageRoutes } from './pages/pages.ts'
import { problemPage } from './pages/problem-page.ts'
import type { Bindings } from './peer.ts'
import { problem, problemOf } from './problem.ts'
import type { Services } from './services.ts'
import { wantsPage } from './wants-page.ts'

/** The whole HTTP side: API and pages. No port of its own: tests call `app.request`. */
export function anApp(services: Services): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()

  const answer = (c: Context, response: Response) => (wantsPage(c) ? problemPage(c, services, response) : response)
  app.onError((error, c) => answer(c, answerTo(error, c.req.method, c.req.path, services)))
  app.notFound((c) => answer(c, nothingAt(c, app)))

  // Before anything is read, and never as a page: a foreign one would be told what stands around it.
  app.use(async (c, next) => (services.hosts(c.req.header('host')) ? next() : problemOf(wrongHost())))
  // Before anybody is asked who they are: a browser asks for leave without the key.
  app.use(sharing(services))
  app.use(guarding(services))
  app.route('/', affirmScriptRoutes())
  app.route('/', affirmRoutes(services))
  app.use('/api/v1/*', toPrograms(services))
  app.use('/affirmative/*', toPrograms(services))
  app.route('/api/v1', affirmationsRoutes(services))
  app.route('/api/v1', eventsRoutes(services))
  app.route('/api/v1', expectationsRoutes(services))
  app.route('/api/v1', incidentsRoutes(services))
  app.route('/api/v1', channelsRoutes(services))
  app.route('/api/v1', deliveriesRoutes(services))
  app.route('/api/v1', maintenanceRoutes(services))
  app.route('/api/v1', placesRoutes(services))
  app.route('/api/v1', keysRoutes(services))
  app.route('/api/v1', auditRoutes(services))
  app.route('/api/v1', suggestionRoutes(services))
  app.route('/affirmative', originalRoutes(services))
  app.route('/', healthRoutes(services))
  app.route('/', metricsRoutes(services))
  app.route('/', pageRoutes(services))
  return app
}

/** What is answered to programs, kept by nobody; open pages hear of what they change. */
const toPrograms =
  ({ changes }: Services) =>
  async (c: Context, next: Next): Promise<void> => {
    // Before the answer is made: a header set after it would have all of it made again.
    for (const [name, value] of Object.entries(API_HEADERS)) c.header(name, value)
    await next()
    if (c.res.status < 300 && c.req.method !== 'GET' && c.req.method !== 'HEAD') changes.tell()
  }

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The methods that something answers at this path. */
function methodsAt(app: Hono<{ Bindings: Bindings }>, path: string): string[] {
  const answers = (method: string) => app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  return METHODS.filter(answers).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

function nothingAt({ req: { method, path } }: Context, app: Hono<{ Bindings: Bindings }>): Response {
  const methods = methodsAt(app, path)
  if (methods.length === 0) return problem(404, `There is nothing at ${method} ${path.slice(0, 200)}.`)
  const response = problemOf(
    new Fault('method-not-allowed', `${method} is not possible at ${path.slice(0, 200)}; possible: ${methods.join(', ')}.`),
  )
  // RFC 9110 asks for it beside a 405.
  response.headers.set('allow', methods.join(', '))
  return response
}

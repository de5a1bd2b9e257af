import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Fault } from '../domain/fault.ts'
import { isDatabaseTrouble } from '../store/trouble.ts'
import { affirmRoutes } from './api/affirm.ts'
import { affirmationsRoutes } from './api/affirmations.ts'
import { eventsRoutes } from './api/events.ts'
import { expectationsRoutes } from './api/expectations.ts'
import { healthRoutes } from './api/health.ts'
import { pageRoutes } from './pages/pages.ts'
import { problemPage, wantsPage } from './pages/problem-page.ts'
import type { Bindings } from './peer.ts'
import { problem, problemOf } from './problem.ts'
import type { Services } from './services.ts'

/** The whole HTTP side: API and pages. No port of its own: tests call `app.request`. */
export function anApp(services: Services): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()

  const answer = (c: Context, response: Response) => (wantsPage(c) ? problemPage(c, services, response) : response)
  app.onError((error, c) => answer(c, answerTo(error, c, services)))
  app.notFound((c) => answer(c, nothingAt(c, app)))

  app.route('/', affirmRoutes(services))
  app.use('/api/v1/*', async (c, next) => {
    await next()
    if (c.req.method !== 'GET') services.changes.tell()
  })
  app.route('/api/v1', affirmationsRoutes(services))
  app.route('/api/v1', eventsRoutes(services))
  app.route('/api/v1', expectationsRoutes(services))
  app.route('/', healthRoutes(services))
  app.route('/', pageRoutes(services))
  return app
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

/** A fault is told as it is; anything else is a bug: logged with an id that the answer names. */
function answerTo(error: Error, c: Context, { log }: Services): Response {
  if (error instanceof Fault) return problemOf(error)
  // A form of a foreign page, refused by the framework's own check.
  if (error instanceof HTTPException)
    return problem(error.status, 'This form was not sent by a page of this server, so nothing was done.')
  if (isDatabaseTrouble(error)) {
    log.error({ err: error }, 'the database could not answer')
    return problemOf(
      new Fault('unavailable', 'The database cannot be asked right now. Nothing was changed; try again in a few seconds.'),
    )
  }
  const id = randomUUID()
  log.error({ err: error, request: id, method: c.req.method, path: c.req.path }, 'a request failed')
  return problem(500, `Something went wrong here, not with your request. It is in the log as ${id}.`, {
    instance: `urn:uuid:${id}`,
  })
}

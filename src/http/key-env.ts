import type { Actor, Key } from '../domain/access.ts'
import { isOfEnv } from '../domain/access.ts'
import { Fault } from '../domain/fault.ts'

/**
 * What a key of one environment may ask for; each of these keeps it to its own. All else is refused: it shows or changes what belongs to all
 * environments.
 */
export const ROUTES_OF_ENVS: ReadonlySet<string> = new Set([
  'GET /affirm/:event',
  'POST /affirm/:event',
  'PUT /affirm/:event',
  'GET /affirm/:event/:suffix',
  'POST /affirm/:event/:suffix',
  'PUT /affirm/:event/:suffix',
  'POST /api/v1/affirmations',
  'GET /api/v1/events',
  'POST /api/v1/events',
  'GET /api/v1/events/:event',
  'GET /api/v1/events/:event/affirmations',
  'GET /api/v1/events/:event/counts',
  'GET /api/v1/events/:event/suggestion',
  'GET /api/v1/expectations',
  'POST /api/v1/expectations',
  'POST /api/v1/expectations/preview',
  'GET /api/v1/expectations/:id',
  'PATCH /api/v1/expectations/:id',
  'DELETE /api/v1/expectations/:id',
  'POST /api/v1/expectations/:id/pause',
  'POST /api/v1/expectations/:id/resume',
  'GET /api/v1/expectations/:id/verdicts',
  'GET /api/v1/verdicts',
  'GET /api/v1/incidents',
  'GET /api/v1/incidents/:id',
  'POST /api/v1/incidents/:id/acknowledge',
  'POST /api/v1/incidents/:id/comments',
  'POST /api/v1/incidents/:id/assign',
  'POST /api/v1/incidents/:id/snooze',
  'POST /affirmative/store',
  'POST /affirmative/simplest',
  'GET /affirmative/events/:name',
  'GET /affirmative/get_event_config',
  'GET /affirmative/get_check_history',
  'POST /affirmative/register_event',
  'POST /affirmative/update_event_config',
  'POST /affirmative/unregister_event',
  'GET /affirmative/do_minutely_cron',
  'GET /affirmative/do_minutely_cron_dont_touch_this',
  'GET /affirmative/check_all',
  'GET /affirmative/do_check/:key',
])

const isLimited = (actor: Actor): actor is Key & { env: string } => actor.kind === 'key' && actor.env !== null

/** Throws `forbidden` where a key of one environment has nothing to do. `route` as it is in the list of routes. */
export function checkRouteOfEnv(actor: Actor, route: string): void {
  if (isLimited(actor) && !ROUTES_OF_ENVS.has(route))
    throw new Fault(
      'forbidden',
      `The API key "${actor.name}" is for the environment ${actor.env} alone, and this concerns all of them: it needs a key without one.`,
    )
}

/** The environment that is meant: as asked, or the only one that the key is for; undefined for the server's default, or for all. */
export function envFor(actor: Actor, asked: string | undefined): string | undefined {
  if (!isLimited(actor)) return asked
  checkEnv(actor, asked ?? actor.env)
  return actor.env
}

/** Throws `forbidden` when whoever asks is kept to another environment. */
export function checkEnv(actor: Actor, env: string): void {
  const fault = otherEnv(actor, env)
  if (fault !== null) throw fault
}

/** One of several affirmations in the environment that is meant, or the fault that rejects it alone. */
export function keptToEnv<T extends { env: string | undefined }>(actor: Actor, asked: T | Fault): T | Fault {
  if (asked instanceof Fault || !isLimited(actor)) return asked
  return asked.env === undefined ? { ...asked, env: actor.env } : (otherEnv(actor, asked.env) ?? asked)
}

const otherEnv = (actor: Actor, env: string): Fault | null =>
  isLimited(actor) && !isOfEnv(actor, env)
    ? new Fault(
        'forbidden',
        `The API key "${actor.name}" is for the environment ${actor.env} alone, not for ${env.slice(0, 64)}.`,
      )
    : null

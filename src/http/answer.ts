import { randomUUID } from 'node:crypto'
import { HTTPException } from 'hono/http-exception'
import { Fault } from '../domain/fault.ts'
import { isDatabaseTrouble } from '../store/trouble.ts'
import { problem, problemOf } from './problem.ts'
import type { Services } from './services.ts'

/** A fault is told as it is; anything else is a bug: logged with an id that the answer names. */
export function answerTo(error: unknown, method: string, path: string, { log }: Services): Response {
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
  log.error({ err: error, request: id, method, path }, 'a request failed')
  return problem(500, `Something went wrong here, not with your request. It is in the log as ${id}.`, {
    instance: `urn:uuid:${id}`,
  })
}

import type { Context, Next } from 'hono'
import { Fault } from '../domain/fault.ts'
import { isAllowedToAffirm } from './cors.ts'
import { isForPrograms } from './for-programs.ts'
import { isOwnOrigin } from './secure.ts'
import type { Services } from './services.ts'

const SAFE = /^(GET|HEAD|OPTIONS)$/

/** Does the browser say that a page of another site, or of another name of ours, made it send this? Only a browser can say so, and no page can change it. */
const saysForeign = ({ req }: Context): boolean => /^(cross|same)-site$/.test(req.header('sec-fetch-site') ?? '')

const changes = ({ req: { method, path } }: Context): boolean =>
  path.startsWith('/affirm/') || (isForPrograms(path) && !SAFE.test(method))

/**
 * Throws `forbidden` where a foreign page in somebody's browser affirms, or changes something by the API (the original's URLs are one, too). For
 * requests that nobody was asked for: those with a key cannot come from there. Pages of AFFIRMATIVE_ALLOWED_ORIGINS may affirm. Programs send
 * neither of the two headers.
 */
export function checkNotForeign(c: Context, services: Pick<Services, 'settings' | 'hosts'>): void {
  if (!changes(c) || isAllowedToAffirm(c, services)) return
  const origin = c.req.header('origin')
  if (saysForeign(c) || (origin !== undefined && !isOwnOrigin(origin, c, services)))
    throw new Fault(
      'forbidden',
      'A page of another site made your browser send this, so nothing was done. Programs may, and pages may link to the sign-off of an event.',
    )
}

/** Lets no form through that a foreign page sent, whatever it claims to be written in. */
export async function refuseForeignForms(c: Context, next: Next): Promise<void> {
  if (!SAFE.test(c.req.method) && saysForeign(c))
    throw new Fault('forbidden', 'This form was not sent by a page of this server, so nothing was done.')
  await next()
}

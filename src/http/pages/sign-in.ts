import { type Context, Hono } from 'hono'
import type { SignInField } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { SignInPage, troubleInWords } from '../../../views/pages/sign-in.tsx'
import { spanInWords } from '../../../views/words.ts'
import { Fault } from '../../domain/fault.ts'
import { SECOND } from '../../domain/time.ts'
import { isDatabaseTrouble } from '../../store/trouble.ts'
import { deviceIn } from '../device-cookie.ts'
import { type Bindings, peerOf } from '../peer.ts'
import type { Services } from '../services.ts'
import { clearSession, sessionTokenOf } from '../session-cookie.ts'
import { enter } from './enter.ts'
import { readForm } from './form.ts'
import { frameOf } from './frame.ts'
import { checkAsks, openPage } from './open-page.ts'
import { ownPath } from './own-path.ts'

const WRONG = 'The name or the password is not right.'
const STILL_THERE =
  'This browser is signed out: it has forgotten your session. The database cannot be asked right now, so the session itself ends only by its age. Under your name you can end it sooner, when you have signed in again.'
const formOf = (name: string): FormState<SignInField> => ({ values: { name, password: '' }, errors: {} })

/** What is thrown where a session could not be ended. */
function notEnded(error: unknown, { log }: Services): unknown {
  if (!isDatabaseTrouble(error)) return error
  log.error({ err: error }, 'somebody signed out and the database could not answer: the session stands')
  return new Fault('unavailable', STILL_THERE)
}

/** `GET /sign-in`, signing in there, and signing out. */
export function signInRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { signIn, clock, settings, oidc } = services
  const app = new Hono<{ Bindings: Bindings }>()

  const provider = oidc?.name ?? null
  const { hasPasswords } = settings
  const page = async (c: Context, name: string, to: string, trouble: string | null, status: 200 | 422 | 429) => {
    const frame = await frameOf(c, services)
    return c.html(SignInPage({ page: { frame, form: formOf(name), to, trouble, provider, hasPasswords } }), status)
  }

  app.get('/sign-in', async (c) => {
    const to = ownPath(c.req.query('to') ?? '/')
    if (settings.auth === 'proxy') return c.redirect(to, 303)
    const trouble = provider === null ? null : troubleInWords(c.req.query('trouble'), provider)
    return (await openPage(c, services, 'Sign in')) ?? page(c, '', to, trouble, 200)
  })

  app.post('/sign-in', async (c) => {
    checkAsks(services)
    if (!hasPasswords) throw new Fault('forbidden', 'Nobody signs in by a password here (AFFIRMATIVE_PASSWORDS=off).')
    const posted = await readForm(c)
    const [name, to] = [posted('name').trim(), ownPath(posted('to'))]
    const address = peerOf(c, settings.trustedProxies)
    const proof = await signIn.prove({ name, password: posted('password'), address, device: deviceIn(c) }, clock.now())
    if (proof.kind === 'wrong') return page(c, name, to, WRONG, 422)
    if (proof.kind === 'wait') {
      c.header('retry-after', String(Math.ceil(proof.for / SECOND)))
      return page(c, name, to, `That were too many tries. Try again in ${spanInWords(proof.for)}.`, 429)
    }
    await enter(c, services, proof.person, proof.proved)
    return c.redirect(to, 303)
  })

  app.post('/sign-out', async (c) => {
    const token = sessionTokenOf(c, services)
    // First: whoever leaves a browser has left it, whatever the database says.
    clearSession(c, services)
    if (token !== null)
      await signIn.signOut(token).catch((error: unknown) => {
        throw notEnded(error, services)
      })
    return c.redirect('/sign-in?done=signed-out', 303)
  })

  return app
}

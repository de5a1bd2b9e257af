import { type Context, Hono } from 'hono'
import type { PasswordField } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { MePage } from '../../../views/pages/me.tsx'
import { spanInWords } from '../../../views/words.ts'
import type { Person } from '../../domain/access.ts'
import { Fault, type FieldError, invalid } from '../../domain/fault.ts'
import { actorIn, authorIn, sessionIn } from '../access.ts'
import { deviceIn } from '../device-cookie.ts'
import { peerOf } from '../peer.ts'
import type { Services } from '../services.ts'
import { knowDevice } from './enter.ts'
import { attempt, mistaken, type Posted, readForm } from './form.ts'
import { frameOf } from './frame.ts'
import { newPasswordErrors } from './new-password.ts'
import { checkAsks, openPage } from './open-page.ts'
import { chosenSession, sessionViews } from './sessions.ts'

const FIELDS = ['old', 'password', 'again'] as const satisfies readonly PasswordField[]
const NOTHING: Record<PasswordField, string> = { old: '', password: '', again: '' }
const BLANK: FormState<PasswordField> = { values: NOTHING, errors: {} }

function meIn(c: Context): Person {
  const actor = actorIn(c)
  if (actor.kind === 'person') return actor
  throw new Fault('forbidden', 'This page is for people who are signed in.')
}

/** `GET /settings/me`, and what its forms do. */
export function meRoutes(services: Services): Hono {
  const { people, signIn, clock, settings } = services
  const app = new Hono()

  const page = async (c: Context, change: FormState<PasswordField>, status: 200 | 422 = 200) => {
    const person = await people.person(meIn(c).id)
    const sessions = sessionViews(await signIn.sessionsOf(person.id, clock.now()), sessionIn(c))
    return c.html(MePage({ page: { frame: await frameOf(c, services), person, sessions, change } }), status)
  }

  /** Whoever found an open browser must not be able to guess on. */
  const prove = async (c: Context, { name }: Person, password: string): Promise<string> => {
    const address = peerOf(c, settings.trustedProxies)
    const proof = await signIn.prove({ name, password, address, device: deviceIn(c) }, clock.now())
    if (proof.kind === 'known') return proof.proved
    const detail = proof.kind === 'wrong' ? 'is not your password' : `too many tries: again in ${spanInWords(proof.for)}`
    throw invalid([{ path: 'old', detail }])
  }

  const change = async (c: Context, posted: Posted): Promise<void> => {
    const me = meIn(c)
    const errors: FieldError[] = newPasswordErrors(posted, me.name)
    if (errors.length > 0) throw invalid(errors)
    const proved = await prove(c, me, posted('old'))
    await people.changePassword(
      me,
      { password: posted('password'), proved },
      sessionIn(c) ?? 0,
      authorIn(c, services),
      clock.now(),
    )
    await knowDevice(c, services, me)
  }

  app.get('/settings/me', async (c) => (await openPage(c, services, 'Me')) ?? page(c, BLANK))

  app.use('/settings/me/*', async (_, next) => {
    checkAsks(services)
    await next()
  })

  app.post('/settings/me/password', async (c) => {
    const posted = await readForm(c)
    const tried = await attempt(() => change(c, posted))
    if ('errors' in tried) return page(c, mistaken(FIELDS, NOTHING, tried.errors), 422)
    return c.redirect('/settings/me?done=saved', 303)
  })

  app.post('/settings/me/sessions/end', async (c) => {
    const which = chosenSession((await readForm(c))('session'), sessionIn(c))
    await signIn.end(meIn(c).id, which, null, clock.now())
    return c.redirect('/settings/me?done=saved', 303)
  })

  return app
}

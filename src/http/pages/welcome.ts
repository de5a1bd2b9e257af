import { type Context, Hono } from 'hono'
import type { WelcomeField } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { WelcomePage } from '../../../views/pages/welcome.tsx'
import { Fault, type FieldError } from '../../domain/fault.ts'
import { isPersonName, PERSON_RULE } from '../../domain/people.ts'
import type { OpenLink } from '../../services/links.ts'
import { type Bindings, peerOf } from '../peer.ts'
import type { Services } from '../services.ts'
import { enter } from './enter.ts'
import { attempt, mistaken, type Posted, readForm } from './form.ts'
import { frameOf } from './frame.ts'
import { newPasswordErrors } from './new-password.ts'
import { checkAsks } from './open-page.ts'

const FIELDS = ['name', 'password', 'again'] as const satisfies readonly WelcomeField[]
const valuesOf = (name: string): Record<WelcomeField, string> => ({ name, password: '', again: '' })

function errorsIn(posted: Posted, name: string): FieldError[] {
  const wrongName = isPersonName(name) ? [] : [{ path: 'name', detail: PERSON_RULE }]
  return [...wrongName, ...newPasswordErrors(posted, name)]
}

/** `GET /welcome/:token`, and what its form does: links that work once. */
export function welcomeRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { links, clock, settings } = services
  const app = new Hono<{ Bindings: Bindings }>()

  const linkOf = async (c: Context): Promise<OpenLink> => {
    checkAsks(services)
    const found = await links.find(c.req.param('token') ?? '', clock.now())
    if (found !== null) return found
    throw new Fault('not-found', 'This link does not work: it was used, or it is too old. Whoever made it can make another one.')
  }

  const page = async (c: Context, { kind, role, name }: OpenLink, form: FormState<WelcomeField>, status: 200 | 422) =>
    c.html(
      WelcomePage({ page: { frame: await frameOf(c, services), kind, role, name, token: c.req.param('token') ?? '', form } }),
      status,
    )

  app.get('/welcome/:token', async (c) => page(c, await linkOf(c), { values: valuesOf(''), errors: {} }, 200))

  app.post('/welcome/:token', async (c) => {
    const link = await linkOf(c)
    const posted = await readForm(c)
    const name = link.name ?? posted('name').trim()
    const refuse = (errors: readonly FieldError[]) => page(c, link, mistaken(FIELDS, valuesOf(name), errors), 422)
    const errors = errorsIn(posted, name)
    if (errors.length > 0) return refuse(errors)
    const address = peerOf(c, settings.trustedProxies)
    const tried = await attempt(() =>
      links.use(c.req.param('token'), { name, password: posted('password') }, address, clock.now()),
    )
    if ('errors' in tried) return refuse(tried.errors)
    await enter(c, services, tried.result)
    return c.redirect('/', 303)
  })

  return app
}

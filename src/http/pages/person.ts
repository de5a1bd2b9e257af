import { type Context, Hono } from 'hono'
import { personPath, withQuery } from '../../../views/addresses.ts'
import type { NewLink } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { PersonPage } from '../../../views/pages/person.tsx'
import type { Account } from '../../domain/people.ts'
import { checkHasPassword } from '../../services/links.ts'
import { authorIn, sessionIn } from '../access.ts'
import { idOf } from '../query.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm } from './form.ts'
import { baseUrlOf, frameOf } from './frame.ts'
import { aOnce, newFormId } from './once.ts'
import { checkAsks, checkKnown, openPage } from './open-page.ts'
import { roleForm } from './people.ts'
import { letsIn, personView } from './person-views.ts'
import { chosenSession, sessionViews } from './sessions.ts'

type Shown = { role?: FormState<'role'>; renew?: FormState<'form'>; link?: NewLink; status?: 200 | 422 }

/** `GET /settings/people/:id`, and what its forms do. */
export function personRoutes(services: Services): Hono {
  const { people, links, signIn, clock } = services
  const once = aOnce()
  const app = new Hono()
  const personOf = (c: Context) => people.person(idOf(c, 'person'))
  const backTo = (c: Context, { id }: Account) => c.redirect(withQuery(personPath(id), { done: 'saved' }), 303)

  const page = async (c: Context, person: Account, { role, renew, link, status = 200 }: Shown = {}) => {
    const sessions = sessionViews(await signIn.sessionsOf(person.id, clock.now()), sessionIn(c))
    const form = role ?? { values: { role: person.role }, errors: {} }
    const frame = await frameOf(c, services)
    const forms = { role: form, renew: renew ?? { values: { form: newFormId() }, errors: {} } }
    return c.html(
      PersonPage({
        page: { frame, person: personView(person, services), letsIn: letsIn(services), sessions, ...forms, link: link ?? null },
      }),
      status,
    )
  }

  app.get('/settings/people/:id', async (c) => (await openPage(c, services, 'People')) ?? page(c, await personOf(c)))

  // A proxy says who people are; what they may do, and who may not come any more, is said here.
  for (const path of ['role', 'end'].map((what) => `/settings/people/:id/${what}`))
    app.use(path, async (_, next) => {
      checkKnown(services)
      await next()
    })
  for (const path of ['password-link', 'sessions/end'].map((what) => `/settings/people/:id/${what}`))
    app.use(path, async (_, next) => {
      checkAsks(services)
      await next()
    })

  app.post('/settings/people/:id/role', async (c) => {
    const person = await personOf(c)
    const values = { role: (await readForm(c))('role') }
    const by = authorIn(c, services)
    const tried = await attempt(() => people.changeRole(person.id, read(roleForm, values).role, by, clock.now()))
    if ('errors' in tried) return page(c, person, { role: mistaken(['role'], values, tried.errors), status: 422 })
    return backTo(c, person)
  })

  app.post('/settings/people/:id/password-link', async (c) => {
    const person = await personOf(c)
    const posted = await readForm(c)
    checkHasPassword(person)
    const make = () => links.newPassword(person, authorIn(c, services), clock.now())
    const tried = await attempt(() => once(posted('form'), clock.now(), make))
    if ('errors' in tried) {
      const renew = mistaken(['form'], { form: newFormId() }, tried.errors)
      return page(c, person, { renew, status: 422 })
    }
    return page(c, person, { link: { url: `${baseUrlOf(c, services)}/welcome/${tried.result}`, lasts: '24 hours' } })
  })

  app.post('/settings/people/:id/sessions/end', async (c) => {
    const person = await personOf(c)
    const which = chosenSession((await readForm(c))('session'), sessionIn(c))
    await signIn.end(person.id, which, authorIn(c, services), clock.now())
    return backTo(c, person)
  })

  app.post('/settings/people/:id/end', async (c) => {
    const person = await personOf(c)
    const tried = await attempt(() => people.end(person.id, authorIn(c, services), clock.now()))
    if ('errors' in tried) {
      const role = mistaken(['role'], { role: person.role }, tried.errors)
      return page(c, person, { role, status: 422 })
    }
    return backTo(c, person)
  })

  return app
}

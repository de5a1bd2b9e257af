import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { withQuery } from '../../../views/addresses.ts'
import type { InviteField, NewLink } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { PeoplePage } from '../../../views/pages/people.tsx'
import { ROLES } from '../../domain/access.ts'
import { authorIn } from '../access.ts'
import { idOf } from '../query.ts'
import { word } from '../schema/fields.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm } from './form.ts'
import { baseUrlOf, frameOf } from './frame.ts'
import { aOnce, newFormId } from './once.ts'
import { checkAsks, openPage } from './open-page.ts'
import { letsIn, personView } from './person-views.ts'

const FIELDS = ['role', 'form'] as const satisfies readonly InviteField[]
const blank = (): FormState<InviteField> => ({ values: { role: 'viewer', form: newFormId() }, errors: {} })
export const roleForm = v.object({ role: word(ROLES) })

/** `GET /settings/people`, and inviting somebody there. */
export function peopleRoutes(services: Services): Hono {
  const { people, links, clock } = services
  const once = aOnce()
  const app = new Hono()

  // Where a proxy lets people in, none of them opens anything.
  const openLinks = async () => (letsIn(services) === null ? links.open(clock.now()) : [])
  const page = async (c: Context, invite: FormState<InviteField>, link: NewLink | null, status: 200 | 422 = 200) => {
    const [frame, all, open] = await Promise.all([frameOf(c, services), people.all(), openLinks()])
    return c.html(
      PeoplePage({
        page: { frame, people: all.map((one) => personView(one, services)), letsIn: letsIn(services), open, invite, link },
      }),
      status,
    )
  }

  app.get('/settings/people', async (c) => (await openPage(c, services, 'People')) ?? page(c, blank(), null))

  app.post('/settings/people', async (c) => {
    checkAsks(services)
    const posted = await readForm(c)
    const role = posted('role')
    const invite = async () => links.invite(read(roleForm, { role }).role, authorIn(c, services), clock.now())
    const tried = await attempt(() => once(posted('form'), clock.now(), invite))
    if ('errors' in tried) return page(c, mistaken(FIELDS, { role, form: newFormId() }, tried.errors), null, 422)
    return page(c, blank(), { url: `${baseUrlOf(c, services)}/welcome/${tried.result}`, lasts: '7 days' })
  })

  app.post('/settings/people/links/:id/withdraw', async (c) => {
    checkAsks(services)
    await links.withdraw(idOf(c, 'link'), authorIn(c, services), clock.now())
    return c.redirect(withQuery('/settings/people', { done: 'withdrawn' }), 303)
  })

  return app
}

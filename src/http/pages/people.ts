import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { NewLink } from '../../../views/models.people.ts'
import type { FormState } from '../../../views/models.ts'
import { PeoplePage } from '../../../views/pages/people.tsx'
import { ROLES } from '../../domain/access.ts'
import { authorIn } from '../access.ts'
import { word } from '../schema/fields.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, readForm } from './form.ts'
import { baseUrlOf, frameOf } from './frame.ts'
import { checkAsks, openPage } from './open-page.ts'

const BLANK: FormState<'role'> = { values: { role: 'viewer' }, errors: {} }
export const roleForm = v.object({ role: word(ROLES) })

/** `GET /settings/people`, and inviting somebody there. */
export function peopleRoutes(services: Services): Hono {
  const { people, links, clock } = services
  const app = new Hono()

  const page = async (c: Context, invite: FormState<'role'>, link: NewLink | null, status: 200 | 422 = 200) =>
    c.html(PeoplePage({ page: { frame: await frameOf(c, services), people: await people.all(), invite, link } }), status)

  app.get('/settings/people', async (c) => (await openPage(c, services, 'People')) ?? page(c, BLANK, null))

  app.post('/settings/people', async (c) => {
    checkAsks(services)
    const values = { role: (await readForm(c))('role') }
    const tried = await attempt(() => links.invite(read(roleForm, values).role, authorIn(c, services), clock.now()))
    if ('errors' in tried) return page(c, mistaken(['role'], values, tried.errors), null, 422)
    return page(c, BLANK, { url: `${baseUrlOf(c, services)}/welcome/${tried.result}`, lasts: '7 days' })
  })

  return app
}

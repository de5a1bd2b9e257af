import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { keysPath, withQuery } from '../../../views/addresses.ts'
import type { KeyField, KeysPage as Page } from '../../../views/models.keys.ts'
import type { FormState } from '../../../views/models.ts'
import { RevokeKeyPage } from '../../../views/pages/key-revoke.tsx'
import { KeysPage } from '../../../views/pages/keys.tsx'
import { SCOPES } from '../../domain/access.ts'
import { authorIn } from '../access.ts'
import { idOf, readQuery } from '../query.ts'
import { search } from '../schema/fields.ts'
import { newApiKey } from '../schema/key.ts'
import { read } from '../schema/read.ts'
import type { Services } from '../services.ts'
import { attempt, mistaken, type Posted, readForm } from './form.ts'
import { frameOf } from './frame.ts'
import { aOnce, newFormId } from './once.ts'

const ROWS_A_PAGE = 100
const FIELDS = ['name', 'scopes', 'env', 'form'] as const satisfies readonly KeyField[]
const blank = (): FormState<KeyField> => ({ values: { name: '', scopes: 'affirm', env: '', form: newFormId() }, errors: {} })

const keysPageQuery = v.object({ cursor: v.optional(search, '') })

const typedKey = (posted: Posted): Record<KeyField, string> => ({
  name: posted('name'),
  scopes: SCOPES.filter((scope) => posted(`scope-${scope}`) !== '').join(' '),
  env: posted('env'),
  form: posted('form'),
})

const draftOf = ({ name, scopes, env }: Record<KeyField, string>) =>
  read(newApiKey, { name: name.trim(), scopes: scopes.split(' ').filter((scope) => scope !== ''), env: env.trim() || null })

async function pageOf(c: Context, services: Services, some: Partial<Pick<Page, 'form' | 'made'>> = {}): Promise<Page> {
  const { store } = services
  const { cursor } = readQuery(c, keysPageQuery)
  const [{ items, next }, envs, frame] = await Promise.all([
    store.listKeys({ limit: ROWS_A_PAGE, cursor: cursor || null }),
    store.environments(),
    frameOf(c, services),
  ])
  return { frame, items, next, envs, form: blank(), made: null, ...some }
}

/** `GET /settings/keys`, making one there, and revoking one after a question. */
export function keyPageRoutes(services: Services): Hono {
  const { keys, clock } = services
  const once = aOnce()
  const app = new Hono()
  const make = (c: Context, values: Record<KeyField, string>) =>
    once(values.form, clock.now(), async () => keys.make(draftOf(values), authorIn(c, services), clock.now()))
  const idIn = (c: Context) => idOf(c, 'API key')

  app.get(keysPath, async (c) => c.html(KeysPage({ page: await pageOf(c, services) })))

  // Answered with the page itself: a redirect would have to carry the secret, or keep it somewhere.
  app.post(keysPath, async (c) => {
    const values = typedKey(await readForm(c))
    const tried = await attempt(() => make(c, values))
    if ('errors' in tried) {
      const form = mistaken(FIELDS, { ...values, form: newFormId() }, tried.errors)
      return c.html(KeysPage({ page: await pageOf(c, services, { form }) }), 422)
    }
    const { name, secret } = tried.result
    return c.html(KeysPage({ page: await pageOf(c, services, { made: { name, secret } }) }))
  })

  app.get(`${keysPath}/:id/revoke`, async (c) =>
    c.html(RevokeKeyPage({ page: { frame: await frameOf(c, services), apiKey: await keys.find(idIn(c)) } })),
  )

  app.post(`${keysPath}/:id/revoke`, async (c) => {
    await keys.revoke(idIn(c), authorIn(c, services), clock.now())
    return c.redirect(withQuery(keysPath, { done: 'revoked' }), 303)
  })

  return app
}

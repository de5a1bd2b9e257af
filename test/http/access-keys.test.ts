import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { SCOPES, type Scope } from '../../src/domain/access.ts'
import { type Need, ROUTES } from '../../src/http/routes.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

/** What comes of a request, as far as this table says it. `through`: it reached its route, whatever that made of it. */
type Fate = 'through' | 401 | 403
type Headers = Record<string, string>

/** About whoever is signed in: these ask for a person, and no key is one. */
const isOfPerson = (route: string): boolean => route.includes(' /settings/me')

/** Nothing that a route changes is there: each can be asked many times. */
const PLACES: Record<string, string> = {
  ':event': 'job',
  ':suffix': 'fail',
  ':id': '999999',
  ':name': 'affirmative.css',
  ':token': 'x',
}
const addressOf = (path: string): string => path.replaceAll(/:\w+/g, (place) => PLACES[place] ?? place)

/** Of a page of ours, and no form that a foreign page could send. */
const SENT: Headers = { 'content-type': 'application/json', origin: 'http://localhost' }

async function fateOf({ app }: World, route: string, headers: Headers): Promise<Fate> {
  const [method = '', path = ''] = route.split(' ')
  const answer = await app.request(addressOf(path), { method, headers: { ...SENT, ...headers } })
  await answer.body?.cancel()
  return answer.status === 401 || answer.status === 403 ? answer.status : 'through'
}

/** Every route with what became of it, and with what should have. */
async function walk(world: World, headers: Headers, expected: (need: Need) => Fate): Promise<[found: object, wanted: object]> {
  const found: Record<string, Fate> = {}
  const wanted: Record<string, Fate> = {}
  for (const [route, need] of Object.entries(ROUTES)) {
    if (isOfPerson(route)) continue
    found[route] = await fateOf(world, route, headers)
    wanted[route] = need === 'nothing' ? 'through' : expected(need)
  }
  return [found, wanted]
}

const MAY: Record<Scope, readonly Need[]> = {
  affirm: ['affirm'],
  read: ['read'],
  write: ['read', 'write'],
  admin: ['affirm', 'read', 'sign', 'write', 'admin'],
}
const ANN = { who: 'user:ann', address: '192.0.2.7' }

describe('what keys may do', () => {
  let engine: TestEngine
  let open: World
  let asking: World
  before(async () => {
    engine = await startEngine('sqlite')
    open = aWorld(await engine.open())
    asking = aWorld(await engine.open(), undefined, { auth: 'accounts' })
    for (const { declaring, clock } of [open, asking])
      await declaring.registerEvent({ name: 'job', description: '', tags: [] }, clock.now())
  })
  after(() => engine.stop())

  const aKey = async ({ services, clock }: World, scope: Scope) => {
    const { id, secret } = await services.keys.make(
      { name: `${scope} ${randomUUID()}`, scopes: [scope], env: null },
      ANN,
      clock.now(),
    )
    return { id, headers: { authorization: `Bearer ${secret}` } }
  }

  for (const scope of SCOPES)
    for (const mode of ['open', 'accounts'] as const)
      test(`every route × a key with the scope ${scope} alone, ${mode}`, async () => {
        const world = mode === 'open' ? open : asking
        const { headers } = await aKey(world, scope)
        const [found, wanted] = await walk(world, headers, (need) => (MAY[scope].includes(need) ? 'through' : 403))
        assert.deepEqual(found, wanted)
      })

  test('what is about a person is not for keys', async () => {
    const { headers } = await aKey(asking, 'admin')
    const sent = { ...SENT, ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    for (const route of Object.keys(ROUTES).filter(isOfPerson)) {
      const [method = '', path = ''] = route.split(' ')
      assert.ok((await asking.app.request(path, { method, headers: sent })).status >= 400, route)
    }
    assert.equal(await fateOf(asking, 'GET /settings/me', headers), 403)
  })

  test('every route × no key: whoever comes where nobody is asked, else nobody', async () => {
    const [found, wanted] = await walk(open, {}, () => 'through')
    assert.deepEqual(found, wanted)
    const [closed, none] = await walk(asking, {}, () => 401)
    assert.deepEqual(closed, none)
  })

  test('every route × a wrong key: told in every mode', async () => {
    for (const world of [open, asking])
      for (const headers of [{ authorization: `Bearer ak_${'x'.repeat(40)}` }, { 'x-api-key': 'secret' }] as Headers[]) {
        const [found, wanted] = await walk(world, headers, () => 401)
        assert.deepEqual(found, wanted)
      }
  })

  test('every route × a revoked key: told in every mode', async () => {
    for (const world of [open, asking]) {
      const { id, headers } = await aKey(world, 'admin')
      assert.equal(await fateOf(world, 'GET /api/v1/keys', headers), 'through')
      await world.services.keys.revoke(id, ANN, world.clock.now())
      const [found, wanted] = await walk(world, headers, () => 401)
      assert.deepEqual(found, wanted)
    }
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mayRole, ROLES, type Role } from '../../src/domain/access.ts'
import { type Need, ROUTES } from '../../src/http/routes.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aVisitor, signedIn, type Visitor } from '../support/visitor.ts'
import { aWorld, type World } from '../support/world.ts'

type Who = Role | 'nobody'
type Route = { method: string; path: string; need: Need }

const WHO: readonly Who[] = ['nobody', ...ROLES]
const ROUTE_LIST: readonly Route[] = Object.entries(ROUTES).map(([route, need]) => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path, need }
})

/** Of things that are not there: whoever is let through changes nothing. */
const addressOf = (path: string): string =>
  path
    .replace(':event', 'nothing')
    .replace(':id', '999999')
    .replace(':suffix', 'fail')
    .replace(':token', 'x')
    .replace(':name', 'x')

/** What a session in a browser opens: pages, and reading by the API. Affirming and changing by the API, or the original's URLs, ask for a key. */
const takesSession = ({ method, path }: Route): boolean =>
  !path.startsWith('/affirm/') && (method === 'GET' || !/^\/(api|affirmative)\//.test(path))

function expectedOf(route: Route, who: Who): 'through' | 401 | 403 {
  if (route.need === 'nothing') return 'through'
  if (who === 'nobody' || !takesSession(route)) return 401
  return mayRole(who, route.need) ? 'through' : 403
}

const outcome = (status: number): 'through' | 401 | 403 => (status === 401 || status === 403 ? status : 'through')

describe('who may do what', () => {
  let engine: TestEngine
  let world: World
  const visitors = new Map<Who, Visitor>()
  before(async () => {
    engine = await startEngine('sqlite')
    world = aWorld(await engine.open(), undefined, { auth: 'accounts' })
    visitors.set('nobody', aVisitor(world))
    for (const role of ROLES) visitors.set(role, await signedIn(world, role, role))
  })
  after(() => engine.stop())

  const ask = (who: Who, { method, path }: Route, accept: string) => {
    const visitor = visitors.get(who) ?? assert.fail(who)
    const headers = { accept, origin: 'http://localhost' }
    if (method === 'GET') return visitor.get(addressOf(path), { headers })
    const type = path.startsWith('/api/') ? 'application/json' : 'application/x-www-form-urlencoded'
    return visitor.ask(method, addressOf(path), { headers: { ...headers, 'content-type': type } })
  }

  test('every route is in the list, and the list holds nothing else', async () => {
    const routes = world.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
    assert.ok(routes.length > 20)
    assert.deepEqual(Object.keys(ROUTES).toSorted(), [...new Set(routes)].toSorted())
  })

  test('people, and everything about them but oneself, are for admins', () => {
    const others = ROUTE_LIST.filter(({ path }) => path.startsWith('/settings/people'))
    assert.ok(others.length > 5)
    assert.deepEqual(new Set(others.map(({ need }) => need)), new Set(['admin']))
  })

  // What ends the session by which it is asked, and a stream without an end, are looked at apart.
  const all = ROUTE_LIST.filter(({ path }) => path !== '/sign-out' && path !== '/live')
  for (const route of all)
    test(`${route.method} ${route.path} needs ${route.need}`, async () => {
      for (const who of WHO) {
        const { status } = await ask(who, route, 'application/json')
        assert.equal(outcome(status), expectedOf(route, who), `${who} got ${status}`)
      }
    })

  test('a page that nobody may see unknown leads to signing in', async () => {
    for (const route of all.filter(({ method, path }) => method === 'GET' && !/^\/(api|affirm|affirmative)\//.test(path))) {
      const { status, to } = await ask('nobody', route, 'text/html')
      if (route.need === 'nothing') assert.notEqual(status, 303, route.path)
      else assert.deepEqual([status, to?.startsWith('/sign-in')], [303, true], route.path)
    }
  })

  test('a cookie changes nothing by the API: that needs a key, which the answer says', async () => {
    const { status, html } = await ask('admin', { method: 'POST', path: '/api/v1/events', need: 'write' }, '*/*')
    assert.equal(status, 401)
    assert.match(html, /Authorization: Bearer <API key>/)
  })

  test('news are for who may read', async () => {
    assert.equal((await ask('nobody', { method: 'GET', path: '/live', need: 'read' }, 'text/event-stream')).status, 401)
  })

  test('nothing is given away by what is not there', async () => {
    for (const who of WHO) assert.equal((await (visitors.get(who) ?? assert.fail()).get('/nothing-here')).status, 404)
  })
})

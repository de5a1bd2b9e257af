import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Env } from '../../src/config.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

const NOW = '2026-03-04T09:00:00Z'
const PROXY = '10.0.0.1'
const OURS = 'https://affirm.example.org'

type Asked = { path?: string; method?: string; headers?: Record<string, string>; peer?: string; body?: URLSearchParams | string }

describe('a proxy in front that says who it is', () => {
  let engine: TestEngine
  let world: World

  const aWorldWith = async (more: Env = {}): Promise<World> =>
    aWorld(await engine.open(), NOW, {
      said: { AFFIRMATIVE_AUTH: 'proxy', AFFIRMATIVE_TRUSTED_PROXIES: PROXY, AFFIRMATIVE_HOSTS: 'affirm.example.org', ...more },
    })
  const ask = async ({ path = '/', method = 'GET', headers = {}, peer = PROXY, body }: Asked = {}): Promise<Response> =>
    world.app.request(
      `http://affirm.example.org${path}`,
      { method, headers: { accept: 'text/html', ...headers }, ...(body === undefined ? {} : { body }) },
      { incoming: { socket: { remoteAddress: peer } } },
    )
  const as = (name: string) => ({ headers: { 'x-forwarded-user': name } })
  const people = async () => (await world.store.people()).map(({ name, role, identity }) => [name, role, identity])

  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    world = await aWorldWith()
  })

  test('who is named is let in, and becomes a person with the least role', async () => {
    assert.equal((await ask(as('ann@example.org'))).status, 200)
    assert.equal((await ask(as('ann@example.org'))).status, 200)
    assert.deepEqual(await people(), [['ann@example.org', 'viewer', 'proxy:ann@example.org']])
    assert.equal((await ask({ ...as('ann@example.org'), path: '/settings/people' })).status, 403)
  })

  test('anybody else who says so is nobody', async () => {
    for (const peer of ['192.0.2.7', '10.0.0.2', '::1', '127.0.0.1', 'unknown'])
      assert.equal((await ask({ ...as('ann'), peer })).status, 401, peer)
    assert.deepEqual(await people(), [])
  })

  test('without a name it is nobody, and told in words', async () => {
    const answer = await ask()
    assert.equal(answer.status, 401)
    assert.match(await answer.text(), /proxy in front of this server has not said who you are/)
    assert.equal((await ask(as('  '))).status, 401)
  })

  test('two names at once are none: one of them the proxy let through', async () =>
    assert.equal((await ask(as('admin, ann'))).status, 401))

  test('the role that an admin gave stays', async () => {
    await ask(as('ann'))
    const [ann] = await world.store.people()
    assert.ok(ann)
    await world.services.people.changeRole(ann.id, 'editor', { who: 'user:bob', address: '' }, world.clock.now())
    assert.equal((await ask({ ...as('ann'), path: '/events' })).status, 200)
    assert.equal((await people())[0]?.[1], 'editor')
  })

  test('settings name its header, the first role, and who is admin', async () => {
    world = await aWorldWith({
      AFFIRMATIVE_PROXY_HEADER: 'Remote-User',
      AFFIRMATIVE_PROXY_ROLE: 'signer',
      AFFIRMATIVE_PROXY_ADMINS: 'ann, bob',
    })
    const named = (name: string, path = '/settings/people') => ask({ path, headers: { 'remote-user': name } })
    assert.equal((await named('ann')).status, 200)
    assert.equal((await named('eve')).status, 403)
    assert.equal((await named('ann 2')).status, 403)
    assert.equal((await ask(as('ann'))).status, 401)
    assert.equal((await people()).find(([name]) => name === 'eve')?.[1], 'signer')
  })

  test('who is admin by the settings is shown as one; nothing is offered that a proxy does', async () => {
    world = await aWorldWith({ AFFIRMATIVE_PROXY_ADMINS: 'ann', AFFIRMATIVE_PROXY_ROLE: 'signer' })
    await ask(as('ben'))
    const seen = async (path: string) => (await ask({ path, ...as('ann') })).text()
    const [list, me, ann, ben] = [
      await seen('/settings/people'),
      await seen('/settings/me'),
      await seen('/settings/people/2'),
      await seen('/settings/people/1'),
    ]
    for (const html of [list, me, ann]) assert.match(html, /admin, by the proxy(&#39;|')s settings/)
    assert.match(list, /<td>signer<\/td>/)
    assert.match(ben, /Role<\/h2>/)
    for (const html of [list, me, ann, ben]) {
      assert.match(html, /The proxy in front of this server lets people in.*first time is a signer/s)
      assert.doesNotMatch(html, /Sign out|Signed in<|Invite somebody|type="password"|Make a link|Open links/)
    }
  })

  test('an admin gives roles and ends people by the page; links and sessions are refused in words', async () => {
    world = await aWorldWith({ AFFIRMATIVE_PROXY_ADMINS: 'ann' })
    await ask(as('ben'))
    const post = (path: string, fields: Record<string, string> = {}) =>
      ask({
        path,
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { ...as('ann').headers, origin: 'http://affirm.example.org' },
      })
    assert.equal((await post('/settings/people/1/role', { role: 'editor' })).status, 303)
    assert.equal((await people()).find(([name]) => name === 'ben')?.[1], 'editor')
    for (const path of [
      '/settings/people',
      '/settings/people/1/password-link',
      '/settings/people/1/sessions/end',
      '/settings/people/links/1/withdraw',
    ])
      assert.equal((await post(path, { role: 'viewer', session: 'others' })).status, 409, path)
    assert.equal((await post('/settings/people/1/end')).status, 303)
    assert.equal((await ask(as('ben'))).status, 403)
  })

  test('a name of other letters arrives as it was sent', async () => {
    await ask(as(Buffer.from('Zoë Łuk').toString('latin1')))
    assert.equal((await people())[0]?.[0], 'Zoë Łuk')
  })

  test('a name is what was sent but for spaces around it: nothing that cannot be seen makes somebody of it', async () => {
    world = await aWorldWith({ AFFIRMATIVE_PROXY_ADMINS: 'ann' })
    const named = (bytes: Buffer | string) => ask({ ...as(Buffer.from(bytes).toString('latin1')), path: '/settings/people' })
    for (const unseen of ['\u00a0', '\ufeff', '\u200b', '\u202e', '\u2028', '\u3000', '\u0085', '\u0001', '\u00ad'])
      for (const name of [`${unseen}ann`, `ann${unseen}`, `a${unseen}nn`])
        assert.equal((await named(name)).status, 401, JSON.stringify(name))
    assert.equal((await named(Buffer.from('\u00a0ann', 'latin1'))).status, 401)
    assert.deepEqual(await people(), [])
    assert.equal((await named(' ann  ')).status, 200)
    assert.deepEqual(await people(), [['ann', 'viewer', 'proxy:ann']])
  })

  test('a foreign page cannot use the name that the proxy adds', async () => {
    world = await aWorldWith({ AFFIRMATIVE_PROXY_ADMINS: 'ann' })
    const form = { method: 'POST', path: '/events', body: new URLSearchParams({ name: 'planted' }) }
    const post = (headers: Record<string, string>) => ask({ ...form, headers: { ...as('ann').headers, ...headers } })
    assert.equal((await post({ origin: 'https://evil.example' })).status, 403)
    assert.equal((await post({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status, 403)
    for (const path of ['/affirm/planted', '/api/v1/affirmations', '/api/v1/events'])
      assert.equal((await ask({ path, method: 'POST', body: '{}', headers: as('ann').headers })).status, 401, path)
    assert.equal((await ask({ path: '/affirm/planted', headers: as('ann').headers })).status, 401)
    assert.equal((await world.store.findEvent('planted')) ?? null, null)
    assert.equal((await post({ origin: OURS, 'x-forwarded-proto': 'https' })).status, 303)
  })

  test('nobody signs in here', async () => {
    assert.equal((await ask({ ...as('ann'), path: '/sign-in?to=/events' })).headers.get('location'), '/events')
    const form = { path: '/sign-in', method: 'POST', body: new URLSearchParams({ name: 'ann', password: 'x' }) }
    assert.equal((await ask({ ...form, headers: { origin: 'http://affirm.example.org' } })).status, 409)
  })
})

describe('what a proxy says of the request', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  const SAID = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'affirm.example.org' }
  /** The address in the commands that the board shows. */
  const shown = async (peer: string, headers: Record<string, string>, said: Env = {}): Promise<string | undefined> => {
    const world = aWorld(await engine.open(), NOW, { said: { AFFIRMATIVE_TRUSTED_PROXIES: PROXY, ...said } })
    const incoming = { socket: { remoteAddress: peer } }
    const text = await (
      await world.app.request('http://10.0.0.9:5123/', { headers: { accept: 'text/html', ...headers } }, { incoming })
    ).text()
    return /(https?:\/\/[^/"<\s]+)\/affirm\/hello_from_me/.exec(text)?.[1]
  }
  const HOSTS = { AFFIRMATIVE_HOSTS: 'affirm.example.org' }

  test('is believed of a configured one', async () => assert.equal(await shown(PROXY, SAID, HOSTS), OURS))
  test('and of nobody else', async () => assert.equal(await shown('192.0.2.7', SAID, HOSTS), 'http://10.0.0.9:5123'))
  test('a host only where it is one of ours', async () => assert.equal(await shown(PROXY, SAID), 'https://10.0.0.9:5123'))
  test('AFFIRMATIVE_URL wins', async () =>
    assert.equal(await shown(PROXY, SAID, { AFFIRMATIVE_URL: 'https://a.example' }), 'https://a.example'))
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Env } from '../../src/config.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { aWorld, type World } from '../support/world.ts'

const OURS = 'http://affirm.example.org'
const NOW = '2026-03-04T09:00:00Z'
const PAGE = { accept: 'text/html' }

/** A browser as far as this needs one: it keeps cookies, and does not follow what leads on. */
type Browser = {
  jar: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Response>
}

function aBrowser(world: World): Browser {
  const jar = new Map<string, string>()
  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '' || /max-age=0/i.test(line)) jar.delete(name)
    else jar.set(name, value)
  }
  return {
    jar,
    get: async (path, headers = {}) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await world.app.request(`${OURS}${path}`, { headers: { ...PAGE, cookie, ...headers } })
      for (const line of answer.headers.getSetCookie()) keep(line)
      return answer
    },
  }
}

const leadsTo = (answer: Response): string => {
  assert.equal(answer.status, 303)
  return answer.headers.get('location') ?? ''
}

describe('signing in by the identity provider', () => {
  let engine: TestEngine
  let provider: IdentityProvider
  let world: World
  let browser: Browser

  const aWorldWith = async (more: Env = {}): Promise<World> =>
    aWorld(await engine.open(), NOW, {
      said: {
        AFFIRMATIVE_AUTH: 'accounts',
        AFFIRMATIVE_URL: OURS,
        AFFIRMATIVE_OIDC_ISSUER: provider.issuer,
        AFFIRMATIVE_OIDC_CLIENT_ID: CLIENT.id,
        AFFIRMATIVE_OIDC_CLIENT_SECRET: CLIENT.secret,
        AFFIRMATIVE_OIDC_NAME: 'Example Inc.',
        ...more,
      },
    })

  before(async () => {
    engine = await startEngine('sqlite')
    provider = await startIdentityProvider()
  })
  after(async () => {
    await engine.stop()
    await provider.close()
  })
  beforeEach(async () => {
    Object.assign(provider, { claims: { sub: '1', preferred_username: 'ann' }, refuses: null, nonce: null, isDown: false })
    world = await aWorldWith()
    browser = aBrowser(world)
  })

  /** Goes there; what it comes back with is the path to ask for next. */
  const wentThere = async (by: Browser, to = ''): Promise<string> => {
    const going = leadsTo(await by.get(`/sign-in/oidc${to}`))
    assert.ok(going.startsWith(`${provider.issuer}/authorize?`), going)
    const back = (await fetch(going, { redirect: 'manual' })).headers.get('location') ?? ''
    assert.ok(back.startsWith(`${OURS}/sign-in/oidc/callback?`), back)
    return back.slice(OURS.length)
  }
  const signIn = async (by: Browser, to = ''): Promise<Response> => by.get(await wentThere(by, to))
  const people = async () => (await world.store.people()).map(({ name, role, identity }) => [name, role, identity])
  const isOut = async (by: Browser) => assert.match(leadsTo(await by.get('/events')), /^\/sign-in\?to=/)

  test('makes a person, starts a session and leads back to where it began', async () => {
    await isOut(browser)
    assert.equal(leadsTo(await signIn(browser, '?to=/events?q=x')), '/events?q=x')
    assert.equal((await browser.get('/events')).status, 200)
    assert.deepEqual(await people(), [['ann', 'viewer', `oidc:${provider.issuer}#1`]])
  })

  test('who comes again is the same person, by whatever name, with the role that was given here', async () => {
    await signIn(browser)
    const [ann] = await world.store.people()
    assert.ok(ann)
    await world.services.people
      .changeRole(ann.id, 'admin', { who: 'user:bob', address: '' }, world.clock.now())
      .catch(assert.fail)
    provider.claims = { sub: '1', preferred_username: 'ann-married' }
    await signIn(aBrowser(world))
    assert.deepEqual(await people(), [['ann', 'admin', `oidc:${provider.issuer}#1`]])
  })

  test('somebody else of the same name is somebody else', async () => {
    await signIn(browser)
    provider.claims = { sub: '2', preferred_username: 'ann' }
    await signIn(aBrowser(world))
    assert.deepEqual(
      (await people()).map(([name]) => name),
      ['ann', 'ann 2'],
    )
  })

  test('the first role is a setting; hostile names are cleaned', async () => {
    world = await aWorldWith({ AFFIRMATIVE_OIDC_ROLE: 'signer' })
    provider.claims = { sub: '1', preferred_username: ` <script>a\u202e\u0000${'x'.repeat(300)}` }
    await signIn(aBrowser(world))
    const [[name, role] = []] = await people()
    assert.equal(role, 'signer')
    assert.match(String(name), /^<script>ax{20,60}$/)
  })

  test('who was shown out stays out', async () => {
    await signIn(browser)
    provider.claims = { sub: '2', preferred_username: 'eve' }
    const evil = aBrowser(world)
    await signIn(evil)
    const eve = (await world.store.people()).find(({ name }) => name === 'eve')
    assert.ok(eve)
    await world.services.people.end(eve.id, { who: 'user:ann', address: '' }, world.clock.now())
    const answer = await signIn(evil)
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /eve may not sign in here any more/)
    await isOut(evil)
  })

  test('a session that was planted before is not the one that is used after', async () => {
    browser.jar.set('affirmative', 'x'.repeat(43))
    await signIn(browser)
    assert.notEqual(browser.jar.get('affirmative'), 'x'.repeat(43))
  })

  const troubled = async (by: Browser, answer: Response, words: RegExp, to = '/') => {
    const location = leadsTo(answer)
    assert.equal(new URL(location, OURS).searchParams.get('to') ?? '/', to)
    assert.match(await (await by.get(location)).text(), words)
    await isOut(by)
    assert.deepEqual(await people(), [])
  }

  test('an answer that this browser did not ask for signs nobody in', async () => {
    const back = await wentThere(browser)
    const other = aBrowser(world)
    await troubled(other, await other.get(back), /Begin again here/)
    await wentThere(other)
    await troubled(other, await other.get(back), /Begin again here/)
  })

  test('a wrong state signs nobody in, and ends what was begun', async () => {
    const back = await wentThere(browser, '?to=/events')
    await troubled(browser, await browser.get(back.replace(/state=[^&]+/, 'state=made-up')), /Begin again here/, '/events')
    await troubled(browser, await browser.get(back), /Begin again here/)
  })

  test('a wrong nonce signs nobody in', async () => {
    provider.nonce = 'of another one'
    await troubled(browser, await signIn(browser), /cannot be believed/)
  })

  test('the same answer again signs nobody in, not even with the cookie put back', async () => {
    const back = await wentThere(browser)
    const kept = [...browser.jar]
    await browser.get(back)
    const thief = aBrowser(world)
    for (const [name, value] of kept) thief.jar.set(name, value)
    assert.match(leadsTo(await thief.get(back)), /trouble=stale/)
    await isOut(thief)
  })

  test('after ten minutes it is too late, whatever the browser kept', async () => {
    const back = await wentThere(browser)
    world.clock.pass(10 * 60_000 + 1)
    await troubled(browser, await browser.get(back), /Begin again here/)
  })

  test('a cookie that is none of ours is as good as none', async () => {
    const back = await wentThere(browser)
    for (const value of ['x', '%7B%7D', encodeURIComponent('{"state":1}'), encodeURIComponent('[]')]) {
      browser.jar.set('affirmative-oidc', value)
      await troubled(browser, await browser.get(back), /Begin again here/)
    }
  })

  test('what is kept on the way is hidden from scripts, sent to no other site by forms, and gone after ten minutes', async () => {
    const [line = ''] = (await browser.get('/sign-in/oidc')).headers.getSetCookie()
    assert.match(line, /^affirmative-oidc=/)
    for (const part of [/; HttpOnly/, /; SameSite=Lax/, /; Max-Age=600/, /; Path=\//]) assert.match(line, part)
    const secure = await aWorldWith({ AFFIRMATIVE_URL: 'https://affirm.example.org' })
    const [safe = ''] = (await aBrowser(secure).get('/sign-in/oidc')).headers.getSetCookie()
    assert.match(safe, /^__Host-affirmative-oidc=.*; Secure/)
  })

  test('a provider that says no, or is down, is told in words; the server goes on', async () => {
    provider.refuses = 'access_denied'
    await troubled(browser, await signIn(browser), /Example Inc\. did not let you in/)
    provider.isDown = true
    world = await aWorldWith()
    browser = aBrowser(world)
    await troubled(browser, await browser.get('/sign-in/oidc?to=/events'), /Example Inc\. does not answer/, '/events')
    assert.equal((await browser.get('/healthz')).status, 200)
    Object.assign(provider, { refuses: null, isDown: false })
    assert.equal(leadsTo(await signIn(browser)), '/')
  })

  test('nobody is led to another server', async () => {
    for (const to of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '/%2f/../..//evil.example',
      `/${'x'.repeat(3_000)}`,
    ]) {
      const led = leadsTo(await signIn(aBrowser(world), `?to=${encodeURIComponent(to)}`))
      assert.equal(new URL(led, OURS).origin, OURS, to)
    }
    const back = await wentThere(browser, '?to=/events')
    const kept = browser.jar.get('affirmative-oidc') ?? ''
    browser.jar.set('affirmative-oidc', kept.replace(encodeURIComponent('"/events"'), encodeURIComponent('"//evil.example"')))
    assert.notEqual(browser.jar.get('affirmative-oidc'), kept)
    assert.equal(leadsTo(await browser.get(back)), '/')
  })

  test('the sign-in page offers it by a link, above the password, and keeps where it was to go', async () => {
    const answer = await browser.get('/sign-in?to=/events')
    const text = await answer.text()
    assert.match(
      text,
      /<a class="btn go" href="\/sign-in\/oidc\?to=%2Fevents">Sign in with Example Inc\.<\/a>[\s\S]*name="password"/,
    )
    assert.match(answer.headers.get('content-security-policy') ?? '', /form-action 'self'/)
    assert.doesNotMatch(await (await browser.get('/sign-in?trouble=%3Cb%3E')).text(), /role="alert"/)
  })

  test('passwords may be off: no form, and none is taken', async () => {
    world = await aWorldWith({ AFFIRMATIVE_PASSWORDS: 'off' })
    const text = await (await aBrowser(world).get('/sign-in')).text()
    assert.match(text, /Sign in with Example Inc\./)
    assert.doesNotMatch(text, /password/i)
    const body = new URLSearchParams({ name: 'ann', password: 'x' })
    const answer = await world.app.request(`${OURS}/sign-in`, { method: 'POST', body, headers: { origin: OURS } })
    assert.equal(answer.status, 403)
  })

  test('without a provider there is nothing to sign in by', async () => {
    const plain = aBrowser(aWorld(await engine.open(), NOW, { auth: 'accounts', said: { AFFIRMATIVE_URL: OURS } }))
    for (const path of ['/sign-in/oidc', '/sign-in/oidc/callback?code=x&state=y'])
      assert.equal((await plain.get(path)).status, 404)
    assert.doesNotMatch(await (await plain.get('/sign-in?trouble=stale')).text(), /oidc|Begin again/)
  })
})

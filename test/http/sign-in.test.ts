import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { describe, test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts'
import { aPasswords } from '../../src/services/passwords.ts'
import { aVisitor, PASSWORD, signedIn, somebody } from '../support/visitor.ts'
import { aWorld } from '../support/world.ts'
import { fresh, NOW } from './fresh.ts'

const proxies = new BlockList()
proxies.addAddress('10.0.0.1')
const BY_PROXY = { address: '10.0.0.1', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.9' } }

describe('signing in', () => {
  const made = fresh({ auth: 'accounts', trustedProxies: proxies })

  test('leads a stranger from any page to a form and back', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const visitor = aVisitor(world)
    const turned = await visitor.get('/events?q=a b')
    assert.deepEqual([turned.status, turned.to], [303, '/sign-in?to=%2Fevents%3Fq%3Da%2520b'])
    const form = await visitor.get(turned.to ?? '')
    assert.match(form.html, /<input type="hidden" name="to" value="\/events\?q=a%20b"/)
    const entered = await visitor.post('/sign-in', { name: 'ANN ', password: PASSWORD, to: '/events?q=a%20b' })
    assert.deepEqual([entered.status, entered.to], [303, '/events?q=a%20b'])
    assert.equal((await visitor.get('/events?q=a%20b')).status, 200)
  })

  test('is refused in the same words for a wrong name, a wrong password, and who has ended', async () => {
    const { world } = made
    await somebody(world, 'boss', 'admin')
    const { id } = await somebody(world, 'ann', 'viewer')
    const visitor = aVisitor(world)
    const says = async (name: string, password: string) => {
      const { status, html } = await visitor.signIn(name, password)
      assert.equal(status, 422)
      assert.doesNotMatch(html, new RegExp(password))
      return /role="alert".*?<\/p>/s.exec(html)?.[0]
    }
    const wrong = await says('ann', 'another one than hers')
    assert.match(wrong ?? '', /The name or the password is not right\./)
    assert.equal(await says('nobody', 'another one than hers'), wrong)
    assert.equal(await says('a\u202en', 'another one than hers'), wrong)
    await world.services.people.end(id, { who: 'user:boss', address: '' }, world.clock.now())
    assert.equal(await says('ann', PASSWORD), wrong)
    assert.equal(visitor.cookies.size, 0)
  })

  test('goes on only to paths of ours', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const to = async (text: string) => (await aVisitor(world).post('/sign-in', { name: 'ann', password: PASSWORD, to: text })).to
    for (const good of ['/', '/events', '/events/a%20b?x=//evil.example', '/events?to=https://evil.example', '/about#x'])
      assert.equal(await to(good), good)
    const hostile = [
      ...[
        '//evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        'https://evil.example',
        'https:evil.example',
        '/\t/evil.example',
      ],
      ...[
        '/\n/evil.example',
        'javascript:alert(1)',
        'evil.example',
        '/..//evil.example',
        '/.//evil.example',
        '/a/../..//evil.example',
      ],
      ...['/%0d%0aset-cookie:x', '//', '/ /evil', '', `/${'x'.repeat(3_000)}`, '/sign-out', '/affirm/backup', '/é'],
    ]
    for (const bad of hostile.filter((text) => !text.startsWith('/%0d'))) assert.equal(await to(bad), '/', JSON.stringify(bad))
    assert.match((await aVisitor(world).get('/sign-in?to=//evil.example')).html, /name="to" value="\/"/)
  })

  test('begins a session that is new, whatever the browser had before', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const planted = 'A'.repeat(43)
    const visitor = aVisitor(world)
    visitor.cookies.set('affirmative', planted)
    await visitor.signIn('ann')
    const first = visitor.cookies.get('affirmative') ?? ''
    assert.match(first, /^[\w-]{43}$/)
    assert.notEqual(first, planted)
    await visitor.signIn('ann')
    const old = aVisitor(world)
    for (const token of [planted, first]) {
      old.cookies.set('affirmative', token)
      assert.equal((await old.get('/')).status, 303, 'the session of before has ended')
    }
    assert.equal((await visitor.get('/')).status, 200)
  })

  test('sets a cookie that scripts and other sites do not get, bound to https where there is https', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const plain = (await aVisitor(world).signIn('ann')).set
    assert.match(plain[0] ?? '', /^affirmative=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/)
    const secure = (await aVisitor(world, 'https://localhost').signIn('ann')).set
    assert.match(secure[0] ?? '', /^__Host-affirmative=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    for (const [line = ''] of [plain.slice(1), secure.slice(1)])
      assert.match(line, /^affirmative-device=.*HttpOnly.*SameSite=Lax/)
    assert.match(secure[1] ?? '', /Secure/)
    assert.doesNotMatch([...plain, ...secure].join(), /Domain/i)
  })

  test('is bound to https where a configured proxy says so, and nobody else is believed', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const visitor = aVisitor(world)
    await visitor.post(
      '/sign-in',
      { name: 'ann', password: PASSWORD },
      { ...BY_PROXY, headers: { ...BY_PROXY.headers, origin: 'https://localhost' } },
    )
    assert.deepEqual([...visitor.cookies.keys()], ['__Host-affirmative', 'affirmative-device'])
    assert.equal((await visitor.get('/', BY_PROXY)).status, 200)
    const [session] = await world.services.signIn.sessionsOf(1, world.clock.now())
    assert.equal(session?.address, '192.0.2.9')
    const liar = aVisitor(world)
    await liar.post('/sign-in', { name: 'ann', password: PASSWORD }, { headers: { 'x-forwarded-proto': 'https' } })
    assert.ok(liar.cookies.has('affirmative'))
  })

  test('over https a cookie that plain http could have planted counts for nothing', async () => {
    const { world } = made
    const visitor = await signedIn(world, 'ann', 'viewer')
    const secure = aVisitor(world, 'https://localhost')
    secure.cookies.set('affirmative', visitor.cookies.get('affirmative') ?? '')
    assert.equal((await secure.get('/')).status, 303)
  })

  test('ends with signing out, at once', async () => {
    const visitor = await signedIn(made.world, 'ann', 'viewer')
    const token = visitor.cookies.get('affirmative') ?? ''
    assert.equal((await visitor.get('/')).status, 200)
    const left = await visitor.post('/sign-out')
    assert.deepEqual([left.status, left.to], [303, '/sign-in?done=signed-out'])
    assert.match((await visitor.get(left.to ?? '')).html, /Signed out\./)
    assert.equal(visitor.cookies.has('affirmative'), false)
    visitor.cookies.set('affirmative', token)
    assert.equal((await visitor.get('/')).status, 303)
  })

  test('ends in this browser though the database is away, and the page says what is left of it', async () => {
    const { world } = made
    const visitor = await signedIn(world, 'ann', 'viewer')
    world.services.store.signOut = async () => {
      throw Object.assign(new Error('terminating connection'), { code: '57P01' })
    }
    const left = await visitor.post('/sign-out')
    assert.equal(left.status, 503)
    assert.match(left.html, /This browser is signed out/)
    assert.equal(visitor.cookies.has('affirmative'), false)
  })

  test('ends 14 days after it was used last, and 90 days after it began', async () => {
    const { world } = made
    const visitor = await signedIn(world, 'ann', 'viewer')
    world.clock.pass(14 * DAY - MINUTE)
    assert.equal((await visitor.get('/events')).status, 200)
    world.clock.pass(14 * DAY - 1)
    assert.equal((await visitor.get('/events')).status, 200, 'it was used meanwhile')
    world.clock.pass(14 * DAY)
    assert.equal((await visitor.get('/events')).status, 303)
    await visitor.signIn('ann')
    for (let days = 0; days < 89; days += 1) {
      world.clock.pass(DAY)
      assert.equal((await visitor.get('/events')).status, 200)
    }
    world.clock.pass(DAY)
    assert.equal((await visitor.get('/events')).status, 303)
    assert.deepEqual(await world.services.signIn.sessionsOf(1, world.clock.now()), [])
    while ((await world.pruning.tick(world.clock.now() + 1)) === 'more');
    assert.deepEqual(await world.store.sessionsOf(1), [])
  })

  test('is noted as seen at most once a minute', async () => {
    const { world } = made
    const visitor = await signedIn(world, 'ann', 'viewer')
    const began = world.clock.now()
    const seen = async () => (await world.store.sessionsOf(1))[0]?.seenAt
    world.clock.pass(MINUTE - 1)
    await visitor.get('/events')
    assert.equal(await seen(), began)
    world.clock.pass(1)
    await visitor.get('/events')
    assert.equal(await seen(), began + MINUTE)
  })

  test('is refused to a form of a foreign page, and so is every other form', async () => {
    const { world } = made
    const visitor = await signedIn(world, 'ann', 'admin')
    const foreign = { headers: { origin: 'http://evil.example' } }
    const forms = [
      ...['/sign-in', '/sign-out', '/welcome/x', '/settings/me/password', '/settings/me/sessions/end', '/settings/people'],
      ...['role', 'password-link', 'sessions/end', 'end'].map((what) => `/settings/people/1/${what}`),
    ]
    for (const path of forms) {
      const { status, html } = await visitor.post(path, {}, foreign)
      assert.equal(status, 403, path)
      assert.match(html, /This form was not sent by a page of this server/)
    }
    assert.equal((await visitor.post('/settings/people', { role: 'viewer' }, { headers: { origin: 'null' } })).status, 403)
    assert.equal((await visitor.get('/')).status, 200, 'and ann is signed in as before')
  })
})

describe('an open page whose session has ended', () => {
  const made = fresh({ auth: 'accounts' })

  test('is told by a 401 what it fetches, and a form is not lost', async () => {
    const visitor = aVisitor(made.world)
    const asked: Record<string, string>[] = [{ 'hx-request': 'true' }, { 'sec-fetch-mode': 'cors' }, { accept: '*/*' }]
    for (const headers of asked) {
      const { status, headers: said } = await visitor.get('/', { headers })
      assert.equal(status, 401)
      assert.equal(said.get('www-authenticate'), 'Bearer')
    }
    assert.equal((await visitor.get('/live', { headers: { accept: 'text/event-stream' } })).status, 401)
    const form = await visitor.post('/events', { name: 'x' })
    assert.equal(form.status, 401)
    assert.match(form.html, /Sign in in another tab, go back in this one and try again/)
  })

  test('shows a stranger nothing of how things are', async () => {
    const { html } = await aVisitor(made.world).get('/sign-in')
    assert.match(html, /favicon-unknown\.svg/)
    assert.match(html, /<title>Sign in · affirmative<\/title>/)
  })
})

describe('guessing passwords', () => {
  let hashes = 0
  const counted = aPasswords({ log2N: 4, r: 1, p: 1 }, async (_password, _salt, length) => {
    hashes += 1
    return Buffer.alloc(length, 1)
  })
  const made = fresh({ auth: 'accounts', passwords: counted })
  const guess = (i: number) => `guess number ${i}`

  test('costs one hash for a name that is known and for one that is not', async () => {
    const { world } = made
    await somebody(world, 'ann', 'viewer')
    const cost = async (name: string) => {
      const before = hashes
      await aVisitor(world).signIn(name, 'a wrong password')
      return hashes - before
    }
    assert.deepEqual([await cost('ann'), await cost('nobody'), await cost('\0')], [1, 1, 1])
  })

  test('costs a form of the first kind nothing: a link that does not work is no way to make us hash', async () => {
    const before = hashes
    await aVisitor(made.world).post(`/welcome/${'A'.repeat(43)}`, { name: 'eve', password: PASSWORD, again: PASSWORD })
    assert.equal(hashes, before)
  })

  test('ends after five tries of a name from one address, in words, with when to come back', async () => {
    const world = aWorld(await made.open(), NOW, { auth: 'accounts' })
    await somebody(world, 'ann', 'viewer')
    const stranger = aVisitor(world)
    for (let i = 0; i < 5; i += 1) assert.equal((await stranger.signIn('ann', guess(i))).status, 422)
    const refused = await stranger.signIn('ann', PASSWORD)
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '60')
    assert.match(refused.html, /too many tries. Try again in 60 s\./)
    world.clock.pass(MINUTE)
    assert.equal((await stranger.signIn('ann', PASSWORD)).status, 303)
  })

  test('from a thousand addresses does not keep ann out of a browser that she has used', async () => {
    const world = aWorld(await made.open(), NOW, { auth: 'accounts' })
    const browser = await signedIn(world, 'ann', 'viewer')
    await browser.post('/sign-out')
    const stranger = aVisitor(world)
    const statuses = new Map<number, number>()
    for (let i = 0; i < 300; i += 1) {
      const { status } = await stranger.signIn('ann', guess(i), { address: `10.1.${i >> 8}.${i & 255}` })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    assert.deepEqual([statuses.get(422), statuses.get(429)], [15, 285])
    assert.equal((await aVisitor(world).signIn('ann')).status, 429, 'a browser that is new waits')
    assert.equal((await browser.signIn('ann')).status, 303, 'hers does not')
    world.clock.pass(HOUR)
    assert.equal((await aVisitor(world).signIn('ann')).status, 303)
  })

  test('with a device of somebody else, or one that was made up, is a stranger’s', async () => {
    const world = aWorld(await made.open(), NOW, { auth: 'accounts' })
    const eve = await signedIn(world, 'eve', 'viewer')
    await somebody(world, 'ann', 'viewer')
    for (let i = 0; i < 5; i += 1) await eve.signIn('ann', guess(i))
    assert.equal((await eve.signIn('ann', PASSWORD)).status, 429)
    eve.cookies.set('affirmative-device', `${'A'.repeat(43)}.${'A'.repeat(43)}`)
    assert.equal((await eve.signIn('ann', PASSWORD)).status, 429)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ROLES } from '../../src/domain/access.ts'
import { DAY } from '../../src/domain/time.ts'
import { aVisitor, PASSWORD, signedIn, somebody, type Visitor } from '../support/visitor.ts'
import type { World } from '../support/world.ts'
import { fresh } from './fresh.ts'

const made = fresh({ auth: 'accounts' })
const OTHER = 'a heron stands in the reeds'
const given = (name: string, password = PASSWORD) => ({ name, password, again: password })
const linkIn = (html: string): string => /data-copy="http:\/\/localhost(\/welcome\/[\w-]{43})"/.exec(html)?.[1] ?? ''
const noted = async ({ store }: World): Promise<string[]> =>
  (await store.changes({}, { limit: 100, cursor: null })).items.map(
    ({ by, action, subject }) => `${by.who}: ${action} ${subject}`,
  )
const isIn = async (visitor: Visitor): Promise<boolean> => (await visitor.get('/events')).status === 200

describe('the first start', () => {
  test('has a link by which the first admin comes in; it works once, and none is made after', async () => {
    const { world } = made
    const token = (await world.services.links.setUp(world.clock.now())) ?? ''
    const first = aVisitor(world)
    const form = await first.get(`/welcome/${token}`)
    assert.match(form.html, /You are the first, and an admin/)
    assert.equal((await first.get(`/welcome/${token}`)).status, 200, 'looking does not use it')
    const entered = await first.post(`/welcome/${token}`, given('Ann'))
    assert.deepEqual([entered.status, entered.to], [303, '/'])
    assert.equal((await first.get('/settings/people')).status, 200)
    const second = await aVisitor(world).post(`/welcome/${token}`, given('Eve'))
    assert.equal(second.status, 404)
    assert.match(second.html, /This link does not work: it was used, or it is too old/)
    assert.equal(await world.services.links.setUp(world.clock.now()), null)
    assert.deepEqual(await noted(world), ['user:Ann: person.join Ann'])
  })

  test('again makes the link of before void, and a link is too old after a day', async () => {
    const { links } = made.world.services
    const [older, newer] = [await links.setUp(made.world.clock.now()), await links.setUp(made.world.clock.now())]
    const visitor = aVisitor(made.world)
    assert.equal((await visitor.get(`/welcome/${older}`)).status, 404)
    assert.equal((await visitor.get(`/welcome/${newer}`)).status, 200)
    made.world.clock.pass(DAY)
    assert.equal((await visitor.get(`/welcome/${newer}`)).status, 404)
  })

  test('tells every mistake at its field, keeps the name, and leaves the link', async () => {
    const { world } = made
    const token = (await world.services.links.setUp(world.clock.now())) ?? ''
    const visitor = aVisitor(world)
    const tried = async (fields: Record<string, string>) => {
      const { status, html } = await visitor.post(`/welcome/${token}`, fields)
      assert.equal(status, 422)
      assert.doesNotMatch(html, /type="password"[^>]*value=/)
      return html
    }
    assert.match(await tried({ name: '', password: PASSWORD, again: PASSWORD }), /id="name-error"/)
    assert.match(await tried({ name: 'a\u202eb', password: PASSWORD, again: PASSWORD }), /id="name-error"/)
    const short = await tried({ name: 'Ann <b>', password: 'short', again: 'short' })
    assert.match(short, /id="password-error".*at least 10 characters/s)
    assert.match(short, /value="Ann &lt;b&gt;"/)
    assert.match(await tried({ name: 'Ann', password: PASSWORD, again: OTHER }), /id="again-error".*is not the same/s)
    assert.match(await tried(given('Annabella', 'annabella123')), /must not be your name/)
    assert.equal((await visitor.post(`/welcome/${token}`, given('Ann'))).status, 303)
  })
})

describe('people', () => {
  test('are invited with a role by a link that is shown once', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    const shown = await ann.send('/settings/people', { role: 'signer' })
    const link = linkIn(shown.html)
    assert.notEqual(link, '')
    assert.equal(linkIn((await ann.get('/settings/people')).html), '')
    const ben = aVisitor(world)
    assert.match((await ben.get(link)).html, /You are invited as a signer/)
    assert.match((await ben.post(link, given('ANN'))).html, /there is or was somebody called/)
    assert.equal((await ben.post(link, given('ben'))).status, 303)
    assert.match((await ben.get('/settings/me')).html, /You are a signer\./)
    assert.match((await ann.get('/settings/people')).html, /ben<\/a>/)
    assert.equal((await ann.send('/settings/people', { role: 'king' })).status, 422)
    assert.deepEqual((await noted(world)).slice(0, 2), ['user:ben: person.join ben', 'user:ann: person.invite signer'])
    assert.doesNotMatch(JSON.stringify(await world.store.changes({}, { limit: 9, cursor: null })), new RegExp(link.slice(9)))
  })

  test('are listed while they are invited: by whom, until when, never the link; one that is withdrawn opens nothing', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    const link = linkIn((await ann.send('/settings/people', { role: 'signer' })).html)
    const { html } = await ann.get('/settings/people')
    assert.match(html, /Open links.*joining as signer.*user:ann/s)
    assert.ok(!html.includes(link))
    const [, to = ''] = /action="(\/settings\/people\/links\/\d+\/withdraw)"/.exec(html) ?? []
    assert.equal((await ann.post(to)).to, '/settings/people?done=withdrawn')
    assert.equal((await ann.post(to)).status, 404)
    assert.equal((await aVisitor(world).get(link)).status, 404)
    assert.doesNotMatch((await ann.get('/settings/people')).html, /Open links/)
    assert.equal((await noted(world))[0], 'user:ann: link.withdraw signer')
    await ann.send('/settings/people/1', {}, '/settings/people/1/password-link')
    assert.match((await ann.get('/settings/people')).html, /a new password of ann/)
  })

  test('have a role that holds at once when it is changed', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    const ben = await signedIn(world, 'ben', 'viewer')
    assert.equal((await ben.post('/events', { name: 'backup' })).status, 403)
    assert.equal((await ann.post('/settings/people/2/role', { role: 'editor' })).to, '/settings/people/2?done=saved')
    assert.equal((await ben.post('/events', { name: 'backup' })).status, 303)
    const refused = await ann.post('/settings/people/1/role', { role: 'viewer' })
    assert.equal(refused.status, 422)
    assert.match(refused.html, /id="role-error".*somebody has to be admin/s)
    assert.equal((await ann.post('/settings/people/9/role', { role: 'viewer' })).status, 404)
    assert.equal((await ann.post('/settings/people/2/role', { role: 'king' })).status, 422)
  })

  test('who have ended are out at once, everywhere, and stay in the list', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    const ben = await signedIn(world, 'ben', 'editor')
    assert.ok(await isIn(ben))
    assert.equal((await ann.post('/settings/people/1/end')).status, 422, 'the last admin stays')
    assert.equal((await ann.post('/settings/people/2/end')).status, 303)
    assert.ok(!(await isIn(ben)))
    assert.match((await ann.get('/settings/people')).html, /ben<\/a>.*ended/s)
    assert.match((await ann.get('/settings/people/2')).html, /May not sign in any more/)
    assert.equal((await ann.post('/settings/people/2/password-link')).status, 404)
  })

  test('who forgot their password get a link for a new one, and are out everywhere once it is used', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    const ben = await signedIn(world, 'ben', 'viewer')
    const link = linkIn((await ann.send('/settings/people/2', {}, '/settings/people/2/password-link')).html)
    const elsewhere = aVisitor(world)
    const form = await elsewhere.get(link)
    assert.match(form.html, /A new password.*For ben\. Everywhere else you will be signed out/s)
    assert.ok(await isIn(ben), 'the old one works until then')
    assert.equal((await elsewhere.post(link, { ...given('ann', OTHER) })).status, 303)
    assert.match((await elsewhere.get('/settings/me')).html, /<h1[^>]*>ben<\/h1>/, 'a name that is posted counts for nothing')
    assert.ok(!(await isIn(ben)))
    assert.equal((await ben.signIn('ben')).status, 422)
    assert.equal((await elsewhere.post(link, given('ben', OTHER))).status, 404)
  })

  test('have sessions that an admin sees and ends', async () => {
    const { world } = made
    const ann = await signedIn(world, 'ann', 'admin')
    await somebody(world, 'ben', 'viewer')
    const [phone, desk] = [aVisitor(world), aVisitor(world)]
    await phone.signIn('ben', PASSWORD, {
      address: '198.51.100.4',
      headers: { 'user-agent': 'Mozilla/5.0 (iPhone) Safari/604.1' },
    })
    await desk.signIn('ben')
    const page = await ann.get('/settings/people/2')
    assert.match(page.html, /Safari on iPhone.*198\.51\.100\.4/s)
    const [, id = ''] = /name="session" value="(\d+)"/.exec(page.html.slice(page.html.indexOf('Safari on iPhone'))) ?? []
    assert.equal((await ann.post('/settings/people/2/sessions/end', { session: id })).status, 303)
    assert.deepEqual([await isIn(phone), await isIn(desk), await isIn(ann)], [false, true, true])
    await ann.post('/settings/people/2/sessions/end', { session: 'others' })
    assert.deepEqual([await isIn(desk), await isIn(ann)], [false, true])
    assert.equal((await noted(world))[0], 'user:ann: session.end ben')
    assert.equal((await ann.post('/settings/people/2/sessions/end', { session: 'x' })).status, 400)
  })
})

describe('me', () => {
  test('changes the password with the old one; all other sessions end, this one stays', async () => {
    const { world } = made
    const here = await signedIn(world, 'ann', 'viewer')
    const there = aVisitor(world)
    await there.signIn('ann')
    const change = (old: string, password: string, again = password) =>
      here.post('/settings/me/password', { old, password, again })
    assert.match((await change(OTHER, OTHER)).html, /id="old-error".*is not your password/s)
    assert.match((await change(PASSWORD, 'short')).html, /id="password-error"/)
    assert.match((await change(PASSWORD, OTHER, PASSWORD)).html, /id="again-error"/)
    assert.deepEqual([await isIn(here), await isIn(there)], [true, true])
    assert.equal((await change(PASSWORD, OTHER)).to, '/settings/me?done=saved')
    assert.deepEqual([await isIn(here), await isIn(there)], [true, false])
    assert.equal((await there.signIn('ann')).status, 422)
    assert.equal((await there.signIn('ann', OTHER)).status, 303)
    assert.deepEqual((await noted(world))[0], 'user:ann: person.password ann')
  })

  test('cannot be used to guess the old password', async () => {
    const here = await signedIn(made.world, 'ann', 'viewer')
    const guess = (old: string) => here.post('/settings/me/password', { old, password: OTHER, again: OTHER })
    for (let i = 0; i < 10; i += 1) assert.match((await guess(`guess number ${i}`)).html, /is not your password/)
    assert.match((await guess(PASSWORD)).html, /too many tries: again in/)
  })

  test('sees where it is signed in, which one this is, and ends one or all others, and nobody else’s', async () => {
    const { world } = made
    const here = await signedIn(world, 'ann', 'viewer')
    const ben = await signedIn(world, 'ben', 'viewer')
    const others = [aVisitor(world), aVisitor(world), aVisitor(world)] as const
    for (const other of others) await other.signIn('ann', PASSWORD, { headers: { 'user-agent': 'curl/8.5 <script>' } })
    const { html } = await here.get('/settings/me')
    assert.equal(html.split('(this one)').length, 2)
    assert.match(html, /title="curl\/8\.5 &lt;script&gt;"/)
    const bens = (await world.store.sessionsOf(2))[0]?.id ?? 0
    const one = (await world.store.sessionsOf(1)).at(0)?.id ?? 0
    await here.post('/settings/me/sessions/end', { session: `${bens}` })
    assert.ok(await isIn(ben))
    await here.post('/settings/me/sessions/end', { session: `${one}` })
    const still = async () => (await Promise.all(others.map(isIn))).filter((is) => is).length
    assert.equal(await still(), 2)
    await here.post('/settings/me/sessions/end', { session: 'others' })
    assert.equal(await still(), 0)
    assert.ok(await isIn(here))
  })
})

test('every form refuses what is no form, and what is too large', async () => {
  const ann = await signedIn(made.world, 'ann', 'admin')
  for (const path of [
    '/sign-in',
    '/settings/people',
    '/settings/people/1/role',
    '/settings/me/password',
    '/settings/me/sessions/end',
  ]) {
    assert.equal((await ann.post(path, {}, { headers: { 'content-type': 'application/json' } })).status, 415, path)
    assert.equal((await ann.post(path, { name: 'x'.repeat(70_000) })).status, 413, path)
  }
})

test('an admin may do all of this, and nobody else gets to see the people', async () => {
  for (const role of ROLES.filter((one) => one !== 'admin')) {
    const visitor = await signedIn(made.world, role, role)
    const { status, html } = await visitor.get('/settings/people')
    assert.equal(status, 403)
    assert.match(html, new RegExp(`${role} is an? ${role} here\\. This needs an admin\\.`))
    assert.equal((await visitor.get('/settings/me')).status, 200)
  }
})

describe('where nobody is asked who they are', () => {
  const open = fresh()

  test('the pages about people say so in a sentence, and their forms do nothing', async () => {
    const visitor = aVisitor(open.world)
    for (const path of ['/sign-in', '/settings/people', '/settings/people/1', '/settings/me'])
      assert.match((await visitor.get(path)).html, /This server asks nobody who they are.*AFFIRMATIVE_AUTH=accounts/s, path)
    for (const path of ['/sign-in', '/settings/people', '/settings/people/1/end', '/settings/me/password', '/welcome/x'])
      assert.equal((await visitor.post(path, { role: 'admin' })).status, 409, path)
    assert.deepEqual(await open.world.store.people(), [])
  })
})

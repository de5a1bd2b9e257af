import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { anApi, assertProblem } from '../support/api.ts'
import { aWorld } from '../support/world.ts'
import { fresh, type Item, type List, NOW } from './fresh.ts'

type Made = { id: number; secret: string; hint: string }
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const DEPLOY = { name: 'deploy', scopes: ['affirm'] }

describe('API keys', () => {
  const here = fresh()
  const make = async (draft: object = DEPLOY): Promise<Made> => {
    const answer = await here.api.send<Made>('POST', '/api/v1/keys', draft)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body
  }
  const listed = async () => (await here.api.get<List>('/api/v1/keys')).body.items

  test('are made, listed without their secret, and revoked once', async () => {
    const answer = await here.api.send<Made & Item>('POST', '/api/v1/keys', { ...DEPLOY, env: 'staging' })
    const { secret, ...shown } = answer.body
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.deepEqual(shown, {
      id: shown.id,
      name: 'deploy',
      hint: secret.slice(0, 7),
      scopes: ['affirm'],
      env: 'staging',
      createdBy: 'anyone',
      createdAt: new Date(NOW).toISOString(),
      lastUsedAt: null,
    })
    assert.deepEqual(await listed(), [shown])
    assert.equal((await here.api.send('DELETE', `/api/v1/keys/${shown.id}`)).status, 204)
    assertProblem(await here.api.send('DELETE', `/api/v1/keys/${shown.id}`), 404, /revoked/)
    assertProblem(await here.api.send('DELETE', '/api/v1/keys/x'), 404, /no API key/)
    assert.deepEqual(await listed(), [])
  })

  test('wrong drafts are refused, every wrong field at once, and nothing is made', async () => {
    const refused = async (draft: unknown, says: RegExp) =>
      assertProblem(await here.api.send('POST', '/api/v1/keys', draft), 400, says)
    await refused({ name: '', scopes: [], env: 'a b' }, /name: 1 to 64.*scopes: at least one.*env:/s)
    await refused({}, /name: .*scopes: /s)
    for (const name of ['x'.repeat(65), 'a\nb', ' a', 'a\u202eb', 'a\0', 7]) await refused({ ...DEPLOY, name }, /name/)
    await refused({ ...DEPLOY, scopes: ['affirm', 'everything'] }, /scopes\.1: must be one of affirm, read, write, admin/)
    await refused({ ...DEPLOY, secret: 'ak_mine' }, /secret: is not a known field/)
    await refused([DEPLOY], /JSON object/)
    assert.deepEqual(await listed(), [])
  })

  test('a name that a living key has is refused, at its field, until that one is revoked', async () => {
    const { id } = await make()
    assertProblem(await here.api.send('POST', '/api/v1/keys', DEPLOY), 409, /name: a living key is called "deploy" already/)
    assert.equal((await listed()).length, 1)
    await here.api.send('DELETE', `/api/v1/keys/${id}`)
    await make()
  })

  test('a scope that is named twice counts once, and null is every environment', async () => {
    await make({ name: 'twice', scopes: ['read', 'affirm', 'read'], env: null })
    assert.deepEqual((await listed())[0]?.scopes, ['affirm', 'read'])
  })

  test('are sent by either header, as the scheme may be written', async () => {
    const { secret } = await make({ ...DEPLOY, scopes: ['read'] })
    for (const headers of [bearer(secret), { authorization: `bearer  ${secret}` }, { 'x-api-key': secret }] as Record<
      string,
      string
    >[])
      assert.equal((await here.api.get('/api/v1/events', headers)).status, 200)
    assert.equal((await here.api.get('/api/v1/events', { 'x-api-key': `${secret}x` })).status, 401)
  })

  test('a wrong, revoked or empty one is told in the open mode, too', async () => {
    const { id, secret } = await make()
    await here.api.send('DELETE', `/api/v1/keys/${id}`)
    for (const headers of [bearer(secret), bearer('ak_'), bearer(''), { 'x-api-key': '' }] as Record<string, string>[]) {
      const answer = await here.api.get('/api/v1/events', headers)
      assertProblem(answer, 401, /API key/)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  })

  test('what a proxy in front asks for is not ours', async () => {
    assert.equal((await here.api.get('/api/v1/events', { authorization: 'Basic YW5uOnNlY3JldA==' })).status, 200)
  })

  test('whoever may not is told which scope is needed', async () => {
    const { secret } = await make()
    assertProblem(await here.api.get('/api/v1/events', bearer(secret)), 403, /"deploy".*needs the scope read, and has affirm/)
    const form = { ...bearer(secret), 'content-type': 'application/x-www-form-urlencoded' }
    assertProblem(await here.api.raw('/events/x/sign-off', { method: 'POST', headers: form }), 403, /needs the scope admin/)
  })

  test('is never in the audit log: neither secret nor hash, but who made and revoked it', async () => {
    const admin = await make({ name: 'admin', scopes: ['admin'] })
    const made = await here.api.send<Made>('POST', '/api/v1/keys', DEPLOY, bearer(admin.secret))
    await here.api.send('DELETE', `/api/v1/keys/${made.body.id}`, undefined, bearer(admin.secret))
    const { items } = await here.world.store.changes({}, { limit: 10, cursor: null })
    assert.deepEqual(
      items.map(({ action, by, subject }) => [action, by.who, subject]),
      [
        ['key.revoke', 'key:admin', 'deploy'],
        ['key.make', 'key:admin', 'deploy'],
        ['key.make', 'anyone', 'admin'],
      ],
    )
    assert.ok(!JSON.stringify(items).includes(made.body.secret))
    for (const { hash } of await here.world.store.holders()) assert.ok(!JSON.stringify(items).includes(hash))
  })

  test('when it was used last is shown, a little later', async () => {
    const { secret } = await make({ ...DEPLOY, scopes: ['read'] })
    await here.api.get('/api/v1/events', bearer(secret))
    assert.equal((await listed())[0]?.lastUsedAt, null)
    await here.world.services.keys.loop.tick(here.world.clock.now())
    assert.equal((await listed())[0]?.lastUsedAt, new Date(NOW).toISOString())
  })

  test('where people are asked who they are, nothing goes without one, and none is taken from the address', async () => {
    const world = aWorld(here.world.store, NOW, { auth: 'accounts' })
    const api = anApi(world)
    const { secret } = await make({ name: 'all', scopes: ['admin'] })
    for (const path of ['/api/v1/events', '/affirm/backup', `/affirm/backup?key=${secret}`, `/api/v1/events?api_key=${secret}`]) {
      const answer = await api.get(path)
      assertProblem(answer, 401, /Authorization: Bearer/)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
    assert.equal((await api.get('/api/v1/events', bearer(secret))).status, 200)
    assert.equal((await api.get('/affirm/backup', bearer(secret))).status, 200)
    assert.equal((await api.get('/healthz')).status, 200)
  })
})

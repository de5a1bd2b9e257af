import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { ROUTES_OF_ENVS } from '../../src/http/key-env.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { assertProblem } from '../support/api.ts'
import { fresh, type Item, type List, type Tally } from './fresh.ts'

describe('a key of one environment', () => {
  const here = fresh()
  let headers: Record<string, string>
  let [prod, staging] = [0, 0]

  const get = <T = List>(path: string) => here.api.get<T>(path, headers)
  const send = <T = Item>(method: string, path: string, body?: unknown) => here.api.send<T>(method, path, body, headers)
  const refused = async (answer: ReturnType<typeof send>, says = /"stage".*environment staging alone/) =>
    assertProblem(await answer, 403, says)
  const envs = (items: readonly Item[]) => [...new Set(items.map(({ env }) => env))]

  beforeEach(async () => {
    const draft = { name: 'stage', scopes: ['affirm', 'write'], env: 'staging' }
    const { body } = await here.api.send<{ secret: string }>('POST', '/api/v1/keys', draft)
    headers = { authorization: `Bearer ${body.secret}` }
    for (const env of ['prod', 'staging']) {
      const expected = await here.world.expects('job', { schedule: '* * * * *', lookback: '1m' }, { env })
      if (env === 'prod') prod = expected.id
      else staging = expected.id
      await here.world.affirm('job', { env, source: `by ${env}` })
    }
    await here.world.passUntil('2026-03-04T09:20:00Z')
  })

  test('affirms there, whether it says so or not', async () => {
    assert.equal((await get('/affirm/new_job')).status, 200)
    assert.equal((await get('/affirm/new_job?env=staging')).status, 200)
    assert.deepEqual(envs(await here.affirmations('new_job')), ['staging'])
  })

  test('affirms nowhere else: nothing is stored, and no name registered', async () => {
    await refused(send('POST', '/affirm/new_job?env=prod'))
    await refused(send('POST', '/api/v1/affirmations', { event: 'new_job', env: 'prod' }))
    assert.equal((await here.api.get('/api/v1/events/new_job')).status, 404)
  })

  test('in a batch only those of another environment are rejected, by their index', async () => {
    const batch = [{ event: 'a' }, { event: 'b', env: 'prod' }, { event: 'c', env: 'staging' }]
    const { body, status } = await send<Tally>('POST', '/api/v1/affirmations', batch)
    assert.deepEqual([status, body.accepted, body.rejected.map(({ index }) => index)], [200, 2, [1]])
    assert.match(body.rejected[0]?.detail ?? '', /environment staging alone, not for prod/)
    const lines = await here.api.raw('/api/v1/affirmations', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-ndjson' },
      body: '{"event":"a","env":"prod"}\n{"event":"a"}\n',
    })
    assert.equal((lines.body as unknown as Tally).accepted, 1)
    assert.deepEqual(envs([...(await here.affirmations('a')), ...(await here.affirmations('c'))]), ['staging'])
  })

  test('sees only what is of it, though it asks for all', async () => {
    for (const path of ['/events/job/affirmations', '/expectations', '/verdicts', '/incidents']) {
      const mine = (await get(`/api/v1${path}`)).body.items
      assert.deepEqual(envs(mine), ['staging'], path)
      const all = (await here.api.get<List>(`/api/v1${path}`)).body.items
      assert.equal(envs(all).length, 2, path)
    }
    const { body } = await get('/api/v1/events/job/counts')
    assert.deepEqual(
      body.items.map(({ ok }) => ok),
      [1],
    )
    const lines = await here.api.get<string>('/api/v1/events/job/affirmations', { ...headers, accept: 'application/x-ndjson' })
    assert.equal(lines.body.trim().split('\n').length, 1)
    assert.match(lines.body, /by staging/)
  })

  test('may not ask for another one', async () => {
    const paths = [
      '/events',
      '/events/job/affirmations',
      '/events/job/counts',
      '/expectations',
      '/verdicts',
      `/expectations/${staging}/verdicts`,
    ]
    for (const path of paths) {
      await refused(get(`/api/v1${path}?env=prod`) as never)
      assert.equal((await get(`/api/v1${path}?env=staging`)).status, 200, path)
    }
  })

  test('changes expectations only there', async () => {
    const draft = { event: 'job', schedule: '0 3 * * *' }
    const made = await send<Item>('POST', '/api/v1/expectations', draft)
    assert.deepEqual([made.status, made.body.env], [201, 'staging'])
    await refused(send('POST', '/api/v1/expectations', { ...draft, env: 'prod' }))
    await refused(send('POST', '/api/v1/expectations/preview', { ...draft, env: 'prod' }))
    assert.equal((await send('POST', '/api/v1/expectations/preview', draft)).status, 200)
    await refused(send('PATCH', `/api/v1/expectations/${staging}`, { env: 'prod' }))
    assert.equal((await send('PATCH', `/api/v1/expectations/${staging}`, { atLeast: 2 })).status, 200)
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['GET', '/verdicts'],
    ])
      await refused(send(method ?? '', `/api/v1/expectations/${prod}${path}`, method === 'PATCH' ? { atLeast: 2 } : undefined))
    assert.equal((await here.api.get<Item>(`/api/v1/expectations/${prod}`)).body.atLeast, 1)
    assert.equal((await send('DELETE', `/api/v1/expectations/${staging}`)).status, 204)
  })

  test('registers events, but neither changes, deletes nor clears what belongs to all environments', async () => {
    assert.equal((await send('POST', '/api/v1/events', { name: 'registered' })).status, 201)
    assert.equal((await get('/api/v1/events/registered')).status, 200)
    const all = /needs a key without one/
    await refused(send('PATCH', '/api/v1/events/job', { description: 'x' }), all)
    await refused(send('DELETE', '/api/v1/events/job?confirm=job'), all)
    await refused(send('DELETE', '/api/v1/events/job/affirmations?confirm=job'), all)
    await refused(get('/metrics') as never, all)
    await refused(get('/') as never, all)
  })

  test('makes no keys, whatever its scopes: one for all environments would be a way out', async () => {
    const draft = { name: 'all', scopes: ['admin'], env: 'staging' }
    const { body } = await here.api.send<{ secret: string }>('POST', '/api/v1/keys', draft)
    headers = { 'x-api-key': body.secret }
    await refused(send('POST', '/api/v1/keys', { name: 'out', scopes: ['admin'] }), /needs a key without one/)
  })

  test('what it may ask for is in the list of routes', () => {
    for (const route of ROUTES_OF_ENVS) assert.ok(route in ROUTES, route)
  })
})

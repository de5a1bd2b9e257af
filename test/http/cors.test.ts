import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ROUTES } from '../../src/http/routes.ts'
import { assertProblem } from '../support/api.ts'
import { fresh } from './fresh.ts'

const SHOP = 'https://shop.example.org'
const AFFIRMS = ['/api/v1/affirmations', '/affirm/job', '/affirm/job/fail']
const from = (origin: string) => ({ origin, 'sec-fetch-site': 'cross-site' })
const asks = (origin: string, method = 'POST') => ({
  ...from(origin),
  'access-control-request-method': method,
  'access-control-request-headers': 'authorization,content-type',
})
const sharedBy = (headers: Headers): string[] => [...headers.keys()].filter((name) => name.startsWith('access-control-'))

describe('pages of the origins that are listed', () => {
  const here = fresh({ said: { AFFIRMATIVE_ALLOWED_ORIGINS: `${SHOP}, http://localhost:8080` } })
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    here.api.raw(path, { method, headers, ...(body === undefined ? {} : { body }) })

  test('may affirm, and read what became of it', async () => {
    const json = await ask(
      'POST',
      '/api/v1/affirmations',
      { ...from(SHOP), 'content-type': 'application/json' },
      '{"event":"job"}',
    )
    const text = await ask('POST', '/affirm/job', { ...from(SHOP), 'content-type': 'text/plain' }, 'a beacon')
    for (const { status, headers } of [json, text]) {
      assert.equal(status, 200)
      assert.equal(headers.get('access-control-allow-origin'), SHOP)
      assert.equal(headers.get('vary'), 'Origin')
      assert.equal(headers.get('access-control-allow-credentials'), null)
    }
    assert.deepEqual(
      (await here.affirmations('job')).map(({ value }) => value),
      ['a beacon', null],
    )
  })

  test('may read that it was refused, too, and when to try again', async () => {
    const answer = await ask(
      'POST',
      '/api/v1/affirmations',
      { ...from(SHOP), 'content-type': 'application/json' },
      '{"event":""}',
    )
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('access-control-allow-origin'), SHOP)
    assert.equal(answer.headers.get('access-control-expose-headers'), 'Retry-After')
  })

  test('are told beforehand that they may: POST with a key, and nothing with cookies', async () => {
    for (const path of AFFIRMS) {
      const { status, headers } = await ask('OPTIONS', path, asks(SHOP))
      assert.equal(status, 204, path)
      assert.equal(headers.get('access-control-allow-origin'), SHOP)
      assert.equal(headers.get('access-control-allow-methods'), 'POST')
      assert.equal(headers.get('access-control-allow-headers'), 'Authorization, Content-Type')
      assert.equal(headers.get('access-control-allow-credentials'), null)
    }
  })

  test('may nothing else', async () => {
    for (const route of Object.keys(ROUTES)) {
      const [method = '', path = ''] = route.replace(':event', 'job').replace(/:\w+/g, '1').split(' ')
      if (AFFIRMS.includes(path) || path.startsWith('/affirm/')) continue
      const { status, headers } = await here.world.app.request(path, { method: 'OPTIONS', headers: asks(SHOP, method) })
      assert.ok(status >= 400, `${path} ${status}`)
      assert.deepEqual(sharedBy(headers), [], path)
      const done = await here.world.app.request(path, { method, headers: from(SHOP) })
      await done.body?.cancel()
      assert.deepEqual(sharedBy(done.headers), [], route)
    }
    await here.world.expects('job', {})
    assertProblem(await ask('POST', '/api/v1/expectations/1/pause', from(SHOP)), 403, /page of another site/)
  })

  test('affirm by POST alone: a picture or a link sends no origin that could be looked at', async () => {
    for (const method of ['GET', 'PUT', 'HEAD'])
      assert.equal((await here.world.app.request('/affirm/job', { method, headers: from(SHOP) })).status, 403, method)
    assert.equal((await ask('POST', '/affirm/job', { 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.deepEqual(await here.names(), [])
  })

  test('others stay out, however alike', async () => {
    for (const origin of ['https://evil.example', 'http://shop.example.org', `${SHOP}.evil.example`, `${SHOP}:8443`, 'null', '*'])
      for (const path of AFFIRMS) {
        const asked = await ask('OPTIONS', path, asks(origin))
        assert.ok(asked.status >= 400)
        const done = await ask('POST', path, { ...from(origin), 'content-type': 'application/json' }, '{"event":"job"}')
        assertProblem(done, 403, /page of another site/)
        for (const { headers } of [asked, done]) assert.deepEqual(sharedBy(headers), [], origin)
      }
    assert.deepEqual(await here.names(), [])
  })
})

describe('pages of any origin', () => {
  test('may affirm where * is listed, and not where nothing is', async () => {
    const statusFor = async (path: string) =>
      (await anyone.world.app.request(path, { method: 'POST', headers: from('https://a.example') })).status
    assert.equal(await statusFor('/affirm/job'), 200)
    assert.equal(await statusFor('/api/v1/expectations/1/pause'), 403)
    const { status, headers } = await none.world.app.request('/affirm/job', { method: 'OPTIONS', headers: asks(SHOP) })
    assert.deepEqual([status, sharedBy(headers)], [403, []])
  })
  const anyone = fresh({ said: { AFFIRMATIVE_ALLOWED_ORIGINS: '*' } })
  const none = fresh()
})

describe('where people sign in', () => {
  const here = fresh({ auth: 'accounts', said: { AFFIRMATIVE_ALLOWED_ORIGINS: SHOP } })

  test('a listed page needs a key, and reads that it does', async () => {
    assert.equal((await here.world.app.request('/affirm/job', { method: 'OPTIONS', headers: asks(SHOP) })).status, 204)
    const answer = await here.api.raw('/affirm/job', { method: 'POST', headers: from(SHOP) })
    assertProblem(answer, 401, /API key/)
    assert.equal(answer.headers.get('access-control-allow-origin'), SHOP)
  })
})

describe('the script for pages', () => {
  const here = fresh({ auth: 'accounts' })

  test('is there for everybody, and fetched once an hour', async () => {
    const answer = await here.api.get<string>('/affirm.js')
    assert.equal(answer.status, 200)
    assert.match(answer.type, /^text\/javascript/)
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=3600')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.doesNotMatch(answer.body, /^(import|export) /m, 'a plain script, no module')
    const again = await here.api.get('/affirm.js', { 'if-none-match': answer.headers.get('etag') ?? '' })
    assert.equal(again.status, 304)
  })
})

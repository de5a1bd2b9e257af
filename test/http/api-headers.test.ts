import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { anApp } from '../../src/http/app.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { fresh } from './fresh.ts'

const addressOf = (path: string): string => path.replace(':event', 'job').replace(':id', '1')
const API = Object.keys(ROUTES)
  .map((route) => route.split(' '))
  .filter(([, path = '']) => /^\/(api|affirmative)\//.test(path))
const EXPORTS = ['/events.csv', '/events.json', '/incidents/export.csv', '/incidents/export.ndjson', '/settings/audit.csv']

describe('what programs are answered is kept by no cache, and taken for nothing else by a browser', () => {
  const here = fresh()
  const checked = async (method: string, path: string, headers: Record<string, string> = {}): Promise<number> => {
    const answer = await here.world.app.request(path, { method, headers })
    await answer.arrayBuffer()
    const { status, headers: got } = answer
    assert.deepEqual([got.get('x-content-type-options'), got.get('cache-control')], ['nosniff', 'no-store'], `${method} ${path}`)
    return status
  }

  test('every route of the API, answered or refused', async () => {
    assert.ok(API.length > 20)
    await here.world.expects('job', {})
    for (const [method = '', path = ''] of API) await checked(method, addressOf(path), { 'content-type': 'application/json' })
    assert.equal(await checked('GET', '/api/v1/nowhere'), 404)
    assert.equal(await checked('GET', '/api/v1/events', { 'x-api-key': 'wrong' }), 401)
  })

  test('files', async () => {
    await here.world.affirm('job')
    for (const path of EXPORTS) assert.equal(await checked('GET', path), 200)
    for (const accept of ['application/x-ndjson', 'text/csv'])
      assert.equal(await checked('GET', '/api/v1/events/job/affirmations', { accept }), 200)
  })
})

describe('open pages are told', () => {
  const here = fresh()
  /** Whether they are, by this request. */
  const told = async (method: string, path: string, body?: object): Promise<boolean> => {
    let isTold = false
    const changes = { ...here.world.services.changes, tell: () => (isTold = true) }
    const init = { method, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) }
    await anApp({ ...here.world.services, changes }).request(path, init)
    return isTold
  }

  test('of what was changed', async () => {
    assert.equal(await told('POST', '/api/v1/events', { name: 'job' }), true)
    assert.equal(await told('DELETE', '/api/v1/events/job?confirm=job'), true)
    assert.equal(await told('POST', '/affirmative/store', { events: [{ name: 'job', data: 'ok' }] }), true)
  })

  test('not of what was refused, and not of reading', async () => {
    assert.equal(await told('POST', '/api/v1/events', { name: '' }), false)
    for (const method of ['DELETE', 'PUT']) assert.equal(await told(method, '/api/v1/events/nothing'), false)
    for (const method of ['GET', 'HEAD']) assert.equal(await told(method, '/api/v1/events'), false)
  })
})

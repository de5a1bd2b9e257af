import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { aListener } from '../../src/http/direct.ts'
import { assertProblem } from '../support/api.ts'
import { fresh } from './fresh.ts'

type Headers = Record<string, string>

/** As browsers send it for a page of elsewhere: newer ones with both, older ones with the origin alone, a link without one. */
const FOREIGN: readonly Headers[] = [
  { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
]
const OURS: readonly Headers[] = [
  {},
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin' },
  { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' },
]
const TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'application/json']
const WORDS = /page of another site.*nothing was done/

describe('a foreign page in a browser, where nobody is asked who they are', () => {
  const here = fresh()
  const ask = (method: string, path: string, headers: Headers, body?: string) =>
    here.api.raw(path, { method, headers, ...(body === undefined ? {} : { body }) })

  test('changes nothing by the API, whatever type it sends', async () => {
    const { id } = await here.world.expects('job', {})
    for (const foreign of FOREIGN)
      for (const type of TYPES) {
        const headers = { ...foreign, 'content-type': type }
        assertProblem(await ask('POST', `/api/v1/expectations/${id}/pause`, headers), 403, WORDS)
        assertProblem(await ask('POST', '/api/v1/affirmations', headers, '{"event":"job"}'), 403, WORDS)
        assertProblem(await ask('DELETE', '/api/v1/events/job', headers), 403, WORDS)
        for (const path of ['store', 'simplest', 'register_event', 'update_event_config', 'unregister_event'])
          assertProblem(await ask('POST', `/affirmative/${path}`, headers, 'event_name=job'), 403, WORDS)
      }
    assert.equal(await here.world.stateOf(id), 'waiting')
    assert.deepEqual(await here.affirmations('job'), [])
  })

  test('affirms by no method', async () => {
    for (const foreign of FOREIGN)
      for (const method of ['GET', 'POST', 'PUT', 'HEAD'])
        for (const path of ['/affirm/job', '/affirm/job/fail'])
          assert.equal((await here.world.app.request(path, { method, headers: foreign })).status, 403, `${method} ${path}`)
    assertProblem(await ask('GET', '/affirm/job', { 'sec-fetch-site': 'cross-site' }), 403, WORDS)
    assert.deepEqual(await here.names(), [])
  })

  test('nor on the direct way', async () => {
    const server = createServer(aListener(here.world.services)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const statusOf = async (method: string, headers: Headers) => {
      const [res] = await once(request({ port, method, path: '/affirm/job', headers, agent: false }).end(), 'response')
      res.resume()
      return res.statusCode
    }
    try {
      for (const foreign of FOREIGN)
        for (const method of ['GET', 'POST']) assert.equal(await statusOf(method, foreign), 403, JSON.stringify(foreign))
      assert.deepEqual(await here.names(), [])
      const host = `127.0.0.1:${port}`
      for (const headers of [{}, { 'sec-fetch-site': 'none' }, { origin: `http://${host}` }] as Headers[])
        assert.equal(await statusOf('POST', { host, ...headers }), 200)
      assert.equal((await here.affirmations('job')).length, 3)
    } finally {
      server.close()
    }
  })

  test('programs, the address bar and our own pages are not touched', async () => {
    const { id } = await here.world.expects('job', {})
    for (const headers of OURS)
      for (const [method, path] of [
        ['POST', `/api/v1/expectations/${id}/pause`],
        ['POST', `/api/v1/expectations/${id}/resume`],
        ['GET', '/affirm/job'],
        ['POST', '/affirm/job'],
        ['GET', '/affirmative/do_minutely_cron'],
      ] as const)
        assert.equal((await ask(method, path, headers)).status, 200, `${path} ${JSON.stringify(headers)}`)
  })

  test('may link to what is read', async () => {
    for (const path of ['/', '/events', '/api/v1/events'])
      assert.equal((await ask('GET', path, { 'sec-fetch-site': 'cross-site' })).status, 200, path)
  })

  test('a program with a key is believed, wherever it runs', async () => {
    const draft = { name: 'extension', scopes: ['affirm'], env: null }
    const { body } = await here.api.send<{ secret: string }>('POST', '/api/v1/keys', draft)
    for (const foreign of FOREIGN)
      assert.equal((await ask('POST', '/affirm/job', { ...foreign, authorization: `Bearer ${body.secret}` })).status, 200)
  })

  test('sends no form, though its origin looks like ours and whatever the type', async () => {
    const { id } = await here.world.expects('job', {})
    for (const site of ['cross-site', 'same-site'])
      for (const type of TYPES) {
        const headers = { origin: 'http://localhost', 'sec-fetch-site': site, 'content-type': type }
        for (const path of [`/expectations/${id}/pause`, '/events', '/look', '/sign-in', '/sign-out'])
          assertProblem(await ask('POST', path, headers), 403, /not sent by a page of this server/)
      }
    assert.equal(await here.world.stateOf(id), 'waiting')
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, describe, test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { aListener } from '../../src/http/direct.ts'
import { aHosts } from '../../src/http/hosts.ts'
import { assertProblem } from '../support/api.ts'
import { fresh } from './fresh.ts'

const hostsOf = (env: Record<string, string>) => aHosts(readConfig(env).hostNames)
const FIXED = [
  'localhost',
  'localhost:5123',
  'LOCALHOST.',
  'app.localhost:80',
  '127.0.0.1:5123',
  '192.0.2.7',
  '[::1]:5123',
  '[fe80::1]',
]

describe('under which names this server answers', () => {
  test('on this machine alone: localhost and addresses, which nobody can point elsewhere', () => {
    const isOurs = hostsOf({})
    for (const host of FIXED) assert.equal(isOurs(host), true, host)
    for (const host of ['evil.example', 'localhost.evil.example', 'evil-localhost', '127.0.0.1.evil.example', '1.2.3.4.5', ''])
      assert.equal(isOurs(host), false, host)
  })

  test('what is no name at all is none of ours', () => {
    for (const host of [
      'localhost:',
      'localhost:1:2',
      'user@localhost',
      'localhost/',
      '[::1',
      '::1',
      'x'.repeat(5_000),
      'löcalhost',
    ])
      assert.equal(hostsOf({})(host), false, host)
  })

  test('with AFFIRMATIVE_URL or AFFIRMATIVE_HOSTS: those too, with any port, and no others', () => {
    for (const HOST of ['127.0.0.1', '0.0.0.0']) {
      const isOurs = hostsOf({
        HOST,
        AFFIRMATIVE_AUTH: 'open',
        AFFIRMATIVE_URL: 'https://Affirm.Example.org',
        AFFIRMATIVE_HOSTS: 'affirm, affirm.lan',
      })
      for (const host of [...FIXED, 'affirm.example.org', 'AFFIRM:8080', 'affirm.lan.']) assert.equal(isOurs(host), true, host)
      for (const host of ['evil.example', 'example.org', 'x.affirm']) assert.equal(isOurs(host), false, host)
    }
  })

  test('where others reach it and no name is said: under any', () =>
    assert.equal(hostsOf({ HOST: '0.0.0.0', AFFIRMATIVE_AUTH: 'open' })('anything.example'), true))

  test('a client of HTTP/1.0 says none', () => assert.equal(hostsOf({})(undefined), true))

  test('however many names are tried, the answers stay the same', () => {
    const isOurs = hostsOf({})
    for (let i = 0; i < 5_000; i++) assert.equal(isOurs(`${i}.evil.example`), false)
    assert.equal(isOurs('localhost'), true)
  })
})

describe('a request under a foreign name', () => {
  const here = fresh()
  const servers: Server[] = []
  after(() => {
    for (const server of servers) server.close()
  })

  const onTheWire = async (request: string): Promise<string> => {
    const server = createServer(aListener(here.world.services)).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.end(request.replaceAll('\n', '\r\n'))
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  }

  test('is refused with one sentence that names the setting, whatever it asks for, and changes nothing', async () => {
    const host = 'evil.example'
    for (const path of ['/', '/events', '/live', '/healthz', '/nowhere', '/api/v1/events', '/affirm/backup'])
      assertProblem(await here.api.get(path, { host }), 421, /^[^.]*AFFIRMATIVE_HOSTS[^.]*\.$/)
    assertProblem(await here.api.send('POST', '/api/v1/events', { name: 'x' }, { host }), 421, /AFFIRMATIVE_HOSTS/)
    assert.deepEqual(await here.names(), [])
  })

  test('gets no page, which would say how things stand', async () => {
    const { type, body } = await here.api.get('/', { host: 'evil.example', accept: 'text/html' })
    assert.match(type, /json/)
    assert.doesNotMatch(JSON.stringify(body), /missed/)
  })

  test('is refused on the direct way, too', async () => {
    for (const path of ['/affirm/backup', '/affirm/backup/fail?env=x'])
      assert.match(
        await onTheWire(`POST ${path} HTTP/1.1\nhost: evil.example\nconnection: close\n\n`),
        /^HTTP\/1.1 421 [\s\S]*AFFIRMATIVE_HOSTS/,
      )
    assert.deepEqual(await here.names(), [])
  })

  test('without a name, of HTTP/1.0, is answered on both ways', async () => {
    assert.match(await onTheWire('POST /affirm/backup HTTP/1.0\n\n'), / 200 OK/)
    assert.match(await onTheWire('GET /about HTTP/1.0\n\n'), / 200 OK/)
    assert.deepEqual(await here.names(), ['backup'])
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, beforeEach, describe, test } from 'node:test'
import { aListener } from '../../src/http/direct.ts'
import type { Services } from '../../src/http/services.ts'
import { aWorld, type World } from '../support/world.ts'
import { fresh, NOW } from './fresh.ts'

type Asked = { method: string; path: string; headers?: Record<string, string | string[]>; body?: string | Buffer | string[] }
type Answered = { status: number; type: string | null; length: string | null; retryAfter: string | null; body: string }

/** A list is sent in pieces without a content-length. */
async function overTheWire(port: number, { method, path, headers = {}, body }: Asked): Promise<Answered> {
  const req = request({ port, method, path, headers, agent: false })
  if (Array.isArray(body)) for (const piece of body) req.write(piece)
  else if (body !== undefined) req.setHeader('content-length', Buffer.byteLength(body)).write(body)
  req.end()
  const [res] = await once(req, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of res) chunks.push(chunk)
  const header = (name: string) => res.headers[name] ?? null
  return {
    status: res.statusCode,
    type: header('content-type'),
    length: header('content-length'),
    retryAfter: header('retry-after'),
    body: Buffer.concat(chunks).toString(),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }
const post = (path: string, body?: Asked['body'], headers: Asked['headers'] = {}): Asked => ({
  method: 'POST',
  path,
  headers,
  ...(body === undefined ? {} : { body }),
})

const ASKED: [string, Asked][] = [
  ['nothing but a name', post('/affirm/backup')],
  ['GET', { method: 'GET', path: '/affirm/backup' }],
  ['HEAD', { method: 'HEAD', path: '/affirm/backup' }],
  ['PUT', { method: 'PUT', path: '/affirm/backup', body: 'done' }],
  ['DELETE', { method: 'DELETE', path: '/affirm/backup' }],
  ['OPTIONS', { method: 'OPTIONS', path: '/affirm/backup' }],
  ['a text', post('/affirm/backup', 'all good, 3 files')],
  ['a form, as curl -d sends it', post('/affirm/backup', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })],
  ['JSON', post('/affirm/backup', '{"n": 12345678901234567890}', JSON_TYPE)],
  ['JSON that breaks off', post('/affirm/backup', '{"n":', JSON_TYPE)],
  ['latin-1', post('/affirm/backup', Buffer.from([0xe9]), { 'content-type': 'text/plain; charset=latin1' })],
  ['no UTF-8', post('/affirm/backup', Buffer.from([0x61, 0xff]))],
  ['a NUL', post('/affirm/backup', 'a\0b')],
  ['64 KiB', post('/affirm/backup', 'x'.repeat(65_536))],
  ['more than 64 KiB', post('/affirm/backup', 'x'.repeat(65_537))],
  ['a body in pieces', post('/affirm/backup', ['all ', 'good'])],
  ['an encoded body', post('/affirm/backup', 'x', { 'content-encoding': 'gzip' })],
  ['a failure', post('/affirm/backup/fail', 'exit 3')],
  ['a start', post('/affirm/backup/start')],
  ['an exit status', post('/affirm/backup/137')],
  ['an exit status that is none', post('/affirm/backup/256')],
  ['an unknown suffix', post('/affirm/backup/now')],
  ['two suffixes', post('/affirm/backup/fail/1')],
  ['an empty suffix', post('/affirm/backup/')],
  ['a query', post('/affirm/backup?env=test&source=w%C3%BCrfel+1&id=a&at=1772615652&status=log')],
  ['an empty query', post('/affirm/backup?')],
  ['a broken escape in the query', post('/affirm/backup?source=%zz')],
  ['an unknown parameter', post('/affirm/backup?value=3')],
  ['a parameter given twice', post('/affirm/backup?env=a&env=b')],
  ['a status said twice', post('/affirm/backup/fail?status=ok')],
  ['an instant out of reach', post('/affirm/backup?at=2020-01-01T00:00:00Z')],
  ['all of it wrong', post('/affirm/-?at=soon&id=&env=a%20b&x=1')],
  ['a name with an escape', post('/affirm/back%75p')],
  ['a name with a space', post('/affirm/my%20backup')],
  ['a name with a broken escape', post('/affirm/%zz')],
  ['a name that is too long', post(`/affirm/${'x'.repeat(129)}`)],
  ['a name that starts wrong', post('/affirm/.backup')],
  ['no name', post('/affirm/')],
  ['a browser', { method: 'GET', path: '/affirm/-', headers: { accept: 'text/html' } }],
]

describe('the direct way answers and stores what the framework does', () => {
  const here = fresh()
  let other: World
  const servers: Server[] = []

  const listen = async (services: Services): Promise<number> => {
    const server = createServer(aListener(services)).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  /** What a world keeps, but for the keys that it made up. */
  const kept = async (world: World) => {
    const names = ['backup', 'my', '-', '.backup']
    const lists = names.map(async (name) => {
      const answer = await world.app.request(`/api/v1/events/${name}/affirmations`)
      return answer.status === 200 ? ((await answer.json()) as { items: unknown }).items : answer.status
    })
    return Promise.all(lists)
  }

  const byFramework = async (asked: Asked): Promise<Answered> => {
    const body = Array.isArray(asked.body) ? asked.body.join('') : asked.body
    const headers = new Headers(asked.headers as Record<string, string>)
    if (body !== undefined && !Array.isArray(asked.body)) headers.set('content-length', String(Buffer.byteLength(body)))
    const answer = await other.app.request(
      `http://localhost${asked.path}`,
      { method: asked.method, headers, ...(body === undefined ? {} : { body }) },
      { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
    )
    const text = await answer.text()
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      length: asked.method === 'HEAD' ? '2' : String(Buffer.byteLength(text)),
      retryAfter: answer.headers.get('retry-after'),
      body: asked.method === 'HEAD' ? '' : text,
    }
  }

  beforeEach(async () => {
    other = aWorld(await here.open(), NOW)
  })
  after(() => {
    for (const server of servers) server.close()
  })

  for (const [name, asked] of ASKED)
    test(name, async () => {
      const direct = await overTheWire(await listen(here.world.services), asked)
      assert.deepEqual(direct, await byFramework(asked))
      assert.deepEqual(await kept(here.world), await kept(other))
    })

  test('what cannot be stored is answered 503 with a time to try again, and what is a bug 500', async () => {
    const failing = (error: unknown) => listen({ ...here.world.services, affirming: refusing(error) })
    const refusing = (error: unknown): Services['affirming'] => ({
      ...here.world.affirming,
      affirm: () => Promise.reject(error),
    })
    const gone = await overTheWire(await failing(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })), post('/affirm/backup'))
    assert.deepEqual([gone.status, gone.retryAfter], [503, '5'])
    const bug = await overTheWire(await failing(new Error('secret')), post('/affirm/backup'))
    assert.deepEqual([bug.status, bug.type, bug.body.includes('secret')], [500, 'application/problem+json', false])
  })

  test('a sender that goes away in mid-body is forgotten, and the next one answered', async () => {
    const port = await listen(here.world.services)
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /affirm/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nhalf')
    await once(socket, 'connect')
    await new Promise(setImmediate)
    socket.resetAndDestroy()
    assert.equal((await overTheWire(port, post('/affirm/backup'))).status, 200)
    assert.equal((await here.affirmations('backup')).length, 1)
  })

  test('requests sent behind each other on one connection are answered in their order', async () => {
    const port = await listen(here.world.services)
    const socket = connect(port, '127.0.0.1')
    const one = (path: string) => `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\nok`
    socket.end(`${one('/affirm/backup')}${one('/affirm/backup/now')}${one('/affirm/backup')}`)
    let answers = ''
    for await (const chunk of socket) answers += String(chunk)
    assert.deepEqual(
      [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ['200', '404', '200'],
    )
  })
})

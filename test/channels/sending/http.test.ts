import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { BlockList, type LookupFunction, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { anHttp, type HttpWays, type Patience } from '../../../src/channels/sending/http.ts'
import { blockList } from '../../../src/config.values.ts'
import type { HttpAnswer, HttpRequest, Sent } from '../../../src/domain/message.ts'
import { authority, startHttp, startRaw, startTls } from '../../support/endpoints.ts'

const ranges = (text: string) => blockList(text) ?? assert.fail(text)
const HERE = ranges('127.0.0.1')
const PATIENT = { connect: 10_000, answer: 10_000, total: 20_000 }
/** For who never takes the connection, never answers, never ends. undici measures the first two roughly, in half seconds. */
const TO_CONNECT = { ...PATIENT, connect: 150 }
const TO_ANSWER = { ...PATIENT, answer: 150 }
const TO_END = { ...PATIENT, total: 300 }
/** What stands for the secret that the addresses of many services are. */
const PATH = '/services/T0/B0/keep-this?token=to-yourself'

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  via: 'http',
  method: 'POST',
  url,
  headers: { 'content-type': 'text/plain' },
  body: 'hello',
  ...more,
})
const send = (url: string, ways: Partial<HttpWays> = {}, more: Partial<HttpRequest> = {}) =>
  anHttp({ allowed: HERE, patience: PATIENT, ...ways })(request(url, more))
const to = (port: number, scheme = 'http', host = '127.0.0.1') => `${scheme}://${host}:${port}${PATH}`

function answerOf(sent: HttpAnswer | Sent): HttpAnswer {
  assert.ok(!('kind' in sent), JSON.stringify(sent))
  return sent
}

/** It has not been answered, and says why in these words and without the secret. */
function troubled(sent: HttpAnswer | Sent, kind: 'again' | 'never', said: RegExp): void {
  assert.ok('kind' in sent, JSON.stringify(sent))
  assert.equal(sent.kind, kind, sent.said)
  assert.match(sent.said, said)
  assert.doesNotMatch(sent.said, /services|keep-this|token|yourself/)
}

const echo: RequestListener = async (req, res) => {
  let body = ''
  for await (const chunk of req) body += String(chunk)
  res.setHeader('x-two', ['a', 'b'])
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }))
}

describe('a request', () => {
  test('is sent as it is written, and answered with status, headers and body', async (t) => {
    const { port } = await startHttp(t, echo)
    const answer = answerOf(await send(to(port), {}, { headers: { 'X-Odd': 'u' } }))
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['x-two'], 'a, b')
    const { method, url, headers, body } = JSON.parse(answer.body)
    assert.deepEqual([method, url, body, headers['x-odd']], ['POST', PATH, 'hello', 'u'])
    assert.equal(headers['user-agent'], 'affirmative')
    assert.equal(headers['content-length'], '5')
  })

  test('may go without a body, by another method, and with another user agent', async (t) => {
    const { port } = await startHttp(t, echo)
    const answer = answerOf(await send(to(port), {}, { method: 'GET', body: '', headers: { 'User-Agent': 'mine' } }))
    const { method, headers, body } = JSON.parse(answer.body)
    assert.deepEqual([method, body, headers['user-agent']], ['GET', '', 'mine'])
  })

  test('has a connection of its own that ends with it', async (t) => {
    const server = await startHttp(t, echo)
    await send(to(server.port))
    await send(to(server.port))
    assert.equal(server.connections, 2)
  })

  test('is answered by any status but a redirect: what it means is for others to say', async (t) => {
    for (const status of [204, 400, 404, 429, 500, 503]) {
      const { port } = await startHttp(t, (_req, res) => void res.writeHead(status, { 'retry-after': '7' }).end())
      const answer = answerOf(await send(to(port)))
      assert.deepEqual([answer.status, answer.headers['retry-after']], [status, '7'])
    }
  })

  test('that is none is never sent', async (t) => {
    const { port } = await startHttp(t, echo)
    troubled(await send(to(port), {}, { headers: { 'x-a': 'b\r\nx-c: d' } }), 'never', /none that HTTP knows/)
    troubled(await send(to(port), {}, { headers: { 'x a': 'b' } }), 'never', /none that HTTP knows/)
    troubled(await send(to(port), {}, { headers: { 'transfer-encoding': 'chunked' } }), 'never', /none that HTTP knows/)
    troubled(await send(to(port), {}, { method: 'PO ST' }), 'never', /none that HTTP knows/)
    troubled(await send('no address'), 'never', /no address/)
  })
})

describe('a private address', () => {
  const NONE = new BlockList()
  const SPELLINGS = [
    '127.0.0.1',
    '127.1',
    '127.0.0.1.',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '017700000001',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '127。0。0。1',
    '0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '[fe80::1]',
    '10.0.0.1',
    '192.168.0.1',
    'localhost',
    'LOCALHOST',
    'lOcAlHoSt',
  ]
  test('is not sent to, in whatever spelling, and says which setting allows it', async (t) => {
    const server = await startHttp(t, echo)
    for (const host of SPELLINGS) {
      const sent = await send(to(server.port, 'http', host), { allowed: NONE })
      troubled(sent, 'never', /private address.*AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES/)
    }
    assert.equal(server.connections, 0)
  })

  test('is not sent to by a name with a dot at its end, which not every system knows', async (t) => {
    const server = await startHttp(t, echo)
    for (const host of ['localhost.', 'a.localhost', 'a.localhost.']) {
      const sent = await send(to(server.port, 'http', host), { allowed: NONE })
      assert.match('kind' in sent ? sent.said : '', /private address|a name that nobody knows|no name server/, host)
    }
    assert.equal(server.connections, 0)
  })

  test('is sent to when it is allowed, by name and by number', async (t) => {
    const { port } = await startHttp(t, echo)
    const allowed = ranges('127.0.0.0/8, ::1')
    for (const host of ['127.0.0.1', '2130706433', 'localhost'])
      assert.equal(answerOf(await send(to(port, 'http', host), { allowed })).status, 200)
  })

  /** A name server whose answers change: one after the other. */
  const changing = (...answers: string[][]): LookupFunction => {
    let asked = 0
    return (_name, _options, callback) => {
      const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )
    }
  }

  test('behind a name that was harmless when it was first asked is not reached', async (t) => {
    const secret = await startHttp(t, echo)
    const lookup = changing(['127.0.0.2'], ['127.0.0.1'])
    const allowed = ranges('127.0.0.2')
    const http = anHttp({ allowed, lookup, patience: PATIENT })
    troubled(await http(request(to(secret.port, 'http', 'rebinding.example'))), 'again', /refuses the connection/)
    const second = await http(request(to(secret.port, 'http', 'rebinding.example')))
    troubled(second, 'never', /rebinding\.example:\d+ leads to 127\.0\.0\.1, a private address/)
    assert.equal(secret.connections, 0)
  })

  test('is not reached beside an allowed one', async (t) => {
    const secret = await startHttp(t, echo)
    const lookup = changing(['127.0.0.2', '127.0.0.1'])
    const sent = await send(to(secret.port, 'http', 'both.example'), { allowed: ranges('127.0.0.2'), lookup })
    troubled(sent, 'never', /private address/)
    assert.equal(secret.connections, 0)
  })

  test('is not reached by a redirect: none is followed', async (t) => {
    const secret = await startHttp(t, echo)
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${secret.port}/latest/meta-data?token=1`
      const { port } = await startHttp(t, (_req, res) => void res.writeHead(status, { location }).end())
      const sent = await send(to(port))
      troubled(sent, 'never', new RegExp(`answers ${status} and leads to 127\\.0\\.0\\.1:${secret.port}: redirects`))
      assert.doesNotMatch(JSON.stringify(sent), /latest/)
    }
    const { port } = await startHttp(t, (_req, res) => void res.writeHead(304).end())
    troubled(await send(to(port)), 'never', /answers 304: redirects/)
    assert.equal(secret.connections, 0)
  })

  test('is what may be asked for by web addresses alone, without a user in them', async () => {
    for (const url of ['ftp://example.org/x', 'file:///etc/passwd', 'unix:/var/run/docker.sock', 'data:,x', 'javascript:1'])
      troubled(await send(url), 'never', /only addresses with http/)
    troubled(await send('http://ann:token@example.org/'), 'never', /a user and a password/)
    troubled(await send('http://ann@example.org/'), 'never', /a user and a password/)
  })
})

test('proxies that the environment names are not asked', async (t) => {
  const proxy = await startHttp(t, echo)
  const { port } = await startHttp(t, echo)
  const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
  t.after(() => {
    for (const name of names) delete process.env[name]
  })
  assert.equal(answerOf(await send(to(port))).status, 200)
  assert.equal(proxy.connections, 0)
})

describe('trouble that may pass', () => {
  const endless = (socket: Socket, text: string): void => {
    const more = () => {
      while (!socket.destroyed && socket.write(text));
    }
    socket.on('drain', more)
    more()
  }
  const again = async (
    t: TestContext,
    onConnection: (socket: Socket) => void,
    said: RegExp,
    scheme = 'http',
    patience = PATIENT,
  ) => {
    const { port } = await startRaw(t, onConnection)
    troubled(await send(to(port, scheme), { patience }), 'again', said)
  }

  test('a name that nobody knows, and no name server', async () => {
    const failing =
      (code: string): LookupFunction =>
      (_name, _options, callback) =>
        callback(Object.assign(new Error(PATH), { code }), [])
    troubled(
      await send(to(80, 'http', 'a.example'), { lookup: failing('ENOTFOUND') }),
      'again',
      /^a\.example is a name that nobody/,
    )
    troubled(await send(to(80, 'http', 'a.example'), { lookup: failing('EAI_AGAIN') }), 'again', /no name server answers/)
    troubled(
      await send(to(80, 'http', 'a.example'), { lookup: failing('EWHATEVER') }),
      'again',
      /could not be asked \(EWHATEVER\)/,
    )
  })

  test('a name server that says nothing', async (t) => {
    // Keeps the process waiting, as the server's own port does.
    await startHttp(t, echo)
    const silent: LookupFunction = () => undefined
    const asked = (patience: Patience) => send(to(80, 'http', 'a.example'), { lookup: silent, patience })
    const begun = performance.now()
    troubled(await asked(TO_CONNECT), 'again', /did not take the connection in time/)
    troubled(await asked(TO_END), 'again', /did not answer in time/)
    assert.ok(performance.now() - begun < 9_000)
  })

  test('nobody is there', async (t) => {
    const { port } = await startHttp(t, echo)
    const other = await send(to(port, 'http', '127.0.0.2'), { allowed: ranges('127.0.0.0/8') })
    troubled(other, 'again', /refuses the connection/)
  })

  test('the connection breaks off: at once, after the request, within the headers', async (t) => {
    await again(t, (socket) => socket.resetAndDestroy(), /broke off the connection/)
    await again(t, (socket) => socket.once('data', () => socket.resetAndDestroy()), /broke off the connection/)
    await again(t, (socket) => socket.once('data', () => socket.end()), /broke off the connection/)
    await again(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nx-a: ')), /broke off the connection/)
  })

  test('it says nothing, or its headers drip', async (t) => {
    const { port } = await startRaw(t, () => undefined)
    const sent = await send(to(port), { patience: TO_ANSWER })
    troubled(sent, 'again', /did not begin to answer in time/)
    const drip = (socket: Socket) => {
      const timer = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(timer)).write('HTTP/1.1 200 OK\r\n')
    }
    await again(t, drip, /did not answer in time/, 'http', TO_END)
  })

  test('it speaks no HTTP, or says too much before it answers', async (t) => {
    await again(t, (socket) => socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.2\r\n')), /does not answer in HTTP/)
    const headers = (socket: Socket) => socket.once('data', () => endless(socket, `x-a: ${'a'.repeat(1_000)}\r\n`))
    await again(t, (socket) => headers(socket).write('HTTP/1.1 200 OK\r\n'), /more headers than are read/)
  })

  test('it speaks no TLS, or half of it', async (t) => {
    await again(t, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /speaks no TLS/, 'https')
    await again(t, (socket) => socket.write(Buffer.from('1603030004ffffffff', 'hex')), /speaks no TLS/, 'https')
    await again(
      t,
      (socket) => socket.write(Buffer.from('160303', 'hex')),
      /did not take the connection in time/,
      'https',
      TO_CONNECT,
    )
    await again(t, () => undefined, /did not take the connection in time/, 'https', TO_CONNECT)
    await again(t, (socket) => socket.once('data', () => socket.end()), /broke off the connection/, 'https')
  })

  test('the server stops meanwhile', async (t) => {
    const stopping = new AbortController()
    const { port } = await startRaw(t, () => stopping.abort())
    for (let tries = 0; tries < 2; tries++)
      troubled(await send(to(port), { stopped: stopping.signal }), 'again', /when this server stopped/)
  })
})

describe('certificates', () => {
  const ways = { authorities: authority() }

  test('are taken from who is trusted, for the name that was asked', async (t) => {
    const { port } = await startTls(t, 'good', echo)
    assert.equal(answerOf(await send(to(port, 'https'), ways)).status, 200)
    const allowed = ranges('127.0.0.1, ::1')
    assert.equal(answerOf(await send(to(port, 'https', 'localhost'), { ...ways, allowed })).status, 200)
  })

  test('of nobody, for another name, or of another time are not believed', async (t) => {
    const [good, other, expired] = [
      await startTls(t, 'good', echo),
      await startTls(t, 'other', echo),
      await startTls(t, 'expired', echo),
    ]
    troubled(await send(to(good.port, 'https')), 'again', /signed by nobody known here/)
    troubled(await send(to(other.port, 'https'), ways), 'again', /for another name/)
    troubled(await send(to(expired.port, 'https'), ways), 'again', /has expired/)
  })

  test('are looked at even where the environment says not to', async (t) => {
    const { port } = await startTls(t, 'good', echo)
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED)
    troubled(await send(to(port, 'https')), 'again', /signed by nobody known here/)
  })
})

describe('an answer once begun is one', () => {
  test('of an endless body 64 KiB are read, and the connection is cut', async (t) => {
    const server = await startHttp(t, (_req, res) => {
      const more = () => {
        while (!res.destroyed && res.write('é'.repeat(10_000)));
      }
      res.on('drain', more)
      more()
    })
    const begun = performance.now()
    const answer = answerOf(await send(to(server.port)))
    assert.ok(performance.now() - begun < 10_000)
    assert.equal(Buffer.byteLength(answer.body), 64 * 1024)
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(server.open, 0)
  })

  test('a body that drips ends with the patience; what has come by then is told', async (t) => {
    const { port } = await startHttp(t, (_req, res) => {
      const timer = setInterval(() => res.write('.'), 20)
      res.on('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    const answer = answerOf(await send(to(port), { patience: TO_END }))
    assert.equal(answer.status, 200)
    assert.match(answer.body, /^\.+$/)
    assert.ok(performance.now() - begun < 10_000)
  })

  test('so is one whose body breaks off', async (t) => {
    const { port } = await startRaw(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok')),
    )
    assert.deepEqual(answerOf(await send(to(port))).body, 'ok')
  })
})

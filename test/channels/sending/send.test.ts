import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Field, judgeByStatus, type Kind } from '../../../src/channels/kind.ts'
import { anHttp } from '../../../src/channels/sending/http.ts'
import { aSender, type Ways } from '../../../src/channels/sending/send.ts'
import { blockList } from '../../../src/config.values.ts'
import type { HttpRequest, MailRequest, ProgramRequest, Sent } from '../../../src/domain/message.ts'
import { HOUR, SECOND } from '../../../src/domain/time.ts'
import { startHttp } from '../../support/endpoints.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const there: Sent = { kind: 'sent', said: 'there' }
const MAIL: MailRequest = { via: 'mail', from: null, to: ['ann@example.org'], subject: 's', text: 't', thread: 'x', id: '1' }
const PROGRAM: ProgramRequest = { via: 'program', program: '/bin/true', args: [], input: '', env: {} }
const HTTP: HttpRequest = { via: 'http', method: 'POST', url: 'https://a.example/', headers: {}, body: 'x' }

const field = (name: string, type: Field['type'], isSecret = true): Field => {
  return { name, label: name, hint: '', type, isRequired: false, isSecret, longest: 100 }
}
const KIND: Kind = {
  label: 'A kind',
  fields: [field('token', 'text'), field('url', 'url'), field('headers', 'pairs'), field('room', 'text', false)],
  render: () => [],
  judge: judgeByStatus,
}

const unused = () => assert.fail('this way is not asked')
/** A sender of which all ways fail but those given. */
function sender(ways: Partial<Ways>) {
  const errors: Error[] = []
  const all = { http: unused, mail: unused, program: unused, signed: unused, onError: (error: Error) => errors.push(error) }
  return { send: aSender({ ...all, ...ways }), errors }
}
/** What becomes of a request that is answered so. */
const answered = (status: number, headers: Record<string, string> = {}, body = '', settings = {}) =>
  sender({ http: async () => ({ status, headers, body }) }).send(KIND, settings, HTTP, NOON)

describe('each piece goes its way', () => {
  test('a mail, a program, a request', async () => {
    assert.deepEqual(await sender({ mail: async () => there }).send(KIND, {}, MAIL, NOON), there)
    assert.deepEqual(await sender({ program: async () => there }).send(KIND, {}, PROGRAM, NOON), there)
    assert.deepEqual(await answered(202, {}, 'ok\n'), { kind: 'sent', said: '202 ok' })
  })

  test('a request that AWS is to believe is signed first, as of now', async () => {
    const sign = { service: 'events', region: 'eu-west-1', accessKeyId: 'a', secretAccessKey: 'b' }
    const seen: unknown[] = []
    const { send } = sender({
      signed: async (request, now) => ({ ...request, headers: { 'x-amz-date': String(now) } }),
      http: async ({ headers }) => {
        seen.push(headers)
        return { status: 200, headers: {}, body: '' }
      },
    })
    await send(KIND, {}, { ...HTTP, sign }, NOON)
    assert.deepEqual(seen, [{ 'x-amz-date': String(NOON) }])
  })

  test('trouble on the way is not judged', async () => {
    const trouble: Sent = { kind: 'again', said: 'a.example refuses the connection', after: null }
    const { send } = sender({ http: async () => trouble })
    assert.deepEqual(await send({ ...KIND, judge: unused }, {}, HTTP, NOON), trouble)
  })
})

describe('how long a service asks us to wait', () => {
  const afterOf = async (status: number, retryAfter: string) => {
    const sent = await answered(status, { 'retry-after': retryAfter })
    return sent.kind === 'again' ? sent.after : sent.kind
  }

  test('is said in seconds or as a date, of any status that may pass', async () => {
    assert.equal(await afterOf(429, '7'), 7 * SECOND)
    assert.equal(await afterOf(503, '120'), 120 * SECOND)
    assert.equal(await afterOf(429, 'Wed, 04 Mar 2026 12:00:30 GMT'), 30 * SECOND)
    assert.equal(await afterOf(429, 'Wed, 04 Mar 2026 11:00:00 GMT'), 0)
  })

  test('is an hour at most', async () => {
    assert.equal(await afterOf(429, '86400'), HOUR)
    assert.equal(await afterOf(429, 'Thu, 05 Mar 2026 12:00:00 GMT'), HOUR)
  })

  test('is left to us when it is nonsense or not said', async () => {
    for (const text of ['soon', '', 'NaN', '12s', '99999999999']) assert.equal(await afterOf(429, text), null, text)
  })

  test('means nothing where no other try will follow', async () => {
    assert.equal(await afterOf(400, '7'), 'never')
    assert.equal(await afterOf(200, '7'), 'sent')
  })

  test('is the longer of what the kind knows and what the header says', async () => {
    const judge = (): Sent => ({ kind: 'again', said: '', after: 20 * SECOND })
    const waits = async (header: Record<string, string>) =>
      sender({ http: async () => ({ status: 429, headers: header, body: '' }) }).send({ ...KIND, judge }, {}, HTTP, NOON)
    assert.deepEqual(await waits({}), { kind: 'again', said: '', after: 20 * SECOND })
    assert.deepEqual(await waits({ 'retry-after': '5' }), { kind: 'again', said: '', after: 20 * SECOND })
    assert.deepEqual(await waits({ 'retry-after': '50' }), { kind: 'again', said: '', after: 50 * SECOND })
  })

  test('comes over the wire', async (t) => {
    const { port } = await startHttp(t, (_req, res) => void res.writeHead(429, { 'Retry-After': '9' }).end('slow down'))
    const { send } = sender({ http: anHttp({ allowed: blockList('127.0.0.1') ?? assert.fail() }) })
    const sent = await send(KIND, {}, { ...HTTP, url: `http://127.0.0.1:${port}/` }, NOON)
    assert.deepEqual(sent, { kind: 'again', said: '429 slow down', after: 9 * SECOND })
  })
})

test('an error of anything is told to the log, without secrets, and means that it is tried again', async () => {
  const broken = new TypeError('it holds keep-this')
  const fails = () => Promise.reject(broken)
  const throws = () => {
    throw broken
  }
  const answer = async () => ({ status: 200, headers: {}, body: '' })
  const sign = { service: 's', region: 'r', accessKeyId: 'a', secretAccessKey: 'b' }
  for (const [ways, outgoing, kind] of [
    [{ http: fails }, HTTP, KIND],
    [{ mail: throws }, MAIL, KIND],
    [{ program: fails }, PROGRAM, KIND],
    [{ http: answer, signed: fails }, { ...HTTP, sign }, KIND],
    [{ http: answer }, HTTP, { ...KIND, judge: throws }],
  ] as const) {
    const { send, errors } = sender(ways)
    const sent = await send(kind, { token: 'keep-this' }, outgoing, NOON)
    assert.equal(sent.kind, 'again')
    const [error, ...more] = errors
    assert.deepEqual([error?.name, error?.message, more], ['TypeError', 'it holds ••••', []])
    assert.match(error?.stack ?? '', /send\.test\.ts/)
    assert.doesNotMatch(`${sent.said} ${error?.stack}`, /keep-this/)
  }
})

describe('what was answered, for people', () => {
  const settings = {
    token: 'keep/this to=yourself',
    url: 'https://hooks.example/services/T0/B0/x?y=z',
    headers: { authorization: 'Bearer abcd', short: 'a' },
    room: 'operations',
  }
  const saidOf = async (body: string) => (await answered(400, {}, body, settings)).said

  test('does not repeat secrets of the channel', async () => {
    assert.equal(await saidOf('unknown token keep/this to=yourself in operations'), '400 unknown token •••• in operations')
    assert.equal(await saidOf('q=keep%2Fthis+to%3Dyourself'), '400 q=••••')
    assert.equal(await saidOf('got Bearer abcd, Bearer abcd'), '400 got ••••, ••••')
    assert.equal(await saidOf('no service at /services/T0/B0/x'), '400 no service at ••••')
    assert.equal(await saidOf('see https://hooks.example/services/T0/B0/x?y=z'), '400 see ••••')
  })

  test('does not repeat them in another writing either', async () => {
    const hard = 'pa"ss\\word-0123456789'
    const kept = { token: hard, headers: { authorization: 'Bearer ü/<&>-keep-it', other: 'Basic YW5uOmtlZXAtdGhpcy0x' } }
    const said = async (body: string) => (await answered(400, {}, body, kept)).said
    assert.equal(await said(JSON.stringify({ token: hard })), '400 {"token":"••••"}')
    for (const written of [
      String.raw`pa\u0022ss\\word-0123456789`,
      encodeURIComponent(hard),
      encodeURIComponent(hard).toLowerCase(),
      Buffer.from(hard).toString('base64'),
      Buffer.from(hard).toString('base64url'),
      'ü/<&>-keep-it',
      String.raw`Bearer ü\/<&>-keep-it`,
      String.raw`\u00fc/<&>-keep-it`,
      String.raw`\u00FC\/\u003C\u0026\u003E-keep-it`,
      String.raw`ü/\u003c\u0026\u003e-keep-it`,
      'ann:keep-this-1',
      'keep-this-1',
      'YW5uOmtlZXAtdGhpcy0x',
    ])
      assert.equal(await said(`got ${written}.`), '400 got ••••.')
  })

  test('nor as a part of what is written in base64, wherever in it they stand', async () => {
    for (const name of ['a', 'bo', 'ann', 'anna']) {
      const login = Buffer.from(`${name}:${settings.token}!`).toString('base64')
      const said = await saidOf(login)
      const left = Buffer.from(said.slice('400 '.length).replace(/••••.*/u, ''), 'base64').toString()
      assert.match(said, /••••/, name)
      assert.ok(!login.includes(said) && left.length <= name.length + 2, said)
    }
  })

  test('leaves what is too short to be one', async () => assert.equal(await saidOf('a banana'), '400 a banana'))

  test('holds nothing that cannot be kept or shown', async () =>
    assert.equal(await saidOf('a\0b\u001b[31mc\ud83dd'), '400 a b [31mc\ufffdd'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aSigner } from '../../../src/channels/sending/aws.ts'
import type { HttpRequest } from '../../../src/domain/message.ts'

const NOW = Date.parse('2015-08-30T12:36:00Z')
/** The keys of AWS's own examples. */
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

const request = (some: Partial<HttpRequest> & { service?: string } = {}): HttpRequest => ({
  via: 'http',
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  headers: {},
  body: '',
  sign: { service: some.service ?? 'service', region: 'us-east-1', ...KEYS },
  ...some,
})

async function signatureOf(some: HttpRequest, own: typeof KEYS | null = null): Promise<string | undefined> {
  const { headers } = await aSigner(own)(some, NOW)
  return headers.authorization
}

const signed = (service: string, headers: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, SignedHeaders=${headers}, Signature=${signature}`

test('the examples that AWS publishes get the signatures that AWS publishes', async () => {
  // The worked example of the General Reference ("Signature Version 4 signing process"), and two cases of the published test suite.
  const listUsers = request({
    url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    service: 'iam',
  })
  const published = '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'
  assert.equal(await signatureOf(listUsers), signed('iam', 'content-type;host;x-amz-date', published))

  const vanilla = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'
  assert.equal(await signatureOf(request()), signed('service', 'host;x-amz-date', vanilla))

  const post = '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'
  assert.equal(await signatureOf(request({ method: 'POST' })), signed('service', 'host;x-amz-date', post))
})

test('what is sent is the request, its date and its signature: the host is set by whoever sends it', async () => {
  const sent = await aSigner(null)(request({ headers: { 'content-type': 'text/plain' }, body: 'x', method: 'PUT' }), NOW)
  assert.deepEqual(Object.keys(sent.headers).sort(), ['authorization', 'content-type', 'x-amz-date'])
  assert.equal(sent.headers['x-amz-date'], '20150830T123600Z')
  assert.equal(sent.sign, undefined)
  assert.deepEqual([sent.method, sent.url, sent.body], ['PUT', 'https://example.amazonaws.com/', 'x'])
})

test('a port that is not the usual one is signed as part of the host', async () => {
  assert.notEqual(await signatureOf(request({ url: 'https://example.amazonaws.com:8443/' })), await signatureOf(request()))
})

test('empty keys stand for those of the server, with their session token', async () => {
  const empty = request({ sign: { service: 'service', region: 'us-east-1', accessKeyId: '', secretAccessKey: '' } })
  assert.equal(await signatureOf(empty, KEYS), await signatureOf(request()))
  const { headers } = await aSigner({ ...KEYS, sessionToken: 'for an hour' })(empty, NOW)
  assert.equal(headers['x-amz-security-token'], 'for an hour')
})

test('without keys, or with half a pair, it says so, and never takes the other half from the server', async () => {
  const half = { service: 'service', region: 'us-east-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: '' }
  await assert.rejects(aSigner(KEYS)(request({ sign: half }), NOW), /belong together/)
  await assert.rejects(aSigner(null)(request({ sign: { ...half, accessKeyId: '' } }), NOW), /no AWS keys.*AWS_ACCESS_KEY_ID/)
})

test('what asks for no signature is given back as it is', async () => {
  const { sign: _, ...plain } = request()
  assert.deepEqual(await aSigner(KEYS)(plain, NOW), plain)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { messageAsJson } from '../../src/channels/document.ts'
import { eventbridge } from '../../src/channels/eventbridge.ts'
import { aSigner } from '../../src/channels/sending/aws.ts'
import type { HttpAnswer, HttpRequest, Message } from '../../src/domain/message.ts'
import { AWS, eventbridgeFake } from './fakes/eventbridge.ts'
import { serveFake } from './fakes/serve.ts'
import { anyMessage, HOSTILE, MESSAGES, NOW } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertJudged } from './telling.ts'

/** As it arrives: signed, and with the host that it is sent to. */
async function answerTo(request: HttpRequest): Promise<HttpAnswer> {
  const signed = await aSigner(null)(request, NOW)
  return eventbridgeFake({ ...signed, headers: { ...signed.headers, host: new URL(signed.url).host } })
}

async function assertTaken(message: Message): Promise<void> {
  const [request] = requestsOf(eventbridge, AWS, message)
  assert.ok(request)
  const answer = await answerTo(request)
  assert.equal(eventbridge.judge(answer).kind, 'sent', answer.body)
}

const requestOf = (message: Message, some: object = {}): HttpRequest => {
  const [request] = requestsOf(eventbridge, { ...AWS, ...some }, message)
  assert.ok(request)
  return request
}
const entryOf = (message: Message, some?: object) => JSON.parse(requestOf(message, some).body).Entries[0]

test('EventBridge takes whatever is told', async () => {
  for (const message of [...Object.values(MESSAGES), HOSTILE]) await assertTaken(message)
  await fc.assert(fc.asyncProperty(anyMessage, assertTaken), { numRuns: 100 })
})

test('a missed one is exactly this: in it is what a webhook gets', () => {
  const request = requestOf(MESSAGES.missed)
  assert.equal(request.url, 'https://events.eu-central-1.amazonaws.com/')
  assert.deepEqual(request.headers, { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' })
  const { Detail, ...entry } = entryOf(MESSAGES.missed)
  assert.deepEqual(entry, { Source: 'affirmative', DetailType: 'missed', Time: MESSAGES.missed.at / 1_000 })
  assert.equal(Detail, messageAsJson(MESSAGES.missed))
})

test('what does not fit is listed no more, but counted', () => {
  const items = MESSAGES.flood.items.map((item) => ({ ...item, text: '漢"'.repeat(500) }))
  const detail = JSON.parse(entryOf({ ...MESSAGES.flood, items }).Detail)
  assert.ok(detail.items.length > 0 && detail.items.length < 100, String(detail.items.length))
  assert.equal(detail.items.length + detail.more, 5_000)
})

test('where even the texts are too much, they are cut', () => {
  const long = Array.from({ length: 200 }, () => '漢"'.repeat(5_000))
  const { Detail } = entryOf({
    ...MESSAGES.missed,
    lines: long,
    subject: MESSAGES.missed.subject && { ...MESSAGES.missed.subject, tags: long },
  })
  assert.ok(Buffer.byteLength(JSON.stringify(Detail)) <= 250_000)
  assert.deepEqual([JSON.parse(Detail).lines.length, JSON.parse(Detail).url], [100, MESSAGES.missed.url])
})

test('the bus, the source and the endpoint are settings; China has addresses of its own', () => {
  const entry = entryOf(MESSAGES.missed, { eventBusName: 'ops', source: 'org.example' })
  assert.deepEqual([entry.EventBusName, entry.Source], ['ops', 'org.example'])
  assert.equal(requestOf(MESSAGES.missed, { endpoint: 'https://vpce-1.example' }).url, 'https://vpce-1.example/')
  assert.equal(requestOf(MESSAGES.missed, { region: 'cn-north-1' }).url, 'https://events.cn-north-1.amazonaws.com.cn/')
})

test('without keys of its own it asks for those of the server', () => {
  const [request] = requestsOf(eventbridge, { region: AWS.region }, MESSAGES.missed)
  assert.deepEqual(request?.sign, { service: 'events', region: AWS.region, accessKeyId: '', secretAccessKey: '' })
})

test('the signature holds over the wire, and not for a body that was changed on the way', async (t) => {
  const served = await serveFake(eventbridgeFake)
  t.after(() => served.close())
  const { url, method, headers, body } = await aSigner(null)(requestOf(MESSAGES.missed, { endpoint: served.url }), NOW)
  const taken = await fetch(url, { method, headers, body })
  assert.deepEqual([taken.status, JSON.parse(await taken.text()).FailedEntryCount], [200, 0])
  const changed = await fetch(url, { method, headers, body: body.replace('missed', 'fixed') })
  assert.equal(changed.status, 403)
})

test('at 200 the entry may have failed: some reasons pass, others stay', () => {
  const failed = (ErrorCode: string) => ({ FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'x' }] })
  assertJudged(eventbridge, [
    ...ODD_ANSWERS,
    [200, { FailedEntryCount: 0, Entries: [{ EventId: '11710aed' }] }, 'sent'],
    [200, failed('ThrottlingException'), 'again'],
    [200, failed('InternalFailure'), 'again'],
    [200, failed('NotAuthorizedForSourceException'), 'never'],
    [200, failed('MalformedDetail'), 'never'],
    [200, { FailedEntryCount: 1 }, 'again'],
    [400, { __type: 'com.amazon.coral.service#ThrottlingException', message: 'Rate exceeded' }, 'again'],
    [400, { __type: 'ValidationException', message: 'x' }, 'never'],
    [403, { __type: 'InvalidSignatureException', message: 'x' }, 'never'],
    [500, { __type: 'InternalException' }, 'again'],
  ])
})

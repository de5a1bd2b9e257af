import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webhook } from '../../src/channels/webhook.ts'
import { aWebhookFake, isSigned, WEBHOOK_SECRET } from './fakes/webhook.ts'
import { MESSAGES, NOW } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const URL_THERE = 'https://example.org/hook?team=ops'
const telling = { kind: webhook, settings: { url: URL_THERE, secret: WEBHOOK_SECRET }, fake: aWebhookFake(NOW) }

const field = (name: string) => webhook.fields.find((one) => one.name === name)

test('a receiver takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('a receiver takes whatever people wrote', () => assertTakesAnything(telling))

test('without a body of its own it sends the whole message', () => {
  const { method, url, headers, body } = sentFor({ kind: webhook, settings: { url: URL_THERE } }, MESSAGES.missed)
  assert.deepEqual({ method, url }, { method: 'POST', url: URL_THERE })
  assert.deepEqual(headers, {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': 'msg_missed_1',
    'webhook-timestamp': '1772420820',
  })
  assert.deepEqual(body, {
    id: 'msg_missed_1',
    type: 'missed',
    time: '2026-03-02T03:05:00.000Z',
    thread: 'incident-118',
    alert: 'opens',
    severity: 'critical',
    title: 'missed: nightly_report (prod)',
    lines: [
      'only 0 of 1 since 02:15 UTC',
      'at 03:00: at least 1 in the 45 minutes before',
      'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
    ],
    url: 'https://affirm.example.org/incidents/118',
    expectation: {
      id: 12,
      event: 'nightly_report',
      key: 'af_k3Jq8Zw2',
      env: 'prod',
      sentence: 'at 03:00: at least 1 in the 45 minutes before',
      description: 'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
      tags: ['data-eng', 'money'],
    },
    incident: { id: 118, acknowledgedBy: null, note: null, openedAt: '2026-03-02T03:00:00.000Z', closedAt: null },
    verdict: {
      due: '2026-03-02T03:00:00.000Z',
      verdict: 'missed',
      reason: 'only 0 of 1',
      observed: 0,
      atLeast: 1,
      atMost: null,
      windowFrom: '2026-03-02T02:15:00.000Z',
      windowTo: '2026-03-02T03:00:00.000Z',
    },
    items: [],
    more: 0,
  })
})

test('it is signed as the vector of Standard Webhooks asks, and a changed body is seen', () => {
  const [request] = requestsFor(telling, MESSAGES.missed)
  assert.ok(request)
  assert.ok(isSigned(request, NOW))
  assert.ok(!isSigned({ ...request, body: `${request.body} ` }, NOW))
  assert.ok(!isSigned(request, NOW + 6 * 60_000))
})

test('headers of its own go along; they cannot replace those that identify a message', () => {
  const headers = { Authorization: 'Bearer x', 'Webhook-Id': 'forged' }
  const [request] = requestsFor({ kind: webhook, settings: { url: URL_THERE, method: 'PUT', headers } }, MESSAGES.missed)
  assert.equal(request?.method, 'PUT')
  assert.equal(request?.headers.authorization, 'Bearer x')
  assert.equal(request?.headers['webhook-id'], 'msg_missed_1')
  assert.equal(Object.keys(request?.headers ?? {}).length, 4)
})

test('what is refused when it is set up', () => {
  assert.equal(field('body')?.check?.('{"text": "{{title}}"}'), null)
  assert.match(field('body')?.check?.('{"n": {{observed}}}') ?? '', /begins like JSON and is none/)
  for (const named of ['{"{{event}}": 1}', '{"a": [{"b": {"is {{ event }}": "{{title}}"}}]}'])
    assert.match(field('body')?.check?.(named) ?? '', /^has \{\{ ?event ?\}\} in a name\. .*after the colon/)
  const nested = (levels: number) => field('body')?.check?.(`${'['.repeat(levels)}"{{event}}"${']'.repeat(levels)}`)
  assert.equal(nested(50), null)
  assert.equal(nested(8_000), 'is nested deeper than 50 levels.')
  assert.match(field('body')?.check?.('{{titel}}') ?? '', /names {{titel}}; there is id, type, /)
  assert.equal(field('headers')?.check?.('Bearer abc'), null)
  assert.match(field('headers')?.check?.('a\r\nevil: 1') ?? '', /plain ASCII/)
  assert.match(field('headers')?.checkName?.('Content-Length') ?? '', /set here/)
  assert.match(field('headers')?.checkName?.('a b') ?? '', /no header/)
  assert.equal(field('headers')?.checkName?.('X-Api-Key'), null)
  assert.match(field('method')?.check?.('GET') ?? '', /POST, PUT or PATCH/)
  assert.equal(field('secret')?.check?.(WEBHOOK_SECRET), null)
  assert.match(field('secret')?.check?.('whsec_short') ?? '', /24 to 64 bytes/)
  assert.match(field('secret')?.check?.('whsec_ä') ?? '', /base64/)
  assert.match(field('url')?.check?.('file:///etc/passwd') ?? '', /https/)
  assert.match(field('url')?.check?.('https://ann:secret@example.org') ?? '', /name and password/)
})

test('what a receiver answers', () => {
  assertJudged(webhook, [
    [200, '', 'sent'],
    [204, '', 'sent'],
    [301, '', 'never'],
    [400, '', 'never'],
    [404, '', 'never'],
    [408, '', 'again'],
    [410, '', 'never'],
    [429, '', 'again'],
    [500, '<html>'.repeat(10_000), 'again'],
    [503, '', 'again'],
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { telegram } from '../../src/channels/telegram.ts'
import { TELEGRAM, telegramFake } from './fakes/telegram.ts'
import { HOSTILE, MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const telling = { kind: telegram, settings: TELEGRAM, fake: telegramFake }

test('Telegram takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Telegram takes whatever people wrote', () => assertTakesAnything(telling))

test('a message to Telegram: plain text, the title bold by an entity', () => {
  const { url, body } = sentFor(telling, MESSAGES.missed)
  assert.equal(url, `https://api.telegram.org/bot${TELEGRAM.token}/sendMessage`)
  assert.deepEqual(body, {
    chat_id: '-1001234567890',
    text: [
      'missed: nightly_report (prod)',
      'only 0 of 1 since 02:15 UTC',
      'at 03:00: at least 1 in the 45 minutes before',
      'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
      'https://affirm.example.org/incidents/118',
    ].join('\n'),
    entities: [{ type: 'bold', offset: 0, length: 29 }],
    link_preview_options: { is_disabled: true },
  })
})

test('a server of your own takes its place', () => {
  const [request] = requestsFor({ ...telling, settings: { ...TELEGRAM, baseUrl: 'http://127.0.0.1:8081/' } }, MESSAGES.test)
  assert.equal(request?.url, `http://127.0.0.1:8081/bot${TELEGRAM.token}/sendMessage`)
})

test('nobody is mentioned in Telegram by what people wrote; addresses of mail stay as they are', () => {
  const [hostile] = requestsFor(telling, HOSTILE)
  assert.ok(hostile?.body.includes('@\u200Beveryone'))
  const [mail] = requestsFor(telling, { ...MESSAGES.missed, lines: ['ask ann@example.org'] })
  assert.ok(mail?.body.includes('ann@example.org'))
})

test('what Telegram answers; how long to wait is in the body, in seconds', () => {
  assertJudged(telegram, [
    [200, '{"ok":true,"result":{"message_id":7}}', 'sent'],
    [200, '<html>Sign in to the network</html>', 'again'],
    [200, '[]', 'again'],
    [400, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}', 'never'],
    [401, '{"ok":false,"error_code":401,"description":"Unauthorized"}', 'never'],
    [403, '{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}', 'never'],
    [404, '{"ok":false,"error_code":404,"description":"Not Found"}', 'never'],
    [429, '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":34}}', 'again', 34_000],
    [429, '{"ok":false,"parameters":null}', 'again', null],
    [502, 'Bad Gateway', 'again', null],
  ])
})

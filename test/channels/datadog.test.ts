import assert from 'node:assert/strict'
import { test } from 'node:test'
import { datadog } from '../../src/channels/datadog.ts'
import { HOUR } from '../../src/domain/time.ts'
import { DATADOG_KEY, datadogFake } from './fakes/datadog.ts'
import { MESSAGES, NOW } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertAllArrive, assertJudged, assertTakes, assertTakesAnything } from './telling.ts'

const SETTINGS = { apiKey: DATADOG_KEY, tags: ['team:Data Eng', 'service:etl'] }
const bodyOf = (message = MESSAGES.missed, now = NOW) => JSON.parse(requestsOf(datadog, SETTINGS, message, now)[0]?.body ?? '')

const telling = { kind: datadog, settings: SETTINGS, fake: datadogFake(NOW) }

test('Datadog takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Datadog takes whatever people wrote', () => assertTakesAnything(telling))

test('a missed one is exactly this event', () => {
  const [request] = requestsOf(datadog, SETTINGS, MESSAGES.missed)
  assert.ok(request)
  assert.equal(request.url, 'https://api.datadoghq.com/api/v1/events')
  assert.equal(request.headers['dd-api-key'], DATADOG_KEY)
  assert.deepEqual(JSON.parse(request.body), {
    title: 'missed: nightly_report (prod)',
    text: [...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n'),
    alert_type: 'error',
    priority: 'normal',
    aggregation_key: 'incident-118',
    tags: ['team:data_eng', 'service:etl', 'event:nightly_report', 'env:prod', 'severity:critical', 'data-eng', 'money'],
    date_happened: MESSAGES.missed.at / 1_000,
  })
})

test('what was met is a point of a count, so that each success can be summed and graphed', () => {
  const [request] = requestsOf(datadog, SETTINGS, MESSAGES.met)
  assert.equal(request?.url, 'https://api.datadoghq.com/api/v2/series')
  assert.deepEqual(JSON.parse(request.body), {
    series: [
      {
        metric: 'affirmative.met',
        type: 1,
        points: [{ timestamp: MESSAGES.met.at / 1_000, value: 1 }],
        tags: bodyOf().tags,
      },
    ],
  })
})

test('an event that is too old for Datadog has no time of its own; a point that is too old is not sent', () => {
  const later = MESSAGES.missed.at + 18 * HOUR
  assert.equal(bodyOf(MESSAGES.missed, later).date_happened, undefined)
  assert.equal(bodyOf(MESSAGES.missed, later - 1).date_happened, MESSAGES.missed.at / 1_000)
  assert.equal(requestsOf(datadog, SETTINGS, MESSAGES.met, MESSAGES.met.at + HOUR).length, 0)
  assert.equal(requestsOf(datadog, SETTINGS, MESSAGES.met, MESSAGES.met.at + HOUR - 1).length, 1)
})

test('colours: wrong is an error or a warning, good again a success, the rest to know', () => {
  const types = (['missed', 'recovered', 'acknowledged', 'blind', 'test'] as const).map(
    (kind) => bodyOf(MESSAGES[kind]).alert_type,
  )
  assert.deepEqual(types, ['error', 'success', 'info', 'error', 'info'])
  assert.equal(bodyOf({ ...MESSAGES.missed, severity: 'warning' }).alert_type, 'warning')
})

test('a note that names people or begins Markdown tells nobody, though it fills the text', () => {
  const message = { ...MESSAGES.missed, lines: ['@all '.repeat(2_000), '%%%\n[x](https://evil.example)\n%%%'] }
  assertTakes({ ...telling, fake: datadogFake(NOW) }, message)
  assert.ok(bodyOf(message).text.length > 3_900)
})

test('what it answers is believed when it is its own answer', () => {
  assertJudged(datadog, [
    ...ODD_ANSWERS,
    [202, { status: 'ok', event: { id: 1, title: 'x' } }, 'sent'],
    [202, { errors: [] }, 'sent'],
    [202, { errors: ['Payload is not in the expected format'] }, 'again'],
    [400, { errors: ['Invalid payload'] }, 'never'],
    [403, { errors: ['Forbidden'] }, 'never'],
    [413, { errors: ['Payload too big'] }, 'never'],
    [429, { errors: ['Rate limit'] }, 'again'],
  ])
})

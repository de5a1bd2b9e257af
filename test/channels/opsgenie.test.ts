import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opsgenie } from '../../src/channels/opsgenie.ts'
import { anOpsgenie, OPSGENIE_KEY } from './fakes/opsgenie.ts'
import { MESSAGES } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertAllArrive, assertJudged, assertTakes, assertTakesAnything } from './telling.ts'

const SETTINGS = { apiKey: OPSGENIE_KEY }

const telling = { kind: opsgenie, settings: SETTINGS, fake: anOpsgenie().fake }

test('Opsgenie takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Opsgenie takes whatever people wrote', () => assertTakesAnything(telling))

test('a missed one is exactly this', () => {
  const [request] = requestsOf(opsgenie, SETTINGS, MESSAGES.missed)
  assert.ok(request)
  assert.equal(request.url, 'https://api.opsgenie.com/v2/alerts')
  assert.equal(request.headers.authorization, `GenieKey ${OPSGENIE_KEY}`)
  assert.deepEqual(JSON.parse(request.body), {
    message: 'missed: nightly_report (prod)',
    alias: 'incident-118',
    description: [...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n'),
    priority: 'P1',
    source: 'affirmative',
    details: { url: MESSAGES.missed.url, kind: 'missed', key: 'af_k3Jq8Zw2' },
    entity: 'nightly_report (prod)',
    tags: ['prod', 'data-eng', 'money'],
  })
})

test('one story is one alert, found by its alias: who acknowledged it is told', () => {
  const { fake, alerts } = anOpsgenie()
  const states = (['missed', 'acknowledged', 'reminder', 'recovered'] as const).map((kind) => {
    assertTakes({ ...telling, fake: fake }, MESSAGES[kind])
    return alerts.get('incident-118')
  })
  assert.deepEqual(states, ['open', 'acknowledged', 'acknowledged', 'closed'])
  const [acknowledged] = requestsOf(opsgenie, SETTINGS, MESSAGES.acknowledged)
  assert.equal(acknowledged?.url, 'https://api.opsgenie.com/v2/alerts/incident-118/acknowledge?identifierType=alias')
  assert.equal(JSON.parse(acknowledged.body).user, 'user:ann')
})

test('a thread with a slash in it is still one part of the path', () => {
  const { fake, alerts } = anOpsgenie()
  const thread = 'a/b?c=d&e#f'
  assertTakes({ ...telling, fake: fake }, { ...MESSAGES.missed, thread })
  assertTakes({ ...telling, fake: fake }, { ...MESSAGES.recovered, thread })
  assert.deepEqual([...alerts], [[thread, 'closed']])
})

test('a test opens an alert of the least priority and closes it, and what was met opens none', () => {
  const { fake, alerts } = anOpsgenie()
  const [opening] = requestsOf(opsgenie, SETTINGS, MESSAGES.test)
  assert.equal(JSON.parse(opening?.body ?? '').priority, 'P5')
  assertTakes({ ...telling, fake: fake }, MESSAGES.test)
  assert.deepEqual([...alerts.values()], ['closed'])
  assert.deepEqual(requestsOf(opsgenie, SETTINGS, MESSAGES.met), [])
})

test('what it answers is believed when it is its own answer', () => {
  assertJudged(opsgenie, [
    ...ODD_ANSWERS,
    [202, { result: 'Request will be processed', took: 0.302, requestId: '43a29c5c' }, 'sent'],
    [401, { message: 'Could not authenticate', took: 0, requestId: '8743a1e0' }, 'never'],
    [403, { message: 'You are not authorized', took: 0, requestId: '8743a1e0' }, 'never'],
    [422, { message: 'Request body is not processable', errors: { message: 'is empty' }, took: 0, requestId: '8' }, 'never'],
    [429, { message: 'You are making too many requests!', took: 0, requestId: '8' }, 'again'],
  ])
})

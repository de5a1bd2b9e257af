import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pagerduty } from '../../src/channels/pagerduty.ts'
import { aPagerDuty } from './fakes/pagerduty.ts'
import { MESSAGES } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertAllArrive, assertJudged, assertTakes, assertTakesAnything } from './telling.ts'

const SETTINGS = { routingKey: 'R'.repeat(32) }

const telling = { kind: pagerduty, settings: SETTINGS, fake: aPagerDuty().fake }

test('PagerDuty takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('PagerDuty takes whatever people wrote', () => assertTakesAnything(telling))

test('a missed one is exactly this', () => {
  const [request] = requestsOf(pagerduty, SETTINGS, MESSAGES.missed)
  assert.ok(request)
  assert.equal(request.url, 'https://events.pagerduty.com/v2/enqueue')
  assert.equal(request.headers['content-type'], 'application/json; charset=utf-8')
  assert.deepEqual(JSON.parse(request.body), {
    routing_key: SETTINGS.routingKey,
    event_action: 'trigger',
    dedup_key: 'incident-118',
    payload: {
      summary: 'missed: nightly_report (prod)',
      source: 'nightly_report (prod)',
      severity: 'critical',
      timestamp: '2026-03-02T03:05:00.000Z',
      component: 'nightly_report',
      group: 'prod',
      class: 'missed',
      custom_details: {
        text: [...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n'),
        expects: 'at 03:00: at least 1 in the 45 minutes before',
        key: 'af_k3Jq8Zw2',
        incident: 118,
      },
    },
    client: 'affirmative',
    client_url: MESSAGES.missed.url,
    links: [{ href: MESSAGES.missed.url, text: 'Open in affirmative' }],
  })
})

test('one story is one alert: opened, reminded of, acknowledged and closed', () => {
  const { fake, alerts } = aPagerDuty()
  const states = (['missed', 'reminder', 'acknowledged', 'reminder', 'recovered'] as const).map((kind) => {
    assertTakes({ ...telling, fake: fake }, MESSAGES[kind])
    return alerts.get('incident-118')
  })
  assert.deepEqual(states, ['triggered', 'triggered', 'acknowledged', 'acknowledged', 'resolved'])
  assert.equal(alerts.size, 1)
})

test('a test pages and closes itself, blindness waits for a person, and what was met pages nobody', () => {
  const { fake, alerts } = aPagerDuty()
  const actions = requestsOf(pagerduty, SETTINGS, MESSAGES.test).map(({ body }) => JSON.parse(body))
  assert.deepEqual(
    actions.map(({ event_action }) => event_action),
    ['trigger', 'resolve'],
  )
  assert.equal(actions[0].payload.severity, 'info')
  assertTakes({ ...telling, fake: fake }, MESSAGES.test)
  assert.deepEqual([...alerts.values()], ['resolved'])
  assertTakes({ ...telling, fake: fake }, MESSAGES.blind)
  assert.equal(alerts.get(MESSAGES.blind.thread), 'triggered')
  assert.deepEqual(requestsOf(pagerduty, SETTINGS, MESSAGES.met), [])
  assert.deepEqual(requestsOf(pagerduty, SETTINGS, MESSAGES['blind-settled']), [])
})

test('a flood says how many are not listed', () => {
  const [request] = requestsOf(pagerduty, SETTINGS, MESSAGES.flood)
  assert.match(JSON.parse(request?.body ?? '').payload.custom_details.text, /job_99 .*\n… and 4900 more\nhttps:/)
})

test('another region is a base URL', () => {
  const [request] = requestsOf(pagerduty, { ...SETTINGS, baseUrl: 'https://events.eu.pagerduty.com/' }, MESSAGES.missed)
  assert.equal(request?.url, 'https://events.eu.pagerduty.com/v2/enqueue')
})

test('what it answers is believed when it is its own answer', () => {
  assertJudged(pagerduty, [
    ...ODD_ANSWERS,
    [202, { status: 'success', message: 'Event processed', dedup_key: 'x' }, 'sent'],
    [
      400,
      { status: 'invalid event', message: 'Event object is invalid', errors: ["Length of 'routing_key' is incorrect"] },
      'never',
    ],
    [429, { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' }, 'again'],
  ])
})

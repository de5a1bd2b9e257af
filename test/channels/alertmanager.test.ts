import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertmanager } from '../../src/channels/alertmanager.ts'
import type { Message } from '../../src/domain/message.ts'
import { alertmanagerFake } from './fakes/alertmanager.ts'
import { MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const telling = { kind: alertmanager, settings: { url: 'http://alertmanager.example.org:9093/am/' }, fake: alertmanagerFake }

const alertFor = (message: Message): Record<string, unknown> => {
  const [alert] = sentFor(telling, message).body as Record<string, unknown>[]
  assert.ok(alert)
  return alert
}

test('Alertmanager takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Alertmanager takes whatever people wrote', () => assertTakesAnything(telling))

test('an open incident is an alert that stays open without being posted every minute', () => {
  assert.equal(sentFor(telling, MESSAGES.missed).url, 'http://alertmanager.example.org:9093/am/api/v2/alerts')
  assert.deepEqual(alertFor(MESSAGES.missed), {
    labels: { alertname: 'Affirmative', thread: 'incident-118', severity: 'critical', event: 'nightly_report', env: 'prod' },
    annotations: {
      summary: 'missed: nightly_report (prod)',
      description: [
        'only 0 of 1 since 02:15 UTC',
        'at 03:00: at least 1 in the 45 minutes before',
        'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
      ].join('\n'),
      tags: 'data-eng, money',
    },
    startsAt: '2026-03-02T03:00:00.000Z',
    endsAt: '2026-03-09T03:07:00.000Z',
    generatorURL: 'https://affirm.example.org/incidents/118',
  })
})

test('the alert that closes has the labels and the beginning of the one that opened, and an end in the past', () => {
  const { labels, startsAt } = alertFor(MESSAGES.missed)
  const closing = alertFor(MESSAGES.recovered)
  assert.deepEqual({ labels: closing.labels, startsAt: closing.startsAt }, { labels, startsAt })
  assert.equal(closing.endsAt, '2026-03-02T03:05:00.000Z')
})

test('what is only told is an alert of another name that ends by itself', () => {
  const { labels, endsAt } = alertFor(MESSAGES.blind)
  assert.deepEqual(labels, { alertname: 'AffirmativeMessage', thread: 'flood-7', severity: 'critical' })
  assert.equal(endsAt, '2026-03-02T03:12:00.000Z')
})

test('Alertmanager has no use for what was acknowledged, and for what was met', () => {
  assert.deepEqual(requestsFor(telling, MESSAGES.acknowledged), [])
  assert.deepEqual(requestsFor(telling, MESSAGES.met), [])
})

test('what Alertmanager answers', () => {
  assertJudged(alertmanager, [
    [200, '', 'sent'],
    [400, '"start time must be before end time"', 'never'],
    [404, '', 'never'],
    [429, '', 'again'],
    [500, '"context canceled"', 'again'],
    [503, '', 'again'],
  ])
})

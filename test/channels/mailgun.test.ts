import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailgun } from '../../src/channels/mailgun.ts'
import { MAILGUN, mailgunFake } from './fakes/mailgun.ts'
import { MESSAGES } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertAllArrive, assertJudged, assertTakes, assertTakesAnything } from './telling.ts'

const SETTINGS = { ...MAILGUN, from: 'Affirmative <affirmative@mg.example.org>', to: ['ann@example.org', 'bob@example.org'] }
const formOf = (message = MESSAGES.missed) => new URLSearchParams(requestsOf(mailgun, SETTINGS, message)[0]?.body)

const telling = { kind: mailgun, settings: SETTINGS, fake: mailgunFake }

test('Mailgun takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Mailgun takes whatever people wrote', () => assertTakesAnything(telling))

test('a missed one is exactly this', () => {
  const [request] = requestsOf(mailgun, SETTINGS, MESSAGES.missed)
  assert.ok(request)
  assert.equal(request.url, 'https://api.mailgun.net/v3/mg.example.org/messages')
  assert.equal(request.headers.authorization, `Basic ${Buffer.from(`api:${MAILGUN.apiKey}`).toString('base64')}`)
  assert.deepEqual(
    [...new URLSearchParams(request.body)],
    [
      ['from', SETTINGS.from],
      ['to', 'ann@example.org'],
      ['to', 'bob@example.org'],
      ['subject', 'missed: nightly_report (prod)'],
      ['text', [...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n')],
      ['o:tracking', 'no'],
      ['h:Message-ID', '<msg_missed_1@mg.example.org>'],
      ['h:In-Reply-To', '<thread.incident-118@mg.example.org>'],
      ['h:References', '<thread.incident-118@mg.example.org>'],
      ['h:Auto-Submitted', 'auto-generated'],
      ['h:X-Auto-Response-Suppress', 'All'],
      ['h:X-Affirmative-Delivery', 'msg_missed_1'],
    ],
  )
})

test('the mails of one thread answer one mail, and each has an id of its own', () => {
  const [missed, recovered] = [formOf(), formOf(MESSAGES.recovered)]
  assert.equal(missed.get('h:References'), recovered.get('h:References'))
  assert.notEqual(missed.get('h:Message-ID'), recovered.get('h:Message-ID'))
})

test('whatever an id or a thread holds, ids are of the form that RFC 5322 asks for, and differ', () => {
  const ids = ['a:', 'a=3a=', '.', '..', 'a b', 'a\r\nBcc: x', '>'].map((id) => {
    const message = { ...MESSAGES.missed, id, thread: id }
    assertTakes({ ...telling, fake: mailgunFake }, message)
    return formOf(message).get('h:Message-ID')
  })
  assert.equal(new Set(ids).size, ids.length)
})

test('what it answers is believed when it is its own answer', () => {
  assertJudged(mailgun, [
    ...ODD_ANSWERS,
    [200, { id: '<20111114174239.25659.5817@samples.mailgun.org>', message: 'Queued. Thank you.' }, 'sent'],
    [400, { message: "'from' parameter is missing" }, 'never'],
    [401, 'Forbidden', 'never'],
    [404, { message: 'Domain not found: mg.example.org' }, 'never'],
    [429, { message: 'Too many requests' }, 'again'],
  ])
})

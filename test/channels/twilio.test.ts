import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twilio } from '../../src/channels/twilio.ts'
import { TWILIO, twilioFake } from './fakes/twilio.ts'
import { HOSTILE, MESSAGES } from './messages.ts'
import { ODD_ANSWERS, requestsOf } from './passing.ts'
import { assertAllArrive, assertJudged, assertTakesAnything } from './telling.ts'

const SETTINGS = { ...TWILIO, from: '+15005550006', to: ['+491701234567', '+14155552671'] }
const fieldsOf = (body: string | undefined) => Object.fromEntries(new URLSearchParams(body))

const telling = { kind: twilio, settings: SETTINGS, fake: twilioFake }

test('Twilio takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Twilio takes whatever people wrote', () => assertTakesAnything(telling))

test('each recipient gets a request, in order', () => {
  const requests = requestsOf(twilio, SETTINGS, MESSAGES.missed)
  assert.deepEqual(
    requests.map(({ body }) => fieldsOf(body).To),
    SETTINGS.to,
  )
})

test('a missed one is exactly this', () => {
  const [request] = requestsOf(twilio, SETTINGS, MESSAGES.missed)
  assert.ok(request)
  assert.equal(request.url, `https://api.twilio.com/2010-04-01/Accounts/${TWILIO.accountSid}/Messages.json`)
  assert.deepEqual(request.headers, {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(`${TWILIO.accountSid}:${TWILIO.authToken}`).toString('base64')}`,
  })
  assert.deepEqual(fieldsOf(request.body), {
    To: '+491701234567',
    From: '+15005550006',
    Body: ['missed: nightly_report (prod)', ...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n'),
  })
})

test('a text is three parts at most, and no letter of ours makes them shorter', () => {
  for (const message of [MESSAGES.flood, HOSTILE, { ...MESSAGES.flood, lines: ['…'.repeat(400)] }]) {
    const { Body = '' } = fieldsOf(requestsOf(twilio, SETTINGS, message)[0]?.body)
    assert.ok(Body.length <= 459, String(Body.length))
    assert.doesNotMatch(Body, /[…•]/)
    assert.match(Body, /\.\.\. and \d+ more\nhttps:/)
  }
})

test('a messaging service sends in place of a number', () => {
  const from = `MG${'0'.repeat(32)}`
  const fields = fieldsOf(requestsOf(twilio, { ...SETTINGS, from }, MESSAGES.missed)[0]?.body)
  assert.deepEqual([fields.MessagingServiceSid, fields.From], [from, undefined])
})

test('what it answers is believed when it is its own answer', () => {
  const refused = (status: number, code: number) => ({
    code,
    message: 'x',
    more_info: 'https://www.twilio.com/docs/errors/x',
    status,
  })
  assertJudged(twilio, [
    ...ODD_ANSWERS,
    [201, { sid: 'SM1', status: 'queued', error_code: null }, 'sent'],
    [201, { sid: 'SM1', status: 'accepted' }, 'sent'],
    [201, { sid: 'SM1', status: 'failed', error_code: 30_006 }, 'never'],
    [400, refused(400, 21_211), 'never'],
    [400, refused(400, 21_610), 'never'],
    [401, refused(401, 20_003), 'never'],
    [429, refused(429, 20_429), 'again'],
    [400, refused(400, 21_611), 'again'],
    [500, refused(500, 20_500), 'again'],
  ])
})

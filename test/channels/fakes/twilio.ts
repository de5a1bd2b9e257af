import { basic, formIn } from './form.ts'
import type { Fake } from './serve.ts'
import { answered, pathOf } from './strict.ts'

export const TWILIO = { accountSid: `AC${'0123456789abcdef'.repeat(2)}`, authToken: 'f'.repeat(32) }

const ERRORS = {
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  21211: [400, "Invalid 'To' Phone Number"],
  21212: [400, 'Invalid From Number (caller ID)'],
  21602: [400, 'Message body is required.'],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21617: [400, 'The concatenated message body exceeds the 1600 character limit'],
} as const

function refused(code: keyof typeof ERRORS) {
  const [status, message] = ERRORS[code]
  return answered(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}

const NUMBER = /^\+[1-9]\d{6,14}$/
const SENDER = /^(?:\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 &_+-]{1,11})$/

/** Twilio's Messages resource, https://www.twilio.com/docs/messaging/api/message-resource */
export const twilioFake: Fake = (request) => {
  if (pathOf(request) !== `/2010-04-01/Accounts/${TWILIO.accountSid}/Messages.json`) return refused(20_404)
  if (request.headers.authorization !== basic(TWILIO.accountSid, TWILIO.authToken)) return refused(20_003)
  const form = formIn(request)
  const to = form?.get('To')
  const from = form?.get('From')
  const body = form?.get('Body') ?? ''
  if (to == null || to === '') return refused(21_604)
  if (!NUMBER.test(to)) return refused(21_211)
  if (from == null && form?.get('MessagingServiceSid') == null) return refused(21_603)
  if (from != null && !SENDER.test(from)) return refused(21_212)
  if (body.trim() === '') return refused(21_602)
  // Letters outside of the alphabet count as several; the worst is two units of UTF-16.
  if (body.length > 1_600) return refused(21_617)
  return answered(201, { sid: `SM${'0'.repeat(32)}`, status: 'queued', to, from, body, error_code: null, error_message: null })
}

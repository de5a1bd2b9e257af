import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { email } from '../../src/channels/email.ts'
import type { MailRequest, Message } from '../../src/domain/message.ts'
import { anyMessage, HOSTILE, MESSAGES, NOW } from './messages.ts'

const SETTINGS = { to: ['ann@example.org', 'bob@example.org'] }

function mailOf(message: Message, settings: { to: string[]; from?: string } = SETTINGS): MailRequest {
  const [mail] = email.render(settings, message, NOW)
  assert.ok(mail?.via === 'mail')
  return mail
}

test('a missed one is exactly this mail', () => {
  assert.deepEqual(mailOf(MESSAGES.missed), {
    via: 'mail',
    from: null,
    to: ['ann@example.org', 'bob@example.org'],
    subject: 'missed: nightly_report (prod)',
    text: `${[...MESSAGES.missed.lines, MESSAGES.missed.url].join('\n')}\n`,
    thread: 'incident-118',
    id: 'msg_missed_1',
  })
})

test('who it is from may be said', () => {
  assert.equal(mailOf(MESSAGES.missed, { ...SETTINGS, from: 'Ops <ops@example.org>' }).from, 'Ops <ops@example.org>')
})

test('a flood lists what there is, and counts the rest', () => {
  assert.match(mailOf(MESSAGES.flood).text, /job_0 .*job_99 .*\n… and 4900 more\nhttps:/s)
})

test('a subject is one line, and a text whole letters of a bounded length, whatever people wrote', () => {
  const check = (message: Message): void => {
    const { subject, text } = mailOf(message)
    assert.ok(subject.length > 0 && subject.length <= 200 && !/[\p{Cc}\p{Cs}]/u.test(subject), subject)
    assert.ok(text.length <= 50_001 && !/\p{Cs}|(?![\n\t])\p{Cc}/u.test(text))
  }
  for (const message of [...Object.values(MESSAGES), HOSTILE]) check(message)
  fc.assert(fc.property(anyMessage, check), { numRuns: 100 })
})

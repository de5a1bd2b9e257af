import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KINDS } from '../../src/channels/registry.ts'
import type { ChannelKind } from '../../src/domain/channel.ts'

/** What is wrong with a text in a field; null: nothing. */
function wrongWith(kind: ChannelKind, name: string, text: string): string | null {
  const field = KINDS[kind].fields.find((one) => one.name === name)
  assert.ok(field, `${kind} has no field ${name}`)
  return field.check?.(text) ?? null
}

const GOOD: readonly [ChannelKind, string, string[]][] = [
  ['pagerduty', 'routingKey', ['a'.repeat(32)]],
  ['pagerduty', 'baseUrl', ['https://events.eu.pagerduty.com', 'http://127.0.0.1:9/', 'https://proxy.example/pagerduty']],
  ['opsgenie', 'apiKey', ['0f2c1d3e-1111-4222-8333-444455556666']],
  ['twilio', 'accountSid', [`AC${'0'.repeat(32)}`]],
  ['twilio', 'from', ['+15005550006', '12345', 'Affirmative', `MG${'a'.repeat(32)}`]],
  ['twilio', 'to', ['+491701234567']],
  ['mailgun', 'domain', ['mg.example.org']],
  ['mailgun', 'from', ['a@example.org', 'Ops – nights <a.b+c@example.org>']],
  ['email', 'to', ['a@example.org', "o'neil@example.org", 'root@localhost']],
  ['eventbridge', 'region', ['eu-central-1', 'us-gov-west-1', 'cn-north-1']],
  ['eventbridge', 'eventBusName', ['default', 'arn:aws:events:eu-central-1:123456789012:event-bus/ops']],
  ['eventbridge', 'source', ['org.example.jobs']],
]

const BAD: readonly [ChannelKind, string, string[]][] = [
  ['pagerduty', 'routingKey', ['a'.repeat(31), `${'a'.repeat(31)}-`]],
  ['pagerduty', 'baseUrl', ['events.pagerduty.com', 'ftp://x', 'https://a:b@x', 'https://x/?y', 'https://x/#y']],
  ['opsgenie', 'apiKey', ['short', 'a b c d e f g h', 'abcdefgh\r\nX: y']],
  ['twilio', 'accountSid', [`AC${'0'.repeat(31)}`, `AC${'0'.repeat(30)}/x`]],
  ['twilio', 'from', ['', 'more than eleven', '+0123456789', '1']],
  ['twilio', 'to', ['0170 1234567', '+49 170 1234567', 'ann']],
  ['mailgun', 'domain', ['', 'mg/../x', 'mg.example.org/', '-x']],
  ['mailgun', 'from', ['Ops', 'Ops <ops>', 'Ops\r\nBcc: x <a@example.org>', 'a@example.org, b@example.org']],
  [
    'email',
    'to',
    ['ann', 'a@b@c', 'a@example.org\r\nRCPT TO:<x>', 'a b@example.org', 'Ann <ann@example.org>', '<a@example.org>'],
  ],
  ['eventbridge', 'region', ['frankfurt', 'eu-central-1.evil.example/']],
  ['eventbridge', 'source', ['aws.ec2', '']],
]

test('what the services call right is taken', () => {
  for (const [kind, name, texts] of GOOD)
    for (const text of texts) assert.equal(wrongWith(kind, name, text), null, `${kind} ${text}`)
})

test('what is none is told in words that follow the name of the field', () => {
  for (const [kind, name, texts] of BAD) {
    for (const text of texts) assert.match(wrongWith(kind, name, text) ?? '', /^(has to|must) .*\.$/, `${kind} ${name} ${text}`)
  }
})

test('keys, tokens and passwords are secrets in every kind', () => {
  for (const [name, { fields }] of Object.entries(KINDS)) {
    for (const field of fields) {
      if (/key$|token|password|secret/i.test(field.name)) assert.equal(field.isSecret, true, `${name} ${field.name}`)
    }
  }
})

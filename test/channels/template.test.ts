import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { webhook } from '../../src/channels/webhook.ts'
import { anyMessage, MESSAGES } from './messages.ts'
import { requestsFor } from './telling.ts'

/** The body that a webhook with this template sends. */
const bodyOf = (body: string, message = MESSAGES.missed, headers = {}) =>
  requestsFor({ kind: webhook, settings: { url: 'https://example.org/hook', body, headers } }, message)[0]?.body

test('a body of its own in JSON: fields stand in its texts, and a number alone stays one', () => {
  const template = '{"text": "{{ title }}: {{reason}}", "count": "{{observed}}", "most": "{{atMost}}", "fixed": [1, true, null]}'
  assert.equal(
    bodyOf(template),
    '{"text":"missed: nightly_report (prod): only 0 of 1","count":0,"most":null,"fixed":[1,true,null]}',
  )
})

test('whatever people wrote, a body in JSON has the shape of its template', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const body: unknown = JSON.parse(bodyOf('{"a": {"b": "{{title}} {{text}}"}, "c": ["{{description}}"]}', message) ?? '')
      assert.deepEqual(Object.keys(Object(body)), ['a', 'c'])
      assert.equal(typeof Reflect.get(Object(Reflect.get(Object(body), 'a')), 'b'), 'string')
    }),
    { numRuns: 100 },
  )
})

test('a field in a value is not filled in again', () => {
  assert.equal(bodyOf('{{title}}', { ...MESSAGES.missed, title: '{{url}} $& $1' }), '{{url}} $& $1')
})

test('other bodies are written as their content type asks', () => {
  const message = { ...MESSAGES.missed, title: 'a&b <c> "d" 50%' }
  const typed = (type: string) => bodyOf('t={{title}}', message, { 'Content-Type': type })
  assert.equal(bodyOf('t={{title}}', message), 't=a&b <c> "d" 50%')
  assert.equal(bodyOf('[prod] {{title}}', message), '[prod] a&b <c> "d" 50%')
  assert.equal(bodyOf('[{{severity}}] {{title}}', message), '[critical] a&b <c> "d" 50%')
  assert.equal(typed('application/x-www-form-urlencoded'), 't=a%26b%20%3Cc%3E%20%22d%22%2050%25')
  assert.equal(typed('text/xml; charset=utf-8'), 't=a&amp;b &lt;c&gt; &quot;d&quot; 50%')
})

test('every field of a template is filled for every message', () => {
  for (const message of Object.values(MESSAGES))
    assert.doesNotMatch(
      bodyOf('{{incident}}|{{due}}|{{openedAt}}|{{note}}|{{more}}|{{expectation}}', message) ?? '',
      /undefined|NaN|null|{{/,
    )
})

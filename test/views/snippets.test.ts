import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snippetsFor } from '../../views/snippets.ts'

const JOB = { baseUrl: 'https://affirm.example.org', eventKey: 'af_k3Jq8Zw2', name: 'drift checked' }

test('a foreign page is offered a link to the sign-off, never a form: what it sends is refused', () => {
  for (const asksForKeys of [false, true]) {
    const snippets = snippetsFor({ ...JOB, asksForKeys })
    assert.doesNotMatch(snippets.map(({ text }) => text).join('\n'), /<form|<button/)
    assert.match(snippets.at(-1)?.text ?? '', /<a href="https:\/\/affirm\.example\.org\/events\/drift%20checked#sign-off">/)
    assert.match(snippets.at(-1)?.text ?? '', /af_k3Jq8Zw2/)
  }
})

test('signing in is spoken of where it is asked for', () => {
  const said = (asksForKeys: boolean) => snippetsFor({ ...JOB, asksForKeys }).at(-1)
  assert.match(`${said(true)?.title} ${said(true)?.text}`, /signed-in people.*signed in at/s)
  assert.doesNotMatch(`${said(false)?.title} ${said(false)?.text}`, /signed/)
})

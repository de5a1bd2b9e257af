import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { findIn } from '../../src/cli/scan/find.ts'
import { snippetsFor } from '../../views/snippets.ts'

const JOB = { baseUrl: 'https://affirm.example.org', eventKey: 'af_k3Jq8Zw2', name: 'drift checked' }

test('a foreign page is offered our script or a link to the sign-off, never a form: what that sends is refused', () => {
  for (const asksForKeys of [false, true]) {
    const snippets = snippetsFor({ ...JOB, asksForKeys })
    const all = snippets.map(({ text }) => text).join('\n')
    assert.doesNotMatch(all, /<form|action=/)
    assert.match(
      all,
      /<script src="https:\/\/affirm\.example\.org\/affirm\.js"( data-key="ak_…")?><\/script>\n<button type="button" data-affirm="af_k3Jq8Zw2">/,
    )
    assert.match(snippets.at(-1)?.text ?? '', /<a href="https:\/\/affirm\.example\.org\/events\/drift%20checked#sign-off">/)
    assert.match(snippets.at(-1)?.text ?? '', /af_k3Jq8Zw2/)
  }
})

test('plain HTTP comes first, as it needs nothing; each other way has our client, and says which file that is', () => {
  const [plain, ...others] = snippetsFor({ ...JOB, asksForKeys: false })
  assert.match(plain?.title ?? '', /without a client/)
  assert.match(plain?.text ?? '', /^0 3 \* \* \* \/path\/to\/job && curl /)
  const files = others.flatMap(({ text }) => /clients\/[\w/.]+\w/.exec(text) ?? [])
  assert.deepEqual(
    files,
    ['shell/affirm.sh', 'shell/affirm.sh', 'shell/affirm.sh', 'js/affirmative.js', 'python/affirmative', 'r/affirmative.R'].map(
      (file) => `clients/${file}`,
    ),
  )
  for (const file of files) assert.ok(existsSync(file), file)
})

test('a scan finds each snippet as one place of its key, and no name that nobody has', () => {
  for (const asksForKeys of [false, true])
    for (const { title, text } of snippetsFor({ ...JOB, asksForKeys, name: 'drift_checked' }))
      assert.deepEqual(
        findIn(text).map((hit) => hit.text),
        ['af_k3Jq8Zw2'],
        title,
      )
})

test('signing in is spoken of where it is asked for', () => {
  const said = (asksForKeys: boolean) => snippetsFor({ ...JOB, asksForKeys }).at(-1)
  assert.match(`${said(true)?.title} ${said(true)?.text}`, /signed-in people.*signed in at/s)
  assert.doesNotMatch(`${said(false)?.title} ${said(false)?.text}`, /signed/)
})

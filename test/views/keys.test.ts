import assert from 'node:assert/strict'
import { test } from 'node:test'
import { board, event, keys } from './render.tsx'
import { aBoard, aFrame, aKeyList, anEvent, counts } from './samples.ts'

const HEADER = '-H &quot;Authorization: Bearer $AFFIRMATIVE_API_KEY&quot;'

test('where a key is needed curl sends it from the environment, as our clients do by themselves', async () => {
  const html = await event(anEvent({ baseUrl: 'https://a.example', frame: aFrame({ asksForKeys: true }) }))
  for (const line of [
    `0 3 * * * /path/to/job &amp;&amp; curl -fsS -m 10 --retry 5 --retry-connrefused -o /dev/null ${HEADER} https://a.example/affirm/af_k3Jq8Zw2 # etl_ran`,
    'data-key=&quot;ak_…&quot;',
    `curl -fsS ${HEADER} -H &#39;accept: application/x-ndjson&#39;`,
  ])
    assert.ok(html.includes(line), line)
})

test('a page that everybody reads holds no key: it leads signed-in people to the form', async () => {
  const html = await event(anEvent({ baseUrl: 'https://a.example', frame: aFrame({ asksForKeys: true }) }))
  assert.match(html, /For people who are signed in/)
  assert.ok(html.includes('https://a.example/events/etl_ran#sign-off'))
  assert.ok(!html.includes('action=&quot;https://a.example/affirm'))
})

test('an empty board says that a key comes first, and its commands send it', async () => {
  const frame = aFrame({ counts: counts({}), asksForKeys: true })
  const html = await board(aBoard({ frame, trouble: [], calm: [] }))
  assert.match(html, /<a href="\/settings\/keys">Make an API key<\/a> first/)
  assert.equal(html.split(`<code>curl -fsS -m 10 --retry 5 ${HEADER} `).length, 2)
  assert.ok(html.split(HEADER).length > 3)
})

test('the list shows how a key begins; its secret stands on one page only', async () => {
  const secret = `ak_${'x'.repeat(40)}`
  assert.ok(!(await keys(aKeyList())).includes('Copy it now'))
  const html = await keys(aKeyList({ made: { name: 'deploy', secret } }))
  assert.match(html, /Copy it now/)
  assert.match(html, /<code class="soft">ak_k3Jq…<\/code>/)
  assert.ok(html.includes(`data-copy="${secret}"`))
})

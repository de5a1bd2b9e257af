import assert from 'node:assert/strict'
import { test } from 'node:test'
import { times, wall } from './render.tsx'
import { aBoard, aRow, counts } from './samples.ts'

const text = (html: string) => html.replaceAll(/<[^>]*>/g, '')
const missed = (n: number) => Array.from({ length: n }, (_, i) => aRow({ id: i, event: `job_${i}`, state: 'missed' as const }))

test('the wall says the answer and what is not as expected, and nothing else', async () => {
  const html = await wall(aBoard({ trouble: [aRow({ id: 2, event: 'backup', state: 'missed', env: 'staging' })] }))
  assert.match(text(html), /1 missed · 1 met/)
  assert.match(text(html), /backup staging/)
  assert.ok(!html.includes('etl_'), 'what is as expected is only counted')
  assert.ok(!/<form|<nav|<button|<input/.test(html))
})

test('when all is well it is one calm answer, with when it was checked', async () => {
  const html = await wall(aBoard({ trouble: [], matching: counts({ met: 41 }) }))
  assert.match(html, /<section class="answer met"/)
  assert.match(text(html), /41 met\s+Checked 12 s ago/)
  assert.match(html, /<ol class="big-list"[^>]*><\/ol>/)
})

test('more than fit are counted', async () => {
  const html = await wall(aBoard({ trouble: missed(50), matching: counts({ missed: 80 }) }))
  assert.equal(times(html, '<li '), 6)
  assert.match(html, /and 74 more/)
})

test('its filter is what it counts, what it asks for, and what it says', async () => {
  const filter = { q: '', env: 'prod', tag: 'money', state: '' as const }
  const html = await wall(aBoard({ filter, matching: counts({ missed: 1, met: 3 }) }))
  assert.match(html, /hx-get="\/\?wall&amp;env=prod&amp;tag=money"/)
  assert.match(html, /<title>\(1\) Wall/)
  assert.match(text(html), /env: prod tag: money/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { signOff, times } from './render.tsx'
import { aForm, aFrame, anAsk, anUndo, aSignOff, NOW } from './samples.ts'

const ONE = { by: 'user:ben', at: NOW - 43 * MINUTE, note: null }

test('who waits, since when it is wanted, who did it last, and a button', async () => {
  const html = await signOff(aSignOff())
  assert.match(html, /<h1>1 waits for a person<\/h1>/)
  assert.match(html, /You are ann\. What you sign is recorded/)
  assert.match(html, /Due in 5 h, 14:14/)
  assert.match(html, /ann, <time[^>]*>2 days ago<\/time>: “drift 1\.1 %”/)
  assert.match(html, /<textarea[^>]*name="note"/)
  assert.equal(times(html, /<button class="btn sign big-btn" type="submit">/), 1)
  assert.doesNotMatch(html, /name="by"/, 'whoever is signed in is nobody else')
})

test('where nobody is asked who they are, each form asks for the name', async () => {
  const ask = anAsk({ form: aForm({ by: 'ann', note: '', env: 'prod' }) })
  const html = await signOff(aSignOff({ frame: aFrame({ who: null }), asks: [ask] }))
  assert.match(html, /say who you are/)
  assert.match(html, /name="by" value="ann"/)
})

test('the second step says it in words, and both ways lead on without a script', async () => {
  const form = aForm({ by: 'x', note: ' drift 0.8 % ', env: 'prod' })
  const html = await signOff(aSignOff({ env: 'prod', asks: [anAsk({ form, confirm: { id: 'abc', name: 'ann' } })] }))
  assert.match(html, /<b>ann<\/b> says: model under control\./)
  assert.match(html, /With the note “drift 0\.8 %”/)
  assert.match(html, /action="\/sign-off\/model_under_control\?env=prod"/)
  assert.match(html, /name="id" value="abc"[\s\S]*name="sure" value="yes"/)
  assert.match(html, /href="\/sign-off\?env=prod#for-model_under_control-prod"/)
  assert.doesNotMatch(html, /textarea/)
})

test('so far one of two, and one more person is needed', async () => {
  const html = await signOff(aSignOff({ asks: [anAsk({ signed: [ONE], ofDifferent: true, missing: 1 })] }))
  assert.match(html, /So far<\/dt><dd><p>ben, <time[^>]*>43 min ago<\/time><\/p><p>One more person is needed\./)
  const three = await signOff(aSignOff({ asks: [anAsk({ signed: [ONE], ofDifferent: true, missing: 3 })] }))
  assert.match(three, /3 more people are needed/)
  const again = await signOff(aSignOff({ asks: [anAsk({ signed: [ONE], missing: 2 })] }))
  assert.match(again, /2 more are needed/)
})

test('missed, late, not open yet and done each say so; only what counts now has a button', async () => {
  const asks = [
    anAsk({ event: 'a', state: 'missed' }),
    anAsk({ event: 'b', state: 'late', due: NOW - MINUTE, graceTo: NOW + HOUR }),
    anAsk({ event: 'c', standing: 'later', opensAt: NOW + HOUR }),
    anAsk({ event: 'd', standing: 'done', signed: [ONE], missing: 0 }),
  ]
  const html = await signOff(aSignOff({ asks }))
  assert.match(html, /Missed the last time\. Due in 5 h/)
  assert.match(html, /Late: was due at [\d:]+, counts until 10:14/)
  assert.match(html, /Not before [\d:]+; due at 14:14/)
  assert.match(html, /Done; due at 14:14/)
  assert.equal(times(html, 'big-btn'), 2)
})

test('what may be taken back stands on top, with how long yet; of others by their name', async () => {
  const others = anUndo({ event: 'other', by: 'user:ben', isMine: false })
  const html = await signOff(aSignOff({ undo: [anUndo(), others] }))
  assert.match(html, /role="status">You signed off <a class="name" href="\/events\/on_call_read">/)
  assert.match(html, /ben signed off <a class="name" href="\/events\/other">/)
  assert.match(html, /Undo, 8 min left<span class="vh">: on_call_read/)
  assert.match(html, /action="\/sign-off\/on_call_read\/undo"/)
})

test('long notes are folded, long names may break', async () => {
  const note = 'word '.repeat(400)
  const html = await signOff(aSignOff({ asks: [anAsk({ event: 'a_b.c', last: { ...ONE, note } })] }))
  assert.match(html, /<summary>“(word ){32}…”<\/summary>/)
  assert.match(html, /a_<wbr\/>b\.<wbr\/>c/)
})

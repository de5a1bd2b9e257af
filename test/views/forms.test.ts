import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EXPECTATION_FIELDS, type PreviewView, type Warning } from '../../views/models.ts'
import { deletion, event, expectationForm, inMain, piece } from './render.tsx'
import { aForm, aFrame, anEvent, anExpectationForm, counts } from './samples.ts'

type Clear = Extract<PreviewView, { kind: 'clear' }>

const fieldsOf = (html: string, action: string): string[] => {
  const form = html.slice(html.indexOf(`action="${action}"`), html.indexOf('</form>', html.indexOf(`action="${action}"`)))
  return [...form.matchAll(/<(?:input|select|textarea)[^>]*\sname="([^"]+)"/g)].map(([, name]) => name ?? '')
}

test('the expectation form has every field and posts to its event, or to itself when it is edited', async () => {
  const created = fieldsOf(await expectationForm(anExpectationForm()), '/events/etl_ran/expectations')
  assert.deepEqual(new Set(created), new Set(['event', 'was', ...EXPECTATION_FIELDS]))
  const edited = fieldsOf(await expectationForm(anExpectationForm({ id: 7 })), '/expectations/7')
  assert.deepEqual(new Set(edited), new Set(['event', 'id', 'was', ...EXPECTATION_FIELDS]))
})

test('who is told is folded while it is as for most, and open where something is said or wrong', async () => {
  const { values } = anExpectationForm().form
  const fold = async (some: Partial<typeof values>, errors: Partial<typeof values> = {}) => {
    const html = await expectationForm(anExpectationForm({ form: aForm({ ...values, ...some }, errors) }))
    return /<details( open)?(?:="")?>\s*<summary>Who is told/.exec(html)?.[1] === ' open'
  }
  assert.equal(await fold({ channels: '' }), false)
  assert.equal(await fold({ channels: '3' }), true)
  assert.equal(await fold({ channels: '', alertAfter: '2' }), true)
  assert.equal(await fold({ channels: '' }, { channels: 'there is no channel 3' }), true)
})

test('channels are ticked as they were, and one that is off says so', async () => {
  const html = await expectationForm(anExpectationForm())
  assert.match(html, /name="channels" value="3" checked(="")?\/?> ops</)
  assert.match(html, /name="channels" value="4"\/?> db, switched off</)
  assert.match(await expectationForm(anExpectationForm({ channels: [] })), /There is no channel yet/)
})

test('how people are told stands beside an expectation where it is not as for most', async () => {
  const html = (await event(anEvent())).replace(/<[^>]*>/g, '')
  assert.match(html, /warning · an incident after 3 misses in a row · closed after 2 met in a row · tells ops and db/)
})

test('a mistake stands at its field, is summed up on top, and what was typed stays', async () => {
  const form = aForm(
    { ...anExpectationForm().form.values, lookback: '20x', ignoreFailures: 'on' },
    { lookback: 'is not a duration' },
  )
  const html = await expectationForm(anExpectationForm({ form }))
  assert.match(html, /id="lookback"[^>]*aria-invalid="true" aria-describedby="lookback-error lookback-hint"[^>]*value="20x"/)
  assert.match(piece(html, 'lookback-error', '</p>'), /is not a duration/)
  assert.match(html, /role="alert".*Nothing was saved: 1 field needs a look: <a href="#lookback">Lookback<\/a>/)
  assert.match(html, /name="ignoreFailures" checked/)
})

test('the preview follows the typing, and stands behind a button without a script', async () => {
  const html = await expectationForm(anExpectationForm())
  assert.match(html, /hx-post="\/expectations\/preview" hx-trigger="input delay:300ms, change delay:300ms"/)
  assert.match(html, /<button class="btn" type="submit" formaction="\/expectations\/preview">Preview<\/button>/)
  assert.match(html, /formaction="\/expectations\/preview" name="use" value="0 1,7,16 \* \* 1-5"/)
  assert.match(piece(html, 'says', '</div>'), /<output>every minute<\/output>/)
  assert.match(piece(html, 'next-dues', '</section>'), /Wed 4 Mar, 16:00<\/td><td>Wed 4 Mar, 15:00<\/td><td>in 5 h 46 min/)
})

test('the first button of the form saves it, so that Enter never takes a suggestion', async () => {
  const html = await expectationForm(anExpectationForm())
  const form = html.slice(html.indexOf('<form'))
  assert.doesNotMatch(form.slice(form.indexOf('<button'), form.indexOf('</button>')), /formaction/)
})

test('a preview that cannot be read says which field', async () => {
  const html = await expectationForm(anExpectationForm({ preview: { kind: 'unclear', fields: ['lookback', 'atLeast'] } }))
  assert.match(piece(html, 'says', '</div>'), /Not readable yet: Lookback, At least\.</)
})

test('what was refused is summed up, what is only looked at is not', async () => {
  const html = await expectationForm(anExpectationForm({ isRefused: false }))
  assert.match(piece(html, 'lookback-error', '</p>'), /is not a duration/)
  assert.doesNotMatch(html, /Nothing was saved/)
})

test('the place of a mistake is there before there is one, and follows the typing', async () => {
  const html = await expectationForm(anExpectationForm({ form: aForm(anExpectationForm().form.values) }))
  assert.match(html, /<p class="wrong" id="schedule-error" hidden/)
  assert.match(html, /id="schedule"[^>]*aria-describedby="schedule-error"/)
  assert.match(html, /hx-select-oob="[^"]*#schedule-error:outerMorph/)
  assert.doesNotMatch(html, /aria-invalid/)
})

const aPreview = (warnings: readonly Warning[], was: Clear['was'] = []): Clear => ({
  ...(anExpectationForm().preview as Clear),
  warnings,
  was,
})

test('what is only good to know is a hint, not a warning', async () => {
  const preview = aPreview([{ detail: 'Each verdict counts the last 5 minutes.', isHint: true }])
  const html = piece(await expectationForm(anExpectationForm({ preview })), 'warnings', '<div class="pair">')
  assert.match(html, /<p class="hint">Each verdict counts the last 5 minutes\.<\/p>/)
  assert.doesNotMatch(html, /class="warn"/)
})

test('no warning of the last schedule stands under one that cannot be read, and none twice', async () => {
  const warning = { detail: 'This never fires.', isHint: false }
  const stale = await expectationForm(
    anExpectationForm({ preview: aPreview([warning], [{ field: 'schedule', value: '0 0 30 2 *' }]) }),
  )
  assert.doesNotMatch(stale, /This never fires/)
  const form = aForm(anExpectationForm().form.values, { schedule: warning.detail })
  const refused = await expectationForm(anExpectationForm({ form, preview: aPreview([warning]) }))
  assert.equal(refused.match(/This never fires/g)?.length, 1)
})

test('of an event of which nothing is expected no verdict is promised', async () => {
  const html = await event(anEvent({ expectations: [], verdicts: [] }))
  assert.match(piece(html, 'verdicts', '</section>'), /Nothing is expected of this event yet/)
  assert.match(
    piece(await event(anEvent({ verdicts: [] })), 'verdicts', '</section>'),
    /the first comes at the first due instant/,
  )
})

test('an event’s page has its forms', async () => {
  const html = await event(anEvent())
  assert.deepEqual(fieldsOf(html, '/events/etl_ran/sign-off'), ['env', 'note'])
  const open = await event(anEvent({ frame: aFrame({ who: null }) }))
  assert.deepEqual(fieldsOf(open, '/events/etl_ran/sign-off'), ['by', 'env', 'note'])
  const viewer = await event(anEvent({ frame: aFrame({ may: ['read'] }) }))
  assert.doesNotMatch(inMain(viewer), /method="post"|\/expectations\/|#edit/)
  assert.deepEqual(fieldsOf(html, '/events/etl_ran'), ['description', 'tags'])
  assert.deepEqual(fieldsOf(html, '/events/etl_ran/delete'), ['confirm'])
  assert.match(html, /action="\/expectations\/1\/pause"/)
  assert.match(html, /<details open[^>]*><summary>Delete this event/)
})

test('with one environment it is not asked for', async () => {
  const html = await event(anEvent({ envs: ['prod'] }))
  assert.match(html, /<input type="hidden" name="env" value="prod"/)
})

test('the snippets hold this server, the key to call and the name to read', async () => {
  const html = await event(anEvent({ baseUrl: 'https://a.example' }))
  for (const line of [
    '0 3 * * * /path/to/job &amp;&amp; curl -fsS -m 10 --retry 5 --retry-connrefused -o /dev/null https://a.example/affirm/af_k3Jq8Zw2 # etl_ran',
    'export AFFIRMATIVE_URL=https://a.example\naffirm.sh af_k3Jq8Zw2 # etl_ran',
    'affirm.sh run af_k3Jq8Zw2 -- /path/to/job # etl_ran',
    '0 3 * * * /usr/local/bin/affirm.sh run af_k3Jq8Zw2 -- /path/to/job # etl_ran',
    'new Affirmative(&#39;https://a.example&#39;)\nawait client.affirm(&#39;af_k3Jq8Zw2&#39;) // etl_ran',
    'Client(&quot;https://a.example&quot;)\nclient.affirm(&quot;af_k3Jq8Zw2&quot;)  # etl_ran',
    'affirmative(&quot;https://a.example&quot;)\naffirm(client, &quot;af_k3Jq8Zw2&quot;)  # etl_ran',
    '&lt;script src=&quot;https://a.example/affirm.js&quot;&gt;',
    '&lt;a href=&quot;https://a.example/events/etl_ran#sign-off&quot;&gt;It happened&lt;/a&gt;',
  ])
    assert.ok(html.includes(line), line)
})

test('values keep all their digits, older affirmations are one link away', async () => {
  const html = await event(anEvent())
  assert.match(html, /12345678901234567890/)
  assert.match(html, /href="\/events\/etl_ran\?cursor=older-please#affirmations-h">Older/)
})

test('deleting an expectation is asked for once more', async () => {
  const html = await deletion()
  assert.match(html, /method="post" action="\/expectations\/1\/delete"/)
  assert.match(html, /formaction="\/expectations\/1\/pause"/)
})

test('nothing moves in a form: its page is no live page', async () => {
  const html = await expectationForm(anExpectationForm({ frame: aFrame({ counts: counts({ met: 1 }) }) }))
  assert.ok(!html.includes('hx-sse:connect'))
})

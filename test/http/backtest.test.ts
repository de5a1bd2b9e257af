import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts'
import { assertProblem } from '../support/api.ts'
import { instant } from '../support/world.ts'
import { fresh, NOW } from './fresh.ts'

type Backtest = { days: number; met: number; missed: number; unknown: number; wouldHaveMissed: string[]; note: string | null }
type Suggested = {
  suggestion: Record<string, unknown> | null
  confidence: string
  why: string
  seen: { from: string; to: string; count: number }
  backtest: Backtest
}

const NOTHING = { days: 0, met: 0, missed: 0, unknown: 0, wouldHaveMissed: [], note: null }
const PREVIEW = '/api/v1/expectations/preview'

describe('counted on what was seen', () => {
  const made = fresh()

  /** A job at 7 each day but one for twelve days, and somebody who listened. */
  const live = async () => {
    const { world } = made
    const end = instant(NOW)
    for (let i = 12; i >= 1; i--) {
      if (i !== 5) await world.affirm('etl', { at: instant('2026-03-04T07:00:00Z') - i * DAY + i * 10_000 })
    }
    const span = await world.store.openSpan('other', end - 13 * DAY)
    await world.store.extendSpan(span, end)
  }

  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost', ...headers },
    body: new URLSearchParams({ event: 'etl', count: 'affirmations', timeZone: 'UTC', env: 'prod', atLeast: '1', ...fields }),
  })
  const page = async (path: string, init?: RequestInit) => {
    const response = await made.world.app.request(path, init)
    return { status: response.status, html: await response.text() }
  }
  const part = (html: string, id: string) => {
    const from = html.indexOf(`id="${id}"`)
    return from < 0 ? '' : html.slice(from, html.indexOf('</section>', from)).replaceAll(/<[^>]*>/g, ' ')
  }

  test('a preview says when it would have been missed', async () => {
    await live()
    const { status, body } = await made.api.send<{ backtest: Backtest }>('POST', PREVIEW, {
      event: 'etl',
      schedule: '0 7 * * *',
      timeZone: 'UTC',
      lookback: '5m',
      grace: '5m',
    })
    assert.equal(status, 200)
    assert.deepEqual(body.backtest, {
      days: 12.1,
      met: 10,
      missed: 2,
      unknown: 0,
      wouldHaveMissed: ['2026-03-04T07:00:00.000Z', '2026-02-27T07:00:00.000Z'],
      note: null,
    })
  })

  test('where nothing is known there is nothing to count: no event, an unknown one, one that never fires', async () => {
    await live()
    const asked = [{}, { event: 'nobody' }, { event: 'etl', schedule: '0 0 30 2 *' }]
    for (const one of asked) {
      const { body } = await made.api.send<{ backtest: Backtest }>('POST', PREVIEW, { schedule: '0 7 * * *', ...one })
      assert.deepEqual({ ...body.backtest, days: 0 }, NOTHING)
    }
    assert.equal((await made.api.get('/api/v1/events/nobody')).status, 404)
  })

  test('what was seen suggests terms, says why and how sure it is', async () => {
    await live()
    const { status, body } = await made.api.get<Suggested>('/api/v1/events/etl/suggestion?env=prod')
    assert.equal(status, 200)
    assert.deepEqual(body.suggestion, { schedule: '0 7 * * *', timeZone: 'UTC', atLeast: 1, lookback: '5m', grace: '5m' })
    assert.equal(body.confidence, 'low')
    assert.match(body.why, /^Seen at 07:00 every day, 11 of 13 times, never more than 2 minutes late\.$/)
    assert.deepEqual(body.seen, { from: '2026-02-20T07:02:00.000Z', to: new Date(NOW).toISOString(), count: 11 })
    assert.equal(body.backtest.missed, 2)
  })

  test('too little suggests nothing; an unknown event, a wrong env and a wrong parameter are told', async () => {
    await made.world.affirm('etl')
    const { body } = await made.api.get<Suggested>('/api/v1/events/etl/suggestion?env=staging')
    assert.deepEqual([body.suggestion, body.backtest], [null, NOTHING])
    assert.match(body.why, /^Seen never so far/)
    assertProblem(await made.api.get('/api/v1/events/nobody/suggestion'), 404, /nobody/)
    assertProblem(await made.api.get('/api/v1/events/etl/suggestion?env=%00'), 400, /env/)
    assertProblem(await made.api.get('/api/v1/events/etl/suggestion?of=x'), 400, /of/)
  })

  test('the form: without a script behind its button, as typed over as suggested', async () => {
    await live()
    const { html } = await page('/expectations/preview', form({ schedule: '* 7 * * *', lookback: '5m' }))
    const said = part(html, 'backtest')
    assert.match(said, /As typed:.*\* 7 \* \* \*\s+\d+ met\s+\d+ missed.*As suggested: at 07:00 every day.*0 7 \* \* \*/s)
    assert.match(said, /\+ [\d,]+ more/)
    assert.equal(html.split('<i class="').length - 1, 60)
  })

  test('while one types the sentence does not wait for the counts: they come as a piece of their own', async () => {
    await live()
    const typing = { 'hx-request': 'true' }
    const fields = { schedule: '0 7 * * *', lookback: '5m', grace: '5m' }
    const sentence = await page('/expectations/preview', form(fields, typing))
    assert.doesNotMatch(part(sentence.html, 'backtest'), /met/)
    const counts = await page('/expectations/backtest', form(fields, typing))
    assert.match(counts.html, /^<section id="backtest"/)
    assert.match(
      part(counts.html, 'backtest'),
      /10 met\s+2 missed.*Would have been missed at Wed 4 Mar, 07:00; Fri 27 Feb, 07:00/s,
    )
    const edited = await page('/events/etl/expectations/new')
    assert.match(edited.html, /hx-post="\/expectations\/backtest"/)
  })

  test('what is half typed: shown and counted with what could be read last', async () => {
    await live()
    const was = JSON.stringify({
      schedule: '0 7 * * *',
      atLeast: '1',
      atMost: '',
      count: 'affirmations',
      lookback: '5m',
      grace: '5m',
      timeZone: 'UTC',
      env: 'prod',
      where: '',
      ignoreFailures: '',
      tags: '',
      severity: 'critical',
      alertAfter: '1',
      recoverAfter: '1',
      channels: '',
    })
    const { html } = await page('/expectations/preview', form({ schedule: '0 7 * * *', lookback: '20x', grace: '5m', was }))
    assert.match(html, /Shown, and counted below, with the last lookback that could be read: 5m\./)
    assert.match(part(html, 'backtest'), /10 met/)
    assert.match(html, /name="lookback"[^>]*value="20x"/)
    const refused = await page('/events/etl/expectations', form({ schedule: '0 7 * * *', lookback: '20x', was }))
    assert.equal(refused.status, 422)
    assert.match(refused.html, /with the last lookback that could be read: 5m\./)
    for (const broken of ['', 'x', '[]', '{"schedule":1}', 'null']) {
      const again = await page('/expectations/preview', form({ schedule: '0 7 * * *', lookback: '20x', was: broken }))
      assert.equal(again.status, 200)
      assert.match(again.html, /Not readable yet: Lookback\./)
    }
  })

  test('what cannot be read says so at its field, in the words of saving, and the rest stays as it was typed', async () => {
    await live()
    const seen = await page('/expectations/preview', form({ schedule: '* 7 * * *', lookback: '5m' }))
    assert.match(seen.html, /class="warn"/)
    const was = (/name="was" value="([^"]*)"/.exec(seen.html)?.[1] ?? '').replaceAll('&quot;', '"')
    const asked = [form({ schedule: '61 * * * *', was }), form({ schedule: '61 * * * *', was }, { 'hx-request': 'true' })]
    for (const one of asked) {
      const { status, html } = await page('/expectations/preview', one)
      assert.equal(status, 200)
      assert.match(html, /id="schedule-error"><svg.*?The minute field &quot;61&quot; is out of range: write 0 to 59\.<\/span>/)
      assert.match(html, /id="schedule" name="schedule" aria-invalid="true"[^>]*value="61 \* \* \* \*"/)
      assert.match(html, /with the last schedule that could be read: \* 7 \* \* \*\./)
      assert.doesNotMatch(html, /class="warn"|Nothing was saved|\.\./)
    }
    const never = await page('/expectations/preview', form({ schedule: '61 * * * *' }))
    assert.match(never.html, /Not readable yet: Schedule\.</)
  })

  test('what never fires can be read, and is warned of; it is not saved', async () => {
    await live()
    const { html } = await page('/expectations/preview', form({ schedule: '0 0 30 2 *' }))
    assert.match(html, /class="warn">.*?This never fires: February has no day 30\./)
    assert.doesNotMatch(html, /Not readable|aria-invalid/)
    const { status, html: refused } = await page('/events/etl/expectations', form({ schedule: '0 0 30 2 *' }))
    assert.equal(status, 422)
    assert.match(refused, /Nothing was saved: 1 field needs a look: <a href="#schedule">Schedule<\/a>/)
    assert.equal(refused.match(/This never fires/g)?.length, 1)
  })

  test('much is unknown where nobody listened: the counts and the suggestion say so, and no red stands at none missed', async () => {
    const end = instant(NOW)
    for (let i = 12; i >= 1; i--) if (i % 4 !== 0) await made.world.affirm('etl', { at: end - i * DAY })
    const { body } = await made.api.get<Suggested>('/api/v1/events/etl/suggestion?env=prod')
    assert.ok(body.suggestion !== null)
    assert.match(body.backtest.note ?? '', /unknown: nobody was listening then/)
    assert.match(body.why, /where nothing came and nobody was listening, the backtest says unknown\.$/)
    const { html } = await page('/expectations/backtest', form({ schedule: '0 7 * * *', lookback: '5m' }))
    assert.match(html, /are unknown: nobody was listening then/)
    assert.match(html, /<span class="state"><svg[^>]*>.*?<\/svg> 0 missed/)
  })

  test('the suggestion fills the fields and keeps the others, by the button and by the address', async () => {
    await live()
    for (const { html } of [
      await page('/expectations/preview', form({ suggest: '1', tags: 'mine' })),
      await page('/events/etl/expectations/new?suggest=1'),
    ]) {
      assert.match(html, /name="schedule"[^>]*value="0 7 \* \* \*"|value="0 7 \* \* \*"[^>]*name="schedule"/)
      assert.match(html, /<b>Suggested, a guess: <\/b>Seen at 07:00 every day/)
    }
    const { html } = await page('/expectations/preview', form({ suggest: '1', tags: 'mine' }))
    assert.match(html, /name="tags"[^>]*value="mine"/)
  })

  test('a suggestion of nothing leaves the fields alone and says what it takes', async () => {
    await made.world.affirm('etl')
    const { html } = await page('/expectations/preview', form({ suggest: '1', schedule: '0 9 * * *', env: '' }))
    assert.match(html, /<b>No suggestion: <\/b>Seen once so far/)
    assert.match(html, /name="schedule"[^>]*value="0 9 \* \* \*"/)
  })

  test('a filter that is no JSON: where it breaks, and how it is written', async () => {
    await live()
    const told = async (where: string) => {
      const { html, status } = await page('/events/etl/expectations', form({ schedule: '0 7 * * *', where }))
      assert.equal(status, 422)
      const from = html.indexOf('id="where-error"')
      return html
        .slice(from, html.indexOf('</p>', from))
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
    }
    assert.match(
      await told('{"path": "$.status", equals: "ok"}'),
      /it breaks at character 22, “e” after “"path": "\$\.status", ”/,
    )
    assert.match(await told('value.status == "ok"'), /it breaks at character 1, “v”\. Write it like \{"path"/)
    assert.match(await told('{"path": "$.rows"'), /is not JSON: it ends too early after/)
    assert.match(await told('{"path": "$"} '.repeat(2)), /breaks at character 15/)
    assert.match(await told('7'), /must be an object: write/)
  })

  test('every mistake is told at once, that of the filter among them', async () => {
    await live()
    const { html } = await page('/events/etl/expectations', form({ schedule: 'x', where: '{', lookback: '20x' }))
    for (const field of ['schedule', 'where', 'lookback']) assert.match(html, new RegExp(`id="${field}-error"><svg`))
  })

  test('the next dues stand in the schedule’s zone and in the server’s', async () => {
    await live()
    const { html } = await page('/expectations/preview', form({ schedule: '0 7 * * *', timeZone: 'Asia/Tokyo' }))
    assert.match(html, /Asia\/Tokyo, the schedule’s zone/)
    assert.match(part(html, 'next-dues'), /UTC, yours/)
    assert.match(part(html, 'next-dues'), /Thu 5 Mar, 07:00\s+Wed 4 Mar, 22:00/)
  })

  test('a heartbeat of a month is counted in a moment', async () => {
    const { world } = made
    const end = instant(NOW)
    await world.affirm('beat', { at: end - 29 * DAY })
    const event = await world.declaring.event('beat')
    const envId = await world.store.environment('prod')
    const one = { eventId: event.id, name: 'beat', envId, status: 0, source: 'x', value: null, clientId: null, isNews: false }
    for (let at = end - 29 * DAY; at < end; at += 6 * HOUR)
      await world.store.append(Array.from({ length: 360 }, (_, i) => ({ ...one, at: at + i * MINUTE })))
    const { body } = await made.api.send<{ backtest: Backtest }>('POST', PREVIEW, {
      event: 'beat',
      schedule: '* * * * *',
      lookback: '1m',
    })
    assert.equal(body.backtest.met + body.backtest.missed + body.backtest.unknown, 10_000)
    assert.match(body.backtest.note ?? '', /10,000/)
  })
})

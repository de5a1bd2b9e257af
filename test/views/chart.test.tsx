import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, MINUTE } from '../../src/domain/time.ts'
import { barsOf, judgedOf, WIDTH } from '../../views/chart-geometry.ts'
import { saysOf } from '../../views/chart-words.ts'
import type { ChartView } from '../../views/models.chart.ts'
import { Chart } from '../../views/parts/chart.tsx'
import { aChart, aVerdict, NOW } from './samples.ts'

const moment = { now: NOW, timeZone: 'UTC', leads: 'utc' } as const
const drawn = (chart: ChartView) => `${Chart({ event: 'etl', chart, moment })}`
const { window } = aChart()
const dense = (count: number, outcome: (n: number) => 'met' | 'missed') =>
  Array.from({ length: count }, (_, n) => {
    const to = window.from + Math.round(((n + 1) * 90 * MINUTE) / count)
    return aVerdict({ verdict: outcome(n), due: to, window: { from: window.from + Math.round((n * 90 * MINUTE) / count), to } })
  })

test('the chart says in words what it draws', () => {
  assert.equal(
    saysOf(aChart(), moment),
    '4 Mar 07:45 to now, prod: 3 affirmations and 3 reported failures. Of its verdicts 3 met, 1 missed (08:00, 3 of 4) and 1 unknown. Nobody was listening from 08:00 to 08:04. The last window is still open.',
  )
  assert.match(saysOf(aChart({ expectation: null, tallies: [], windows: [] }), moment), /Nothing is expected of it/)
  assert.match(saysOf(aChart({ tallies: [], windows: [] }), moment), /Nothing was judged in this time/)
})

test('each verdict has its window, its mark and its numbers; a missed one stands out', () => {
  const html = drawn(aChart())
  assert.equal(html.match(/<g class="met">/g)?.length, 3)
  assert.match(html, /<g class="missed"><rect class="bad".*?href="#g-missed".*?3 of 4<\/text>/)
  assert.match(html, /<g class="unknown"><rect class="win"/)
  assert.match(html, /class="deaf"/)
})

test('nothing is drawn outside the picture, and nothing has a negative size', () => {
  const far = { from: window.from - 40 * DAY, to: window.to + DAY }
  const chart = aChart({
    windows: [aVerdict({ window: far, due: window.to - MINUTE })],
    deaf: [far],
    open: far,
    bars: [{ from: window.to - MINUTE, ok: 9_999_999, fail: 1 }],
  })
  for (const { box } of [...barsOf(chart), ...judgedOf(chart)]) {
    assert.ok(box !== null && box.x >= 0 && box.x + box.width <= WIDTH && box.width >= 0 && box.height >= 0 && box.y >= 0)
  }
})

test('where windows are many, their numbers go first; where their marks would lie on each other, a bar has one mark', () => {
  const few = judgedOf(aChart({ windows: dense(36, () => 'met') }))
  assert.equal(few.filter(({ says }) => says !== null).length, 36)
  const more = judgedOf(aChart({ windows: dense(60, () => 'met') }))
  assert.deepEqual([more.length, more.filter(({ says }) => says !== null).length], [60, 0])
  const tallies = [{ from: window.from + MINUTE, met: 1, missed: 1, unknown: 0 }]
  const many = judgedOf(aChart({ windows: dense(90, (n) => (n === 1 ? 'missed' : 'met')), tallies }))
  assert.deepEqual(
    many.map(({ verdict }) => verdict),
    ['missed'],
  )
})

test('too many to be read one by one: a mark for each bar that holds another than a met one', () => {
  const tallies = [
    { from: window.from, met: 20, missed: 0, unknown: 0 },
    { from: window.from + MINUTE, met: 10, missed: 10, unknown: 1 },
    { from: window.from + 2 * MINUTE, met: 10, missed: 0, unknown: 1 },
  ]
  const judged = judgedOf(aChart({ windows: null, tallies }))
  assert.deepEqual(
    judged.map(({ verdict }) => verdict),
    ['missed', 'unknown'],
  )
  assert.match(drawn(aChart({ windows: null, tallies })), /<th scope="col" class="num">missed<\/th>/)
})

test('windows that reach into each other are not drawn over each other; a missed one still is', () => {
  const hour = (n: number, verdict: 'met' | 'missed') =>
    aVerdict({ verdict, due: window.from + n * 10 * MINUTE, window: { from: window.from, to: window.from + n * 10 * MINUTE } })
  const judged = judgedOf(aChart({ windows: [hour(2, 'met'), hour(3, 'missed'), hour(4, 'met')] }))
  assert.deepEqual(
    judged.map(({ box }) => box !== null),
    [false, true, false],
  )
})

test('a reported failure is a mark at its instant, under the row of the others and without a window', () => {
  const [only] = judgedOf(aChart({ windows: [aVerdict({ reported: true, verdict: 'missed', due: NOW })] }))
  assert.equal(only?.box, null)
  assert.equal(only?.says, null)
  assert.ok((only?.mark.y ?? 0) > 40)
})

test('with several expectations one may choose whose windows are drawn', () => {
  const choices = [
    { id: 1, sentence: 'every 5 minutes' },
    { id: 2, sentence: '<b>every hour' },
  ]
  const html = drawn(aChart({ choices }))
  assert.match(html, /<select id="chart-of" name="of">/)
  assert.match(html, /&lt;b&gt;every hour/)
  assert.doesNotMatch(drawn(aChart()), /<select/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import type { Frame } from '../../views/models.ts'
import { board, piece, times } from './render.tsx'
import { aBoard, aFrame, aRow, aVerdict, counts, NOW } from './samples.ts'

const text = (html: string) => html.replaceAll(/<[^>]*>/g, '')
const rows = (from: number, n: number) => Array.from({ length: n }, (_, i) => aRow({ id: from + i, event: `job_${from + i}` }))
const missed = (n: number) => rows(10_000, n).map((row) => ({ ...row, state: 'missed' as const }))

test('the answer comes first: counts by state, each a filter, and how fresh it is', async () => {
  const html = await board(aBoard())
  const answer = html.slice(html.indexOf('<section class="answer missed"'), html.indexOf('</section>'))
  assert.match(text(answer), /2 missed · 1 late · 41 met · 1 unknown/)
  assert.match(text(answer), /Checked 12 s ago Next due: 4 expectations at 09:15 UTC, in 48 s/)
  assert.match(answer, /href="\/\?state=missed"/)
  assert.equal(times(html, 'aria-live'), 1, 'only the answer is announced')
})

test('names may break after each _ . : -', async () => {
  assert.match(await board(aBoard()), />etl_<wbr\/?>ran\.<wbr\/?>ok:<wbr\/?>now-<wbr\/?>1<\/a>/)
})

test('a missed row says why, since when, and who has it', async () => {
  const newest = aVerdict({ verdict: 'missed', reason: 'only 0 of 1', observed: 0 })
  const row = aRow({
    state: 'missed',
    verdicts: [newest],
    incident: { id: 118, openedAt: NOW - 134 * MINUTE, acknowledgedBy: null, note: null },
  })
  assert.match(
    text(await board(aBoard({ trouble: [row] }))),
    /only 0 of 1 from 06:40 to 07:00\. Nobody has it yet\. Incident 118, open for 2 h 14 min/,
  )
})

test('a late row says until when it may still come', async () => {
  const row = aRow({ state: 'late', nextDue: NOW - 14 * MINUTE, checkAt: NOW + 15 * MINUTE })
  const html = await board(aBoard({ trouble: [row] }))
  assert.match(text(html), /Too few so far, due 09:00:12\. Missed if nothing comes by 09:29:12, in 15 min/)
  assert.match(html, /<i class="late" title="late · due 4 Mar 09:00:12/)
})

test('a strip has 30 marks, newest last, dashes where there is no verdict yet, and says its story', async () => {
  const verdicts = [
    aVerdict({ due: NOW - 3 * HOUR, verdict: 'unknown', reason: 'nobody was listening' }),
    aVerdict({ due: NOW - 2 * HOUR, amended: { from: 'missed', at: NOW, reason: 'arrived late' } }),
    aVerdict({ due: NOW - HOUR, verdict: 'missed', reason: 'reported failure', reported: true }),
  ]
  const html = await board(aBoard({ trouble: [], calm: [aRow({ verdicts })] }))
  const strip = html.slice(html.indexOf('<a class="strip"'), html.indexOf('</a>', html.indexOf('<a class="strip"')))
  assert.equal(times(strip, '<i '), 30)
  assert.equal(times(strip, 'class="none"'), 27)
  assert.match(strip, /aria-label="Last 30 verdicts of [^"]*: 1 met, 1 missed, 1 unknown"/)
  assert.match(strip, /class="met amended" title="met, amended from missed · due 4 Mar 07:14:12 · 1 of 1 · [^"]* · arrived late"/)
  assert.match(strip, /title="missed · due [^"]*reported failure[^"]*"><\/i>$/)
})

test('more than 30 verdicts: the newest 30', async () => {
  const verdicts = Array.from({ length: 40 }, (_, i) => aVerdict({ due: NOW - (40 - i) * HOUR }))
  const html = await board(aBoard({ trouble: [], calm: [aRow({ verdicts })] }))
  assert.equal(times(html, '<i class="met"'), 30)
})

test('only events for people have a sign-off button', async () => {
  const html = await board(aBoard({ calm: [aRow({ id: 5, tags: ['person'], env: 'staging' }), aRow({ id: 6 })] }))
  assert.equal(times(html, 'btn sign'), 1)
  assert.match(html, /href="\/sign-off#for-etl_ran\.ok:now-1-staging"/)
  assert.match(html, /<span class="tag env">staging<\/span>/)
})

test('2,000 missed: 50 are shown, the others counted behind a link', async () => {
  const html = await board(aBoard({ trouble: missed(50), calm: [], matching: counts({ missed: 2000 }) }))
  assert.equal(times(html, '<tr class="missed"'), 50)
  assert.match(html, /href="\/\?state=missed">1,950 more missed<\/a>/)
})

test('a long list comes in parts of 50, the next behind a real link that htmx follows', async () => {
  const html = await board(aBoard({ calm: rows(0, 50), matching: counts({ missed: 1, met: 1850 }) }))
  assert.match(html, /<a class="btn" href="\/\?from=50" hx-get="\/\?from=50" hx-target="#more-50"[^>]*>51 to 100 of 1,850<\/a>/)
  assert.match(html, /hx-select="#part-50,#more-100"/)
})

test('a later part holds its rows and no problems, and keeps itself up to date', async () => {
  const html = await board(aBoard({ calm: rows(50, 50), from: 50, matching: counts({ missed: 1, met: 100 }) }))
  assert.equal(times(html, '<tr class="missed"'), 0)
  assert.equal(piece(html, 'part-50', '>').includes('hx-get="/?from=50"'), true)
  assert.ok(!html.includes('id="board"'))
  assert.match(html, /<nav id="more-100"[^>]*><\/nav>/, 'the last part leads nowhere')
})

test('a filter stays in every address the page asks for', async () => {
  const filter = { q: '/etl_.*&x/', env: 'prod', tag: '', state: 'met' as const }
  const html = await board(aBoard({ filter, trouble: [], calm: rows(0, 50), matching: counts({ met: 300, missed: 9 }) }))
  assert.match(html, /hx-get="\/\?q=%2Fetl_\.\*%26x%2F&amp;env=prod&amp;state=met"/)
  assert.match(html, /51 to 100 of 300/)
  assert.match(html, /<option value="met" selected/)
})

test('a bad regular expression says so beside what was typed', async () => {
  const html = await board(
    aBoard({ filter: { q: '/(/', env: '', tag: '', state: '' }, filterError: 'a bracket is never closed' }),
  )
  assert.match(html, /id="q"[^>]*value="\/\(\/"[^>]*aria-invalid="true" aria-describedby="q-error"/)
  assert.match(piece(html, 'q-error', '</p>'), /a bracket is never closed/)
})

test('events that nobody expects stand out, with what they may be a typo of', async () => {
  const items = [{ event: 'backup_ofsite', eventKey: 'af_tV5cNr3X', last: null, nearest: 'backup_offsite' }]
  const html = await board(aBoard({ unexpected: { items, total: 23 } }))
  assert.match(text(html), /No expectation yet 23/)
  assert.match(text(html), /Written wrongly\? There is backup_offsite\./)
  assert.match(html, /href="\/events\/backup_ofsite\/expectations\/new"/)
  assert.match(html, /22 more events without an expectation/)
})

test('an empty board teaches with three commands against this server', async () => {
  const html = await board(aBoard({ frame: aFrame({ counts: counts({}) }), trouble: [], calm: [], baseUrl: 'https://a.example' }))
  assert.match(html, /Nothing is expected yet\./)
  assert.equal(times(html, '<pre>'), 3)
  assert.match(html, /<code>curl -fsS -m 10 --retry 5 https:\/\/a\.example\/affirm\/hello_from_me<\/code>/)
  assert.match(html, /curl -fsS https:\/\/a\.example\/api\/v1\/expectations/)
})

test('who may only look is offered neither signing off nor expecting something', async () => {
  const page = {
    trouble: [{ ...aRow({ tags: ['person'] }), state: 'missed' as const }],
    unexpected: { items: [{ event: 'stray', eventKey: 'af_stray000', last: null, nearest: null }], total: 1 },
  }
  const offers = async (may: Frame['may']) => {
    const html = await board(aBoard({ ...page, frame: aFrame({ may }) }))
    return [html.includes('href="/sign-off#'), html.includes('href="/events/stray/expectations/new"')]
  }
  assert.deepEqual(await offers(['read']), [false, false])
  assert.deepEqual(await offers(['read', 'sign']), [true, false])
  assert.deepEqual(await offers(['read', 'sign', 'write']), [true, true])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { about } from './render.tsx'
import { aFrame, anAbout, NOW } from './samples.ts'

const HOSTILE = `"><script>alert(1)</script>`

/** What stands beside a word. */
const said = (html: string, name: string): string => {
  const [, after = ''] = html.split(`<dt class="soft">${name}</dt><dd>`)
  return after
    .slice(0, after.indexOf('</dd>'))
    .replace(/<[^>]+>/g, '')
    .trim()
}

test('says which node of which this is, on what, and how long it keeps what', async () => {
  const html = await about(anAbout())
  assert.equal(said(html, 'Name'), 'web-1-4711-x')
  assert.match(html, /2 nodes listening/)
  assert.match(html, /<code>web-1-4711-x<\/code> <span class="soft">this one<\/span><\/li><li><code>web-2-4712-y<\/code> <\/li>/)
  assert.equal(said(html, 'Database'), 'PostgreSQL 18.4')
  assert.equal(said(html, 'Holds'), '1,950 events, 44 expectations, 2 environments, 1 open incident')
  assert.equal(said(html, 'Affirmations'), 'for 30 days')
  assert.equal(said(html, 'Cleared'), '60 s ago')
})

test('says that all is well, by a word and a sign', async () => {
  const html = await about(anAbout())
  assert.match(html, /<span class="state met">.*?ready<\/span>/)
  assert.equal(said(html, 'Clock'), '0.0 s ahead of the database’s')
  assert.doesNotMatch(html, /href="#g-warn"/)
})

test('says every trouble', async () => {
  const html = await about(anAbout({ troubles: ['storing fails', 'the evaluator is behind'] }))
  assert.match(said(html, 'State'), /storing fails.*the evaluator is behind/)
  assert.doesNotMatch(said(html, 'State'), /ready/)
})

test('warns of a clock that is off, and says which way', async () => {
  for (const [clockOffset, way] of [
    [3_600_000, /3600\.0 s ahead of the database’s, by which everything is judged/],
    [-2_100, /2\.1 s behind the database’s, by which everything is judged/],
  ] as const) {
    const html = await about(anAbout({ clockOffset, isClockOff: true }))
    assert.match(said(html, 'Clock'), way)
    assert.match(html, /href="#g-warn"/)
  }
})

test('with a file there is no other clock', async () => {
  assert.equal(said(await about(anAbout({ store: 'sqlite' })), 'Clock'), 'this machine’s')
})

test('stands without the database, and before anything was done', async () => {
  const nothing = { nodes: null, database: null, counts: null, clearedAt: null, frame: aFrame({ counts: null, judgedAt: null }) }
  const html = await about(anAbout(nothing))
  assert.match(html, /The database cannot be asked/)
  assert.equal(said(html, 'Database'), 'PostgreSQL')
  assert.equal(said(html, 'Holds'), 'unknown')
  assert.equal(said(html, 'Cleared'), 'not yet')
  assert.equal(said(html, 'Judged up to'), 'nothing yet')
})

test('says how people are told, and who hears that this server works', async () => {
  const html = await about(anAbout())
  assert.equal(said(html, 'Channels'), '2')
  assert.equal(said(html, 'Deliveries waiting'), 'none')
  assert.equal(said(html, 'Tries of this node'), '1,200 sent, 3 withheld, 12 to be tried again, 1 failed for good')
  assert.equal(said(html, 'Pings'), 'https://hc.example.org, 12 s ago')
})

test('says what of that is in trouble, and what is not known', async () => {
  const { telling } = anAbout()
  const bad = await about(
    anAbout({
      telling: {
        ...telling,
        outbox: { waiting: 1_004, oldest: NOW - 7 * MINUTE },
        channels: { count: 3, failing: ['ops', HOSTILE] },
        ping: { to: 'https://hc.example.org', last: { at: NOW, isThere: false } },
      },
    }),
  )
  assert.match(said(bad, 'Channels'), /^3 +nothing arrives at ops and /)
  assert.doesNotMatch(bad, /<script>alert/)
  assert.equal(said(bad, 'Deliveries waiting'), '1,004, the oldest for 7 min')
  assert.equal(said(bad, 'Pings'), 'https://hc.example.org could not be told')
  const nothing = await about(anAbout({ telling: { ...telling, outbox: null, channels: null, ping: null } }))
  assert.equal(said(nothing, 'Channels'), 'unknown')
  assert.equal(said(nothing, 'Deliveries waiting'), 'unknown')
  assert.match(said(nothing, 'Pings'), /AFFIRMATIVE_PING_URL is not set/)
  const none = await about(anAbout({ telling: { ...telling, channels: { count: 0, failing: [] } } }))
  assert.match(said(none, 'Channels'), /nobody is told/)
})

test('names of other machines are text', async () => {
  assert.doesNotMatch(await about(anAbout({ nodes: [HOSTILE], database: HOSTILE })), /<script>alert/)
})

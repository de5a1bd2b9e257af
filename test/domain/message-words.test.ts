import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  MESSAGE_KINDS,
  type MessageIncident,
  type MessageKind,
  type MessageSubject,
  type MessageVerdict,
} from '../../src/domain/message.ts'
import type { FailingChannel, Many, MessageFacts } from '../../src/domain/message-facts.ts'
import { messageOf } from '../../src/domain/message-words.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'

const NOW = Date.parse('2026-03-02T03:05:00Z')
const SUBJECT: MessageSubject = {
  expectation: 12,
  event: 'nightly_report',
  key: 'af_k3Jq8Zw2',
  env: 'prod',
  sentence: 'at 03:00: at least 1 in the 45 minutes before',
  description: 'Rerun it on etl-2.',
  tags: ['data-eng'],
  severity: 'critical',
}
const INCIDENT: MessageIncident = { id: 118, openedAt: NOW - 2 * HOUR, closedAt: null, acknowledgedBy: null, note: null }
const VERDICT: MessageVerdict = {
  due: NOW - 2 * HOUR,
  verdict: 'missed',
  reason: 'only 0 of 1',
  observed: 0,
  atLeast: 1,
  atMost: null,
  window: { from: NOW - 3 * HOUR, to: NOW - 2 * HOUR },
}
const MANY: Many = {
  count: 2_500,
  isOfExpectations: true,
  open: 1_700,
  since: NOW - 3 * MINUTE,
  items: [
    { event: 'etl one', env: 'prod', severity: 'critical', isOpen: true, since: NOW - 3 * MINUTE },
    { event: 'etl_2', env: 'prod', severity: 'warning', isOpen: false, since: null },
  ],
  source: 'web-3',
}

const FAILING: FailingChannel = { id: 3, name: 'ops', since: NOW - HOUR, failures: 14, said: '500 Internal Server Error' }

type More = Partial<Omit<MessageFacts, 'delivery'>> & { about?: MessageFacts['delivery']['about'] }
const factsOf = (kind: MessageKind, { about = {}, ...more }: More = {}): MessageFacts => ({
  delivery: { key: 'd-1', kind, about, createdAt: NOW - MINUTE, flood: null },
  now: NOW,
  base: 'https://affirm.example.org',
  timeZone: 'UTC',
  thread: 'af_k3Jq8Zw2-i118',
  subject: SUBJECT,
  incident: INCIDENT,
  verdict: VERDICT,
  telling: null,
  last: { at: NOW - 26 * HOUR, source: 'etl-2' },
  many: null,
  changes: null,
  failing: null,
  ...more,
})
const told = (kind: MessageKind, more?: More) => messageOf(factsOf(kind, more))
const nobody = { subject: null, incident: null, verdict: null, last: null }
const closed = { ...INCIDENT, closedAt: NOW }

type Case = [kind: MessageKind, more: More, title: string, alert: string, url: string]
const CASES: Case[] = [
  ['missed', {}, 'missed: nightly_report (prod)', 'opens', '/incidents/118'],
  ['missed', { incident: closed }, 'missed, and met again: nightly_report (prod)', 'opens', '/incidents/118'],
  ['recovered', { incident: closed }, 'met again: nightly_report (prod) after 2 hours', 'closes', '/incidents/118'],
  [
    'recovered',
    { ...nobody, about: { event: 'gone_job', env: 'dev' } },
    'not expected any more: gone_job (dev)',
    'closes',
    '/incidents',
  ],
  ['reminder', {}, 'still missed: nightly_report (prod) for 2 hours', 'stays', '/incidents/118'],
  [
    'acknowledged',
    { incident: { ...INCIDENT, acknowledgedBy: 'user:ann' } },
    'ann has it: nightly_report (prod)',
    'acknowledges',
    '/incidents/118',
  ],
  ['met', { incident: null }, 'met: nightly_report (prod)', 'none', '/events/nightly_report'],
  ['flapping', {}, 'flapping: nightly_report (prod) is missed and met again and again', 'opens', '/incidents/118'],
  ['settled', {}, 'steady again: nightly_report (prod) is missed', 'stays', '/incidents/118'],
  ['settled', { incident: closed }, 'steady again: nightly_report (prod) is met', 'closes', '/incidents/118'],
  ['flood', { ...nobody, many: MANY }, 'missed: 2,500 expectations at once', 'opens', '/incidents'],
  ['flood-over', { ...nobody, many: MANY }, 'still missed: 1,700 of 2,500 expectations', 'stays', '/incidents'],
  [
    'flood-recovered',
    { ...nobody, many: { ...MANY, open: 0 } },
    'met again: all 2,500 expectations that were missed at once',
    'closes',
    '/incidents',
  ],
  [
    'blind',
    { ...nobody, about: { count: 1, blind: { from: NOW - HOUR, to: NOW } } },
    'nobody was listening for 1 hour: 1 expectation could not be judged',
    'none',
    '/',
  ],
  ['blind', { ...nobody, about: { count: 30 } }, 'nobody was listening: 30 expectations could not be judged', 'none', '/'],
  [
    'blind-settled',
    { ...nobody, about: { count: 2 } },
    'late news: 2 expectations that could not be judged are known now',
    'none',
    '/',
  ],
  [
    'blind',
    { ...nobody, about: { count: 1, items: [{ expectation: 1, event: 'etl one', env: 'prod', text: 'unknown' }] } },
    'nobody was listening: 1 expectation could not be judged',
    'none',
    '/events/etl%20one',
  ],
  ['flood', { ...nobody, many: { ...MANY, isOfExpectations: false } }, '2,500 misses at once', 'opens', '/incidents'],
  [
    'flood-over',
    { ...nobody, many: { ...MANY, isOfExpectations: false } },
    'still missed: 1,700 of 2,500 misses',
    'stays',
    '/incidents',
  ],
  [
    'flood-recovered',
    { ...nobody, many: { ...MANY, isOfExpectations: false } },
    'met again: all of 2,500 misses',
    'closes',
    '/incidents',
  ],
  ['missed', { failing: FAILING }, 'channel ops does not work: 500 Internal Server Error', 'opens', '/incidents/118'],
  ['missed', { failing: { ...FAILING, said: null } }, 'channel ops does not work', 'opens', '/incidents/118'],
  [
    'reminder',
    { failing: { ...FAILING, said: 'no\nanswer' } },
    'channel ops still does not work for 2 hours: no answer',
    'stays',
    '/incidents/118',
  ],
  ['recovered', { failing: FAILING, incident: closed }, 'channel ops works again after 2 hours', 'closes', '/incidents/118'],
  [
    'recovered',
    { ...nobody, failing: { ...FAILING, name: null } },
    'channel 3 is not looked at any more',
    'closes',
    '/incidents',
  ],
  ['test', { ...nobody }, 'test: this channel works', 'none', '/channels'],
]

describe('what a message says', () => {
  for (const [kind, more, title, alert, url] of CASES)
    test(`${kind}: ${title}`, () => {
      const message = told(kind, more)
      assert.deepEqual([message.title, message.alert, message.url], [title, alert, `https://affirm.example.org${url}`])
    })

  test('every kind is told here', () => {
    assert.deepEqual(new Set(CASES.map(([kind]) => kind)), new Set(MESSAGE_KINDS))
  })

  test('a miss says why, since when, what is wanted, what was seen last and what to do', () => {
    const { lines } = told('missed', { about: { why: 'missed during a maintenance that is over now' } })
    assert.deepEqual(lines, [
      'missed during a maintenance that is over now',
      'only 0 of 1, due 2026-03-02 01:05 UTC',
      'open since 2026-03-02 01:05 UTC',
      'expected at 03:00: at least 1 in the 45 minutes before',
      'last affirmed 1 day 2 hours ago by etl-2',
      'Rerun it on etl-2.',
    ])
  })

  test('what was never affirmed says so; a note is told with what is open', () => {
    const { lines } = told('reminder', { last: null, incident: { ...INCIDENT, note: 'disk full' } })
    assert.ok(lines.includes('never affirmed so far'))
    assert.ok(lines.includes('note: disk full'))
  })

  test('what flaps says how often it changed, and that nothing more is told', () => {
    const { lines } = told('flapping', { changes: { times: 6, within: 20 * MINUTE } })
    assert.equal(lines[0], '6 changes within 20 minutes; nothing more is told of it until it is steady')
    assert.equal(told('flapping').lines[0], 'nothing more is told of it until it is steady')
  })

  test('what speaks of a channel of ours says what does not arrive, and nothing of what it is judged by', () => {
    assert.deepEqual(told('missed', { failing: FAILING }).lines, [
      'nothing arrives there since 2026-03-02 02:05 UTC; 14 tries failed',
      'what waits there, and a button to test it: https://affirm.example.org/channels/3',
    ])
    const long = 'x'.repeat(150)
    assert.ok(told('missed', { failing: { ...FAILING, said: long } }).lines.includes(`answered last: ${long}`))
    assert.deepEqual(told('recovered', { failing: FAILING, incident: closed }).lines, [])
  })

  test('of an expectation that is gone nothing more comes, and it is no severe news', () => {
    const gone = told('recovered', { ...nobody, about: { event: 'gone_job', env: 'dev' } })
    assert.deepEqual([gone.lines, gone.severity], [['The expectation was deleted, so nothing more comes.'], 'warning'])
    for (const kind of ['flood', 'blind', 'test'] as const)
      assert.ok(!told(kind, { ...nobody, many: MANY }).lines.some((line) => line.includes('deleted')))
  })

  test('times are in UTC, with those of the zone people live by beside them', () => {
    const linesIn = (timeZone: string) => told('missed', { timeZone }).lines
    assert.ok(linesIn('Europe/Berlin').includes('open since 2026-03-02 01:05 UTC (02:05 in Europe/Berlin)'))
    assert.ok(linesIn('America/New_York').includes('open since 2026-03-02 01:05 UTC (2026-03-01 20:05 in America/New_York)'))
    assert.ok(linesIn('Europe/London').includes('open since 2026-03-02 01:05 UTC'))
  })

  test('of many each says since when, with the day where it was another', () => {
    const since = NOW - 24 * HOUR
    const one = { event: 'etl', env: 'prod', severity: 'warning' as const, isOpen: true, since }
    const textOf = (some: Partial<typeof one> | { since: null }) =>
      told('flood', { ...nobody, many: { ...MANY, items: [{ ...one, ...some }] } }).items[0]?.text
    assert.equal(textOf({}), 'missed since 2026-03-01 03:05 UTC, warning')
    assert.equal(textOf({ since: null }), 'missed, warning')
  })

  test('one message for many lists them; that it is over lists what is open', () => {
    const { items, more } = told('flood', { ...nobody, many: MANY })
    assert.deepEqual(items[0], {
      event: 'etl one',
      env: 'prod',
      text: 'missed since 03:02 UTC',
      url: 'https://affirm.example.org/events/etl%20one',
    })
    assert.deepEqual([items.length, items[1]?.text, more], [2, 'met again, warning', 2_498])
    const over = told('flood-over', { ...nobody, many: MANY })
    assert.deepEqual([over.items.map(({ event }) => event), over.more], [['etl one'], 1_699])
  })

  test('as severe as its expectation; a flood is critical, our own blindness a warning', () => {
    assert.equal(told('missed', { subject: { ...SUBJECT, severity: 'warning' } }).severity, 'warning')
    assert.equal(told('flood', { ...nobody, many: MANY }).severity, 'critical')
    assert.equal(told('blind', nobody).severity, 'warning')
  })

  test('whatever people wrote, the title is one whole line of at most 200 characters and at most 100 are listed', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('😀'.repeat(120), '<script>', '@everyone', ''),
    )
    const facts = fc.record({ kind: fc.constantFrom(...MESSAGE_KINDS), event: text, env: text, note: text, count: fc.nat(300) })
    fc.assert(
      fc.property(facts, ({ kind, event, env, note, count }) => {
        const items = Array.from({ length: count }, () => ({
          event,
          env,
          severity: 'critical' as const,
          isOpen: true,
          since: NOW,
        }))
        const many = { count, isOfExpectations: true, open: count, since: NOW, items, source: note }
        const message = told(kind, {
          subject: { ...SUBJECT, event, env },
          incident: { ...INCIDENT, note, acknowledgedBy: note },
          many,
        })
        assert.ok(message.title.length <= 200)
        assert.doesNotMatch(message.title, /\p{Cs}/u)
        assert.equal(message.items.length + message.more, count)
        assert.ok(message.items.length <= 100)
        assert.ok(URL.canParse(message.url))
        assert.ok(message.lines.every((line) => line !== ''))
      }),
    )
  })
})

test('a miss that is told when it is over says so, and from when to when it was', () => {
  assert.match(told('missed', { incident: closed }).lines.join('\n'), /open from .* to .*: told late/)
  assert.doesNotMatch(told('missed').lines.join('\n'), /told late/)
})

test('of many the one who affirmed all of them last is named', () => {
  assert.ok(told('flood', { ...nobody, many: MANY }).lines.includes('all of them last affirmed by web-3'))
  assert.doesNotMatch(told('flood', { ...nobody, many: { ...MANY, source: null } }).lines.join('\n'), /last affirmed/)
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import { indented, valueInWords } from '../../views/value.ts'
import {
  clock,
  day,
  grouped,
  inFull,
  leadingZone,
  relative,
  seconds,
  shortly,
  spanInWords,
  windowInWords,
  zoned,
} from '../../views/words.ts'
import { NOW } from './samples.ts'

test('spans read as people say them', () => {
  const says = [0, 12 * SECOND, 91 * SECOND, 76 * MINUTE, 134 * MINUTE, 8 * HOUR, 25 * HOUR, 28 * DAY].map(spanInWords)
  assert.deepEqual(says, ['0 s', '12 s', '91 s', '76 min', '2 h 14 min', '8 h', '25 h', '28 days'])
  assert.deepEqual(
    [relative(NOW - 500, NOW), relative(NOW + 48_000, NOW), relative(NOW - 91_000, NOW)],
    ['just now', 'in 48 s', '91 s ago'],
  )
})

test('the script in the browser uses the same words', () => {
  const script = readFileSync('assets/affirmative.js', 'utf8')
  const source = script.slice(script.indexOf('function spanInWords'), script.indexOf('const SAYS'))
  const theirs: typeof relative = runInNewContext(`${source}; relative`)
  for (let span = 1; span < 400 * DAY; span = span * 1.013 + 7)
    for (const at of [NOW - span, NOW + span]) assert.equal(theirs(at, NOW), relative(at, NOW))
})

test('instants are UTC, with the day only where it is another', () => {
  assert.equal(shortly(Date.parse('2026-03-04T07:00Z'), NOW), '07:00')
  assert.equal(shortly(Date.parse('2026-03-03T07:00:05Z'), NOW), '3 Mar 07:00:05')
  assert.equal(day(Date.parse('2025-12-31T00:00Z'), NOW), '31 Dec 2025')
  const due = Date.parse('2026-03-04T07:00Z')
  assert.equal(windowInWords({ from: due - 20 * MINUTE, to: due }, due, NOW), '06:40 to 07:00')
  assert.equal(windowInWords({ from: due - 3 * DAY, to: due }, due, NOW), '1 Mar 07:00 to 4 Mar 07:00')
})

test('tooltips say UTC and the server’s zone, with its day where that differs', () => {
  assert.equal(inFull(NOW, { now: NOW, timeZone: 'UTC', leads: 'utc' }), '2026-03-04 09:14:12 UTC')
  assert.equal(
    inFull(Date.parse('2026-03-04T23:30:00Z'), { now: NOW, timeZone: 'Europe/Berlin', leads: 'utc' }),
    '2026-03-04 23:30:00 UTC, 5 Mar 00:30:00 in Europe/Berlin',
  )
  assert.equal(zoned(Date.parse('2026-03-04T15:00Z'), 'Europe/Berlin'), 'Wed 4 Mar, 16:00')
})

test('the zone that leads is the one that is told everywhere', () => {
  const berlin = { now: NOW, timeZone: 'Europe/Berlin', leads: 'local' } as const
  const due = Date.parse('2026-03-04T23:30Z')
  assert.deepEqual([clock(due, berlin), seconds(due, berlin), leadingZone(berlin)], ['00:30', '00:30:00', 'Berlin'])
  assert.equal(shortly(due, berlin), '5 Mar 00:30')
  assert.equal(shortly(Date.parse('2026-03-03T23:30Z'), berlin), '00:30', 'today in Berlin')
  assert.equal(windowInWords({ from: due - HOUR, to: due }, due, berlin), '4 Mar 23:30 to 5 Mar 00:30')
  assert.equal(day(Date.parse('2025-12-31T23:30Z'), berlin), '1 Jan')
  assert.equal(inFull(due, berlin), '2026-03-05 00:30:00 in Europe/Berlin, 4 Mar 23:30:00 UTC')
  assert.equal(shortly(due, { ...berlin, leads: 'utc' }), '23:30')
  assert.equal(clock(Date.parse('2026-07-01T07:00Z'), berlin), '09:00', 'by the summer of then, not the winter of now')
})

test('long counts are grouped', () =>
  assert.deepEqual([0, 999, 1_950, 1_234_567_890].map(grouped), ['0', '999', '1,950', '1,234,567,890']))

test('values are indented without a digit lost, and cut where they would swamp the page', () => {
  assert.equal(
    indented('{"a":[1,{}],"b":12345678901234567890}'),
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": 12345678901234567890\n}',
  )
  assert.equal(indented('"a{b,c:"'), '"a{b,c:"')
  assert.deepEqual(valueInWords('"two\\nlines"'), { text: 'two\nlines', cut: 0 })
  assert.equal(valueInWords(JSON.stringify('x'.repeat(64_000))).cut, 60_000)
})

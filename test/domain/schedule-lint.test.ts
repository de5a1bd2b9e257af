import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scheduleWarnings } from '../../src/domain/schedule-lint.ts'
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts'

const NOW = Date.parse('2026-01-05T10:30:00Z')
const warned = (expression: string, timeZone = 'UTC', lookback: number | null = null) =>
  scheduleWarnings({ expression, timeZone }, lookback, NOW).map(({ kind, detail }) => `${kind}: ${detail}`)

describe('what may not be meant', () => {
  test('every minute of some hours', () => {
    const [first, ...more] = scheduleWarnings({ expression: '* 1,7,16 * * 1-5', timeZone: 'UTC' }, null, NOW)
    assert.deepEqual(first, {
      kind: 'fires-often',
      detail: 'Fires 180 times a day. Did you mean 0 1,7,16 * * 1-5, 3 times a day?',
      suggestion: '0 1,7,16 * * 1-5',
    })
    assert.deepEqual(more, [])
    assert.deepEqual(warned('* 9 * * *'), ['fires-often: Fires 60 times a day. Did you mean 0 9 * * *, once a day?'])
    assert.deepEqual(
      ['* * * * *', '*/5 9 * * *', '0 9 * * *', '* 0-23 * * *'].flatMap((expression) => warned(expression)),
      [],
    )
  })

  test('a schedule that never fires, and nothing else about it', () =>
    assert.deepEqual(warned('* 1 30 2 *', 'Europe/Berlin', HOUR), ['never-fires: This never fires: February has no day 30.']))

  test('a day that some months do not have', () => {
    assert.deepEqual(scheduleWarnings({ expression: '0 0 31 * *', timeZone: 'UTC' }, null, NOW), [
      {
        kind: 'short-month',
        detail:
          'February, April, June, September and November have no day 31: it is left out there. L is the last day of a month.',
        suggestion: '0 0 L * *',
      },
    ])
    assert.deepEqual(warned('0 0 1,30 * *'), ['short-month: February has no day 30: it is left out there.'])
    assert.deepEqual(warned('0 0 29 2 *'), ['short-month: February has a day 29 in leap years only.'])
    assert.deepEqual(
      ['0 0 28 * *', '0 0 31 1,3 *', '0 0 31 * 1', '0 0 L * *', '0 0 */2 * *'].flatMap((expression) => warned(expression)),
      [],
    )
  })
})

describe('the lookback beside the time between two dues', () => {
  test('just as long: nothing to say, also where the clock is changed', () => {
    assert.deepEqual(warned('*/5 * * * *', 'UTC', 5 * MINUTE), [])
    assert.deepEqual(warned('0 9 * * *', 'Europe/Berlin', DAY), [])
    assert.deepEqual(warned('0 1,7,16 * * 1-5', 'UTC', null), [])
  })
  test('shorter: how much is counted by no verdict, gently', () => {
    assert.deepEqual(warned('0 1,7,16 * * 1-5', 'UTC', 20 * MINUTE), [
      'lookback-shorter: Each verdict counts the last 20 minutes before it is due; the time between, 5 hours 40 minutes to 2 days 8 hours 40 minutes, is counted by none. That is right for a job that affirms shortly before.',
    ])
    assert.match(warned('0 9 * * *', 'UTC', HOUR).join(), /the time between, 23 hours, is/)
  })
  test('longer: one affirmation can satisfy several', () => {
    assert.deepEqual(warned('*/5 * * * *', 'UTC', HOUR), [
      'lookback-longer: The lookback (1 hour) is longer than the shortest time between two dues (5 minutes): one affirmation can satisfy several.',
    ])
    assert.match(warned('0 0 29 2 *', 'UTC', 5 * 366 * DAY).join(), /shortest time between two dues \(1461 days\)/)
  })
  test('longer than some and shorter than others: both', () => {
    const [shorter, longer, ...more] = warned('0 1,7,16 * * 1-5', 'UTC', 9 * HOUR)
    assert.match(shorter ?? '', /the time between, up to 2 days, is/)
    assert.match(longer ?? '', /\(6 hours\)/)
    assert.deepEqual(more, [])
  })
})

describe('times that a change of the clock skips or repeats', () => {
  test('fixed ones are due once: the day is told', () =>
    assert.deepEqual(warned('30 2 * * *', 'Europe/Berlin'), [
      'dst: On 29 March 2026 the clocks of Europe/Berlin skip from 02:00 to 03:00: 02:30 is due once, right after it, at 03:00. On 25 October 2026 the clocks of Europe/Berlin show 02:00 to 03:00 twice: 02:30 is due once, the first time.',
    ]))
  test('steps in a fixed hour are left out and repeated with it', () => {
    assert.match(
      warned('*/15 2 * * *', 'Europe/Berlin').join(),
      /skip from 02:00 to 03:00: nothing is due in it\..*twice: what is due in it is due both times/,
    )
  })
  test('midnight, and half an hour', () => {
    assert.match(warned('0 0 * * *', 'Africa/Cairo').join(), /On 24 April 2026 .*skip from 00:00 to 01:00: 00:00 is due once/)
    assert.match(warned('15 2 * * *', 'Australia/Lord_Howe').join(), /On 4 October 2026 .*skip from 02:00 to 02:30/)
  })
  test('nothing where nothing is skipped or repeated', () => {
    for (const [expression, zone] of [
      ['30 4 * * *', 'Europe/Berlin'],
      ['30 2 * * 1-5', 'Europe/Berlin'],
      ['30 2 * * *', 'UTC'],
      ['30 2 * * *', 'Asia/Kolkata'],
      ['30 */2 * * *', 'Europe/Berlin'],
      ['*/5 * * * *', 'Europe/Berlin'],
    ] as const)
      assert.deepEqual(warned(expression, zone), [], expression)
  })
})

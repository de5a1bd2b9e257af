import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { checkSchedule } from '../../src/domain/cron-fields.ts'
import { dueAfter, dueAtOrBefore } from '../../src/domain/schedule.ts'
import { scheduleWarnings } from '../../src/domain/schedule-lint.ts'
import { scheduleInWords } from '../../src/domain/schedule-words.ts'
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts'
import { checkTimeZone, offsetAt } from '../../src/domain/zone.ts'

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Africa/Casablanca',
]
const at = (text: string): number => Date.parse(text)

const instants = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
const zones = fc.constantFrom(...ZONES)
const schedules = fc.constantFrom(
  '* * * * *',
  '*/5 * * * *',
  '0 * * * *',
  '*/7 3 * * *',
  '30 2 * * *',
  '0 1,7,16 * * 1-5',
  '15 */6 * * *',
  '0 0 L * *',
  '0 8 * * 5#3',
  '0 0 29 2 *',
  '0 12 1,15 * 3',
  '59 23 31 12 *',
)

describe('what is refused, and how', () => {
  for (const [expression, said] of [
    ['', /five fields.*empty/],
    ['* * * *', /five fields.*has 4/],
    ['* * * * * *', /five fields.*has 6/],
    ['*/0 * * * *', /minute field.*step "0"/],
    ['*/61 * * * *', /minute field.*step "61"/],
    ['61 * * * *', /minute field "61".*0 to 59/],
    ['0 24 * * *', /hour field "24".*0 to 23/],
    ['0 22-2 * * *', /hour field.*backwards/],
    ['0 0 0 * *', /day of month field "0"/],
    ['0 0 15W * *', /day of month field "15W"/],
    ['0 0 LW * *', /day of month/],
    ['0 0 L-3 * *', /day of month/],
    ['0 0 * 13 *', /month field "13"/],
    ['0 0 * * 8', /day of week field "8"/],
    ['0 0 * * 6-1', /day of week.*backwards/],
    ['1,,2 * * * *', /minute field.*empty/],
    ['H * * * *', /minute field "H"/],
    ['? * * * *', /minute field/],
    ['@reboot', /@reboot.*@hourly/],
    ['0 0 30 2 *', /never fires: February has no day 30/],
    ['0 0 31 apr *', /never fires: April/],
    ['* * * * *\n', /one line/],
    [`0${' '.repeat(300)}* * * *`, /at most 200/],
  ] as const)
    test(`${JSON.stringify(expression.slice(0, 30))}`, () => assert.match(checkSchedule(expression) ?? 'nothing', said))

  for (const zone of ['', '+05:30', 'Mars/Phobos', 'GMT+1', 'x'.repeat(300), 'Europe/Berlin\0'])
    test(`the zone ${JSON.stringify(zone.slice(0, 20))}`, () => assert.match(checkTimeZone(zone) ?? 'nothing', /IANA/))

  test('a mistyped zone is told the nearest', () => assert.match(checkTimeZone('Europe/Berln') ?? '', /Europe\/Berlin\?/))
})

describe('what is accepted', () => {
  for (const expression of [
    '* * * * *',
    '0 1,7,16 * * 1-5',
    '0 0 * * 7',
    '0 0 * * mon-FRI,sun',
    '0 0 L * *',
    '0 8 * * 5L',
    '0 8 * * fri#3',
    '5/15 * * * *',
    '0 0 29 2 *',
    '@hourly',
    '@Daily',
    ' 0  7\t* * * ',
  ])
    test(expression, () => assert.equal(checkSchedule(expression), null))
})

describe('in words', () => {
  for (const [expression, words] of Object.entries({
    '0 1,7,16 * * 1-5': 'at 01:00, 07:00 and 16:00, Monday to Friday',
    '*/5 * * * *': 'every 5 minutes',
    '* * * * *': 'every minute',
    '0 * * * *': 'every hour',
    '@hourly': 'every hour',
    '0 9 * * *': 'at 09:00 every day',
    '0 15 */3 * *': 'at 15:00 every third day of the month',
    '* 1,7,16 * * 1-5': 'every minute of 01:00 to 01:59, 07:00 to 07:59 and 16:00 to 16:59, Monday to Friday',
    '30 2 L * *': 'at 02:30, on the last day of the month',
  }))
    test(expression, () => assert.equal(scheduleInWords(expression), words))
})

describe('warnings', () => {
  const kinds = (expression: string, timeZone: string, lookback: number | null) =>
    scheduleWarnings({ expression, timeZone }, lookback, at('2026-03-04T09:00:00Z')).map(({ kind }) => kind)

  test('every minute of an hour is hardly meant', () => {
    const [first] = scheduleWarnings({ expression: '* 1,7,16 * * 1-5', timeZone: 'UTC' }, null, at('2026-03-04T09:00:00Z'))
    assert.match(first?.detail ?? '', /fires 180 times a day.*did you mean 0 1,7,16 \* \* 1-5/i)
    assert.equal(first?.suggestion, '0 1,7,16 * * 1-5')
  })
  test('a lookback of just the interval is as it should be, change of the clock or not', () => {
    assert.deepEqual(kinds('*/5 * * * *', 'UTC', 5 * MINUTE), [])
    assert.deepEqual(kinds('0 9 * * *', 'Europe/Berlin', DAY), [])
  })
  test('a longer and a shorter one are told', () => {
    assert.deepEqual(kinds('*/5 * * * *', 'UTC', HOUR), ['lookback-longer'])
    assert.deepEqual(kinds('0 9 * * *', 'UTC', HOUR), ['lookback-shorter'])
  })
  test('a time that a change of the clock skips or repeats is told with the day', () => {
    assert.deepEqual(kinds('30 2 * * *', 'Europe/Berlin', null), ['dst'])
    assert.deepEqual(kinds('30 2 * * *', 'UTC', null), [])
    assert.deepEqual(kinds('*/30 * * * *', 'Europe/Berlin', null), [])
  })
  test('months without the day are told', () => assert.deepEqual(kinds('0 0 31 * *', 'UTC', null), ['short-month']))
})

describe('every schedule in every zone', () => {
  test('dues come in order, on whole minutes, each strictly after the instant asked', () => {
    fc.assert(
      fc.property(schedules, zones, instants, (expression, timeZone, after) => {
        const first = dueAfter({ expression, timeZone }, after)
        assert.ok(first !== null && first > after && first % MINUTE === 0)
        const second = dueAfter({ expression, timeZone }, first)
        assert.ok(second !== null && second > first)
        assert.equal(dueAfter({ expression, timeZone }, first - 1), first, 'none was passed over')
      }),
    )
  })

  test('the last due is the one that the next comes after', () => {
    fc.assert(
      fc.property(schedules, zones, instants, (expression, timeZone, now) => {
        const schedule = { expression, timeZone }
        const last = dueAtOrBefore(schedule, now)
        assert.ok(last !== null && last <= now)
        assert.equal(dueAfter(schedule, last), dueAfter(schedule, now))
        assert.equal(dueAtOrBefore(schedule, last), last)
      }),
      { numRuns: 60 },
    )
  })

  test('a fixed local time is due exactly once a local day, never zero and never two times', () => {
    // A day that a zone left out (Apia skipped 30 December 2011) has no local time at all; the due of it falls on the next.
    const inhabited = ZONES.filter((zone) => zone !== 'Pacific/Apia')
    fc.assert(
      fc.property(
        fc.constantFrom(...inhabited),
        fc.integer({ min: 2012, max: 2038 }),
        fc.nat(23),
        fc.nat(59),
        (timeZone, year, hour, minute) => {
          const schedule = { expression: `${minute} ${hour} * * *`, timeZone }
          const days = new Map<string, number>()
          const start = Date.UTC(year, 0, 1)
          for (let due = dueAfter(schedule, start); due !== null && due < start + 366 * DAY; due = dueAfter(schedule, due)) {
            const day = new Date(due + offsetAt(timeZone, due)).toISOString().slice(0, 10)
            days.set(day, (days.get(day) ?? 0) + 1)
          }
          assert.ok(days.size >= 364, `${days.size} days`)
          assert.deepEqual(
            [...days].filter(([, n]) => n !== 1),
            [],
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  test('elapsed time goes on through every change of the clock', () => {
    fc.assert(
      fc.property(zones, instants, (timeZone, after) => {
        const first = dueAfter({ expression: '*/5 * * * *', timeZone }, after)
        const second = first === null ? null : dueAfter({ expression: '*/5 * * * *', timeZone }, first)
        assert.equal((second ?? 0) - (first ?? 0), 5 * MINUTE)
      }),
    )
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { dueAfter, dueAtOrBefore, duesAfter } from '../../src/domain/schedule.ts'
import { DAY, HOUR, iso, MINUTE, type Millis } from '../../src/domain/time.ts'

const at = (text: string): Millis => Date.parse(text)
const ZONES = Intl.supportedValuesOf('timeZone')

const dues = (expression: string, timeZone: string, after: string, count: number): string[] =>
  duesAfter({ expression, timeZone }, at(after), count).map((due) => iso(due).slice(0, 16))

/** What the zone's clock shows, in whole minutes, read the slow and plain way. */
const clocks = new Map<string, Intl.DateTimeFormat>()
function shown(zone: string, instant: Millis): Millis {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  clocks.set(zone, clock)
  return at(`${clock.format(instant).replace(' ', 'T')}Z`)
}

type Times = { minutes: number[]; hours: number[]; isFixed: boolean }
const names = ({ minutes, hours }: Times, local: Millis): boolean => {
  const date = new Date(local)
  return minutes.includes(date.getUTCMinutes()) && hours.includes(date.getUTCHours())
}

/** Debian's cron, minute by minute: a clock that is set forward catches up the fixed times, one that is set back waits with them. */
function simulated(times: Times, zone: string, from: Millis, to: Millis): Millis[] {
  const found: Millis[] = []
  let furthest = shown(zone, from - MINUTE)
  for (let now = from; now < to; now += MINUTE) {
    const local = shown(zone, now)
    const isLostDay = local - furthest > DAY
    const passed = times.isFixed && !isLostDay ? Math.max(0, (local - furthest) / MINUTE) : 1
    if (Array.from({ length: passed }, (_, i) => local - i * MINUTE).some((l) => names(times, l))) found.push(now)
    furthest = Math.max(furthest, local)
  }
  return found
}

/** When the clocks of the zone are changed in that year. */
function changesIn(zone: string, year: number): Millis[] {
  const ahead = (instant: Millis): number => shown(zone, instant) - instant
  const changes: Millis[] = []
  for (let hour = Date.UTC(year, 0, 1); hour < Date.UTC(year + 1, 0, 1); hour += 6 * HOUR)
    if (ahead(hour) !== ahead(hour + 6 * HOUR)) changes.push(hour)
  return changes
}

const some = (most: number) => fc.uniqueArray(fc.nat(most), { minLength: 1, maxLength: 4 })
const stepped = (step: number, most: number): number[] =>
  Array.from({ length: most + 1 }, (_, i) => i).filter((i) => i % step === 0)
const anyField = (most: number) =>
  fc.oneof(
    some(most).map((list) => ({ text: list.join(','), values: list })),
    fc.constantFrom(1, 2, 3, 5, 7, 15).map((step) => ({ text: step === 1 ? '*' : `*/${step}`, values: stepped(step, most) })),
  )

describe('changes of the clock', () => {
  test('a time in the gap is due once, right after it', () => {
    assert.deepEqual(dues('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2), ['2026-03-29T01:00', '2026-03-30T00:30'])
    assert.deepEqual(dues('0 2,3 * * *', 'America/New_York', '2026-03-08T00:00Z', 2), ['2026-03-08T07:00', '2026-03-09T06:00'])
    assert.deepEqual(dues('0 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', 2), ['2026-10-03T15:30', '2026-10-04T15:00'])
    assert.deepEqual(dues('30 0 * * 5', 'Africa/Cairo', '2026-04-23T00:00Z', 1), ['2026-04-23T22:00'])
    assert.deepEqual(dues('50 2 * * *', 'Pacific/Chatham', '2026-09-26T12:00Z', 2), ['2026-09-26T14:00', '2026-09-27T13:05'])
    assert.deepEqual(dues('30 23 * * 6', 'America/Nuuk', '2024-03-30T00:00Z', 1), ['2024-03-31T01:00'])
  })
  test('a time that comes twice is due the first time only', () => {
    assert.deepEqual(dues('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2), ['2026-10-25T00:30', '2026-10-26T01:30'])
    assert.deepEqual(dues('30 23 * * *', 'America/Santiago', '2026-04-04T12:00Z', 2), ['2026-04-05T02:30', '2026-04-06T03:30'])
  })
  test('minutes and hours with a star follow elapsed time', () => {
    assert.deepEqual(dues('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 4).length, 4)
    assert.deepEqual(dues('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 4).at(-1), '2026-10-25T01:30')
    assert.deepEqual(dues('*/30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 1), ['2026-03-30T00:00'])
  })
  test('the last minute before a change is seen from right after it', () => {
    const before = (expression: string, timeZone: string, now: string) => dueAtOrBefore({ expression, timeZone }, at(now))
    assert.equal(before('59 1 * * *', 'Europe/Berlin', '2026-03-29T01:00Z'), at('2026-03-29T00:59Z'))
    assert.equal(before('59 * * * *', 'Europe/Berlin', '2026-10-25T01:00Z'), at('2026-10-25T00:59Z'))
    assert.equal(before('59 2 * * *', 'Europe/Berlin', '2026-10-25T01:59Z'), at('2026-10-25T00:59Z'))
  })
  test('a day that a zone left out (Apia, 30 December 2011) is not caught up', () =>
    assert.deepEqual(dues('0 9 * * *', 'Pacific/Apia', '2011-12-28T00:00Z', 4), [
      ...['2011-12-28T19:00', '2011-12-29T19:00', '2011-12-30T19:00', '2011-12-31T19:00'],
    ]))

  test('around every change of any zone it is what Debian’s cron does, minute by minute', () => {
    let changed = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 1990, max: 2045 }),
        anyField(59),
        anyField(23),
        (zone, year, minute, hour) => {
          const expression = `${minute.text} ${hour.text} * * *`
          const times = {
            minutes: minute.values,
            hours: hour.values,
            isFixed: !expression.startsWith('*') && !hour.text.startsWith('*'),
          }
          for (const change of changesIn(zone, year).slice(0, 2)) {
            const [from, to] = [change - 4 * HOUR, change + 10 * HOUR]
            const wanted = simulated(times, zone, from, to).map(iso)
            const found = duesAfter({ expression, timeZone: zone }, from - 1, wanted.length + 1).map(iso)
            assert.deepEqual(
              found.filter((due) => due < iso(to)),
              wanted,
              `${expression} in ${zone} around ${iso(change)}`,
            )
            changed += 1
          }
        },
      ),
      { numRuns: 150 },
    )
    assert.ok(changed > 50, `${changed} changes`)
  })
})

describe('every schedule in every zone', () => {
  const schedules = fc.record({
    expression: fc.constantFrom(
      ...['* * * * *', '*/5 * * * *', '0 * * * *', '*/7 3 * * *', '30 2 * * *', '0 1,7,16 * * 1-5', '15 */6 * * *', '0 0 L * *'],
      ...[
        '0 8 * * 5#3',
        '0 22 * * 5L',
        '0 0 29 2 *',
        '0 12 1,15 * 3',
        '59 23 31 12 *',
        '0-59 0-3 * * *',
        '30 0 */2 * 1',
        '0 0 * 2 1#5',
      ],
    ),
    timeZone: fc.constantFrom(...ZONES),
  })
  const instants = fc.integer({ min: at('1990-01-01T00:00Z'), max: at('2060-01-01T00:00Z') })

  test('dues come in order, on whole minutes, strictly after the instant asked, and none is passed over', () => {
    fc.assert(
      fc.property(schedules, instants, (schedule, after) => {
        const [first = 0, second = 0] = duesAfter(schedule, after, 2)
        assert.ok(after < first && first < second)
        assert.equal(first % MINUTE, 0)
        assert.equal(dueAfter(schedule, first - 1), first)
        assert.equal(dueAfter(schedule, (after + first) / 2), first)
      }),
      { numRuns: 1_000 },
    )
  })

  test('looking back finds what looking forward found', () => {
    fc.assert(
      fc.property(schedules, instants, (schedule, now) => {
        const [first = 0, second = 0] = duesAfter(schedule, now, 2)
        assert.equal(dueAtOrBefore(schedule, first), first)
        assert.equal(dueAtOrBefore(schedule, second - 1), first)
        const last = dueAtOrBefore(schedule, now)
        assert.ok(last !== null && last <= now)
        assert.equal(dueAfter(schedule, last), first)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a fixed time of day is due exactly once for each local day, in the years of any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 1990, max: 2060 }),
        fc.nat(23),
        fc.nat(59),
        (timeZone, year, hour, minute) => {
          const time = hour * HOUR + minute * MINUTE
          const found = duesAfter({ expression: `${minute} ${hour} * * *`, timeZone }, Date.UTC(year, 0, 1), 370)
          // Right after a gap the clock shows up to some hours more than the time meant, which may be on the next day.
          const days = found.map((due) => Math.round((shown(timeZone, due) - time) / DAY))
          const wanted = Array.from({ length: days.length }, (_, i) => (days[0] ?? 0) + i)
          assert.deepEqual(days, lostDays(timeZone, wanted))
        },
      ),
      { numRuns: 300 },
    )
  })

  /** Without the days that a zone never had: it went over the date line. */
  function lostDays(zone: string, days: number[]): number[] {
    const lost: Record<string, Millis> = {
      'Pacific/Apia': at('2011-12-30'),
      'Pacific/Fakaofo': at('2011-12-30'),
      'Pacific/Kwajalein': at('1993-08-21'),
      'Pacific/Enderbury': at('1994-12-31'),
      'Pacific/Kiritimati': at('1994-12-31'),
    }
    const day = (lost[zone] ?? 0) / DAY
    return days.includes(day) ? days.map((d) => (d >= day ? d + 1 : d)) : days
  }
})

test('in UTC it is what cron-parser says', () => {
  const list = (least: number, most: number) =>
    fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 }).map((values) => values.join(','))
  const range = (least: number, most: number) =>
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.nat(6), fc.integer({ min: 1, max: 4 }))
      .map(([from, more, step]) => `${from}-${Math.min(most, from + more)}/${step}`)
  const field = (least: number, most: number) => fc.oneof(fc.constant('*'), list(least, most), range(least, most))
  const weekday = fc.oneof(field(0, 6), fc.constantFrom('5L', '1#1', '3#5', '0#2', '7', '5-7', 'MON-fri'))
  const date = fc.oneof(field(1, 31), fc.constantFrom('L', '15,L', '*'))
  fc.assert(
    fc.property(
      fc.tuple(field(0, 59), field(0, 23), date, field(1, 12), weekday),
      fc.integer({ min: 0, max: at('2080-01-01') }),
      (fields, after) => {
        const expression = fields.join(' ')
        let expected: Millis | null = null
        try {
          expected = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(after) })
            .next()
            .getTime()
        } catch {
          // It refuses some schedules that never fire, and gives up on some that do rarely.
          return
        }
        assert.equal(dueAfter({ expression, timeZone: 'UTC' }, after), expected, expression)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('rare schedules are found across 2100, which is no leap year, and in both directions', () => {
  assert.deepEqual(dues('0 0 29 2 *', 'Europe/Berlin', '2096-03-01T00:00Z', 2), ['2104-02-28T23:00', '2108-02-28T23:00'])
  assert.deepEqual(dues('0 0 * 2 1#5', 'UTC', '2072-03-01T00:00Z', 1), ['2112-02-29T00:00'])
  const last = dueAtOrBefore({ expression: '0 0 29 2 *', timeZone: 'Europe/Berlin' }, at('2104-02-01T00:00Z'))
  assert.equal(last, at('2096-02-28T23:00Z'))
})

test('a schedule that never fires has no due on either side', () => {
  const never = { expression: '0 0 30 2 *', timeZone: 'Europe/Berlin' }
  assert.equal(dueAfter(never, at('2026-01-01T00:00Z')), null)
  assert.equal(dueAtOrBefore(never, at('2026-01-01T00:00Z')), null)
  assert.deepEqual(duesAfter(never, at('2026-01-01T00:00Z'), 3), [])
})

test('a star at the start of one day field asks for both days, as crontab(5) of Debian says; else one is enough', () => {
  assert.deepEqual(dues('0 0 */2 * 1', 'UTC', '2026-01-01T00:00Z', 2), ['2026-01-05T00:00', '2026-01-19T00:00'])
  assert.deepEqual(dues('0 0 13 * 5', 'UTC', '2026-01-01T00:00Z', 3), [
    '2026-01-02T00:00',
    '2026-01-09T00:00',
    '2026-01-13T00:00',
  ])
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  isLiving,
  isMaintenanceName,
  isUnder,
  type Maintenance,
  type MaintenanceSubject,
  nextWindows,
  type Plan,
  spellAt,
  underAt,
} from '../../src/domain/maintenance.ts'
import { dueAfter } from '../../src/domain/schedule.ts'
import { HOUR, iso, MINUTE, type Millis } from '../../src/domain/time.ts'

const at = (text: string): Millis => Date.parse(text)
const once = (from: string, to: string): Plan => ({ kind: 'once', from: at(from), to: at(to) })
const again = (expression: string, lasts: number, timeZone = 'UTC'): Plan => ({ kind: 'again', expression, timeZone, lasts })

const aMaintenance = (plan: Plan, some: Partial<Maintenance> = {}): Maintenance => ({
  ...{ id: 1, name: 'upgrade', plan, match: null, createdBy: 'user:ann', createdAt: 0, endedAt: null },
  ...some,
})
const JOB: MaintenanceSubject = { event: 'backup_etl', env: 'prod', tags: ['money'] }
const until = (windows: Maintenance[], then: string, subject = JOB): string | null => {
  const under = isUnder(windows, subject, at(then))
  return under === null ? null : iso(under.until).slice(11, 16)
}

describe('a maintenance window', () => {
  test('of one time holds from its first instant to before its last', () => {
    const windows = [aMaintenance(once('2026-03-04T22:00Z', '2026-03-05T02:00Z'))]
    assert.equal(until(windows, '2026-03-04T21:59:59.999Z'), null)
    assert.equal(until(windows, '2026-03-04T22:00Z'), '02:00')
    assert.equal(until(windows, '2026-03-05T01:59:59.999Z'), '02:00')
    assert.equal(until(windows, '2026-03-05T02:00Z'), null)
  })

  test('by a schedule holds for as long from each due on, over midnight, too', () => {
    const sundays = [aMaintenance(again('0 23 * * 0', 2 * HOUR))]
    assert.equal(until(sundays, '2026-03-01T23:00Z'), '01:00')
    assert.equal(until(sundays, '2026-03-02T00:59:59Z'), '01:00')
    assert.equal(until(sundays, '2026-03-02T01:00Z'), null)
    assert.equal(until(sundays, '2026-03-02T23:30Z'), null, 'Monday')
  })

  test('planned in the middle of one of its windows is on at once', () => {
    const window = aMaintenance(again('0 2 * * *', 2 * HOUR), { createdAt: at('2026-03-04T03:00Z') })
    assert.equal(until([window], '2026-03-04T03:00Z'), '04:00')
  })

  test('that somebody ended holds nothing from then on, and does not come again', () => {
    const ended = aMaintenance(again('0 2 * * *', 2 * HOUR), { endedAt: at('2026-03-04T03:00Z') })
    assert.equal(until([ended], '2026-03-04T02:59:59Z'), '03:00')
    assert.equal(until([ended], '2026-03-04T03:00Z'), null)
    assert.deepEqual([until([ended], '2026-03-05T02:30Z'), nextWindows(ended, at('2026-03-04T03:00Z'), 3)], [null, []])
    assert.equal(isLiving(ended, at('2026-03-04T03:00Z')), false)
  })

  test('is for the events, tags and environments that it names, and for all of none', () => {
    const holds = (match: Maintenance['match']) =>
      isUnder([aMaintenance(once('2026-01-01T00:00Z', '2027-01-01T00:00Z'), { match })], JOB, at('2026-03-04T00:00Z')) !== null
    assert.ok(holds(null))
    assert.ok(holds({ events: ['backup_*'], tags: ['money', 'other'], envs: ['prod'] }))
    assert.ok(holds({ events: ['*etl'] }))
    assert.ok(!holds({ events: ['backup'] }))
    assert.ok(!holds({ events: ['backup_*'], tags: ['other'] }))
    assert.ok(!holds({ envs: ['staging'] }))
  })

  test('names of many stars cost nothing', () => {
    const match = { events: [`${'a*'.repeat(60)}b`] }
    const windows = [aMaintenance(once('2026-01-01T00:00Z', '2027-01-01T00:00Z'), { match })]
    assert.equal(isUnder(windows, { ...JOB, event: 'a'.repeat(128) }, at('2026-03-04T00:00Z')), null)
  })

  test('its name can be seen', () => {
    for (const name of ['', ' a', 'a\n', 'a\u202eb', 'x'.repeat(101)]) assert.ok(!isMaintenanceName(name), JSON.stringify(name))
    assert.ok(isMaintenanceName('Größerer Umbau, Halle 3'))
  })
})

describe('several windows', () => {
  const [early, late] = [once('2026-03-04T01:00Z', '2026-03-04T03:00Z'), once('2026-03-04T02:00Z', '2026-03-04T05:00Z')]

  test('that overlap or follow each other are told until the end of the last', () => {
    const windows = [aMaintenance(early), aMaintenance(late, { id: 2 }), aMaintenance(again('0 5 * * *', HOUR), { id: 3 })]
    assert.equal(until(windows, '2026-03-04T01:30Z'), '06:00')
    assert.equal(until(windows, '2026-03-04T00:59Z'), null)
  })

  test('of which none is on between them end with the first, be the gap ever so short', () => {
    const next = once('2026-03-04T03:00:00.001Z', '2026-03-04T05:00Z')
    assert.equal(until([aMaintenance(early), aMaintenance(next, { id: 2 })], '2026-03-04T02:30Z'), '03:00')
  })

  test('that hold one together are told by the name of the one that is over last', () => {
    const windows = [aMaintenance(late, { name: 'late' }), aMaintenance(early, { id: 2, name: 'early' })]
    assert.equal(isUnder(windows, JOB, at('2026-03-04T02:30Z'))?.maintenance.name, 'late')
  })

  test('of which the next is for others end with the first', () => {
    const windows = [aMaintenance(early), aMaintenance(late, { id: 2, match: { envs: ['staging'] } })]
    assert.equal(until(windows, '2026-03-04T02:30Z'), '03:00')
    assert.equal(until(windows, '2026-03-04T02:30Z', { ...JOB, env: 'staging' }), '05:00')
  })

  test('that alternate for ever are told for some time ahead', () => {
    const windows = [aMaintenance(again('0 * * * *', 40 * MINUTE)), aMaintenance(again('30 * * * *', 40 * MINUTE), { id: 2 })]
    assert.ok((isUnder(windows, JOB, at('2026-03-04T01:30Z'))?.until ?? 0) > at('2026-03-04T12:00Z'))
  })
})

describe('on days of a clock change', () => {
  const nightly = aMaintenance(again('30 2 * * *', 2 * HOUR, 'Europe/Berlin'))
  const spells = (from: string, to: string): string[] => {
    const found = new Set<string>()
    for (let then = at(from); then < at(to); then += MINUTE) {
      const spell = spellAt(nightly, then)
      if (spell !== null) found.add(`${iso(spell.from)} ${(spell.to - spell.from) / HOUR}`)
    }
    return [...found]
  }

  test('a window that would begin in the gap begins right after it, and lasts as long as ever', () => {
    assert.deepEqual(spells('2026-03-28T22:00Z', '2026-03-29T22:00Z'), ['2026-03-29T01:00:00.000Z 2'])
  })

  test('a window that would begin twice begins once', () => {
    assert.deepEqual(spells('2026-10-24T22:00Z', '2026-10-25T22:00Z'), ['2026-10-25T00:30:00.000Z 2'])
  })
})

describe('whatever the windows', () => {
  const instants = fc.integer({ min: at('2026-03-27T00:00Z'), max: at('2026-03-31T00:00Z') })
  const plans = fc.oneof(
    fc
      .tuple(instants, fc.integer({ min: 1, max: 30 * HOUR }))
      .map(([from, lasts]): Plan => ({ kind: 'once', from, to: from + lasts })),
    fc
      .record({
        expression: fc.constantFrom('0 * * * *', '30 2 * * *', '0 22 * * 5-7', '*/90 3 * * *', '15 */6 * * *'),
        timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        lasts: fc.integer({ min: MINUTE, max: 50 * MINUTE }),
      })
      .map((plan): Plan => ({ kind: 'again', ...plan })),
  )
  const matches = fc.constantFrom(null, { envs: ['prod'] }, { events: ['backup_*'] }, { tags: ['other'] }, { envs: ['staging'] })
  const windows = fc
    .array(fc.record({ plan: plans, match: matches, endedAt: fc.option(instants) }), { maxLength: 6 })
    .map((all) => all.map(({ plan, ...some }, id) => aMaintenance(plan, { id, ...some })))

  /** Every due is tried, from before the window could have begun. */
  const isOn = ({ plan, endedAt }: Maintenance, then: Millis): boolean => {
    if (endedAt !== null && then >= endedAt) return false
    if (plan.kind === 'once') return plan.from <= then && then < plan.to
    let due = dueAfter(plan, then - plan.lasts - 2 * MINUTE)
    while (due !== null && due + plan.lasts <= then) due = dueAfter(plan, due)
    return due !== null && due <= then
  }
  const isHeld = (all: readonly Maintenance[], then: Millis): boolean =>
    all.some((one) => isOn(one, then) && isUnder([one], JOB, then) !== null)

  test('a subject is held exactly while one that is for it is on, until the instant that is told', () => {
    fc.assert(
      fc.property(windows, instants, fc.integer({ min: 0, max: 99 }), (all, then, percent) => {
        const under = underAt(all, then)(JOB)
        assert.equal(under !== null, isHeld(all, then))
        if (under === null) return
        assert.ok(under.until > then)
        assert.ok(isHeld(all, then + Math.floor(((under.until - then) * percent) / 100)), 'in between')
        assert.ok(!isHeld(all, under.until), 'at the end')
      }),
      { numRuns: 500 },
    )
  })

  test('of one window alone, it is on when it says so, and what comes next begins later and is on then', () => {
    fc.assert(
      fc.property(plans, fc.option(instants), instants, (plan, endedAt, then) => {
        const window = aMaintenance(plan, { endedAt })
        assert.equal(spellAt(window, then) !== null, isOn(window, then))
        const next = nextWindows(window, then, 3)
        for (const [i, { from, to }] of next.entries()) {
          assert.ok(from > (next[i - 1]?.from ?? then))
          assert.deepEqual(spellAt(window, from), { from, to })
        }
        if (endedAt === null) assert.equal(isLiving(window, then), next.length > 0 || isOn(window, then))
      }),
    )
  })
})

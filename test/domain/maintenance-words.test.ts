import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { declaredMaintenance, matchInWords, planInWords } from '../../src/domain/maintenance-words.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'

describe('a plan in words', () => {
  for (const [expression, lasts, timeZone, words] of [
    ['0 2 * * 0', 2 * HOUR, 'UTC', 'every Sunday at 02:00 for 2 hours'],
    ['30 22 * * *', 90 * MINUTE, 'Europe/Berlin', 'every day at 22:30 for 1 hour 30 minutes (Europe/Berlin)'],
    ['0 0 * * 1-5', HOUR, 'UTC', 'at 00:00, Monday to Friday, for 1 hour'],
    ['0 3 L * *', HOUR, 'UTC', 'at 03:00, on the last day of the month, for 1 hour'],
    ['@hourly', 5 * MINUTE, 'UTC', 'every hour for 5 minutes'],
  ] as const)
    test(words, () => assert.equal(planInWords({ kind: 'again', expression, lasts, timeZone }), words))

  test('of one time', () => {
    const plan = { kind: 'once', from: Date.parse('2026-03-04T22:00Z'), to: Date.parse('2026-03-05T02:30Z') } as const
    assert.equal(planInWords(plan), '2026-03-04 22:00 to 2026-03-05 02:30 UTC')
  })
})

test('what it is for, in words', () => {
  assert.equal(matchInWords(null), 'everything')
  assert.equal(
    matchInWords({ events: ['backup_*', 'etl'], tags: ['money'], envs: ['prod'] }),
    'backup_* or etl tagged money in prod',
  )
  assert.equal(matchInWords({ envs: ['prod', 'staging'] }), 'every expectation in prod or staging')
})

test('what is declared is written as the API takes it', () => {
  const plan = { kind: 'again', expression: '0 2 * * 0', lasts: 2 * HOUR, timeZone: 'UTC' } as const
  assert.deepEqual(declaredMaintenance({ name: 'n', match: null, plan }), {
    ...{ name: 'n', schedule: '0 2 * * 0', timeZone: 'UTC', lasts: '2h', match: null },
  })
})

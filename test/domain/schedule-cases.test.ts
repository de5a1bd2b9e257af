import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { duesAfter } from '../../src/domain/schedule.ts'

type Case = { expr: string; tz: string; from: string; next: string[] }
const cases = JSON.parse(readFileSync('test/data/cron-cases.json', 'utf8')) as Case[]

describe('the instants of 300 schedules, most of them around a change of the clock', () => {
  assert.equal(cases.length, 300)
  for (const { expr, tz, from, next } of cases)
    test(`${expr} in ${tz} after ${from}`, () => {
      const dues = duesAfter({ expression: expr, timeZone: tz }, Date.parse(from), next.length)
      assert.deepEqual(
        dues.map((due) => new Date(due).toISOString().replace('.000', '')),
        next,
      )
    })
})

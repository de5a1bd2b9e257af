import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortestArc } from '../../src/domain/arc.ts'
import { findRhythm } from '../../src/domain/rhythm.ts'
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts'

const hourly = (days: number): number[] => Array.from({ length: days * 24 }, (_, hour) => hour * HOUR + 54 * MINUTE)

test('the arc is the shortest piece of the circle that holds nearly all; the same time again is none of them nearer', () => {
  assert.deepEqual(shortestArc([23 * HOUR, 24 * HOUR, 25 * HOUR], DAY), { lo: 23 * HOUR, spread: 2 * HOUR })
  assert.equal(shortestArc(hourly(30), HOUR).spread, 0)
  assert.ok(shortestArc(hourly(30), DAY / 2).spread > 10 * HOUR, 'twelve times in twelve hours lie all around')
})

test('what comes to the second every hour is hourly, not every twelve hours with strays', () => {
  const found = findRhythm({ instants: hourly(30).filter((_, n) => n % 80 !== 7), from: 0, to: 30 * DAY }, ['UTC'])
  let step = found.next()
  while (step.done !== true) step = found.next()
  assert.equal(step.value?.expression, '54 * * * *')
  assert.equal(step.value?.strays, 0)
})

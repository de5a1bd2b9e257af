import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NAME_SHAPE } from '../../src/domain/event.ts'
import {
  DELIVERIES_FAILING,
  DISK_FILLING,
  deliveriesFailing,
  diskFilling,
  failingChannelOf,
  failingEventOf,
  keepsFailing,
  TICK_LATE,
  tickLate,
} from '../../src/domain/self.ts'
import { MINUTE, SECOND } from '../../src/domain/time.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const GIB = 1024 ** 3

describe('events of our own', () => {
  test('have names that events can have', () => {
    for (const name of [TICK_LATE, DELIVERIES_FAILING, DISK_FILLING, failingEventOf(999_999_999)]) assert.match(name, NAME_SHAPE)
  })

  test('say which channel fails, and nothing else does', () => {
    assert.equal(failingChannelOf(failingEventOf(17)), 17)
    for (const name of [TICK_LATE, 'etl', '', 'x-affirmative:channel-failing:1'].concat(
      ['', '0', '017', '-1', '1.5', '1e3', '1:2', '1 ', '9'.repeat(16)].map((id) => `affirmative:channel-failing:${id}`),
    ))
      assert.equal(failingChannelOf(name), null, name)
  })
})

describe('what is a trouble', () => {
  test('more than a minute behind: each minute is judged at its end, so that one is no delay', () => {
    assert.equal(tickLate(0), null)
    assert.equal(tickLate(2 * MINUTE), null)
    assert.deepEqual(tickLate(2 * MINUTE + SECOND), { behind: 61 })
    assert.deepEqual(tickLate(60 * MINUTE), { behind: 59 * 60 })
  })

  test('a delivery that waits for more than five minutes', () => {
    assert.equal(deliveriesFailing({ waiting: 0, oldest: null }, NOON), null)
    assert.equal(deliveriesFailing({ waiting: 900, oldest: NOON - 5 * MINUTE }, NOON), null)
    assert.deepEqual(deliveriesFailing({ waiting: 3, oldest: NOON - 5 * MINUTE - SECOND }, NOON), { waiting: 3, oldest: 301 })
  })

  test('less than a gibibyte and a tenth of the disk: a large disk has room, a small one is not full for being small', () => {
    assert.equal(diskFilling({ free: 50 * GIB, of: 2_000 * GIB }), null)
    assert.equal(diskFilling({ free: 0.4 * GIB, of: 0.5 * GIB }), null)
    assert.equal(diskFilling({ free: GIB, of: 100 * GIB }), null)
    assert.deepEqual(diskFilling({ free: GIB - 1, of: 100 * GIB }), { free: GIB - 1, of: 100 * GIB })
    assert.deepEqual(diskFilling({ free: 0, of: GIB }), { free: 0, of: GIB })
  })

  test('a channel at which nothing arrives for more than five minutes and three tries, or that something was given up for', () => {
    const channel = { isEnabled: true, failingSince: NOON, failures: 3 }
    const late = NOON + 5 * MINUTE + 1
    assert.equal(keepsFailing(channel, null, late), true)
    assert.equal(keepsFailing(channel, null, late - 1), false)
    assert.equal(keepsFailing({ ...channel, failures: 2 }, null, late), false)
    assert.equal(keepsFailing({ ...channel, failures: 1 }, NOON, NOON), true)
  })

  test('not one that works, or is switched off, whatever was given up before', () => {
    assert.equal(keepsFailing({ isEnabled: true, failingSince: null, failures: 0 }, NOON, NOON), false)
    assert.equal(keepsFailing({ isEnabled: true, failingSince: NOON, failures: 1 }, NOON - 1, NOON), false)
    assert.equal(keepsFailing({ isEnabled: false, failingSince: NOON - 60 * MINUTE, failures: 9 }, NOON, NOON), false)
  })
})

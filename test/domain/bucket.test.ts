import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someBuckets } from '../../src/domain/bucket.ts'
import { MINUTE } from '../../src/domain/time.ts'

test('so many at once, then one more each time', () => {
  const buckets = someBuckets({ most: 3, each: MINUTE }, 10)
  for (let i = 0; i < 3; i += 1) {
    assert.equal(buckets.wait('a', 0), 0)
    buckets.take('a', 0)
  }
  assert.equal(buckets.wait('a', 0), MINUTE)
  assert.equal(buckets.wait('a', MINUTE - 1), 1)
  assert.equal(buckets.wait('a', MINUTE), 0)
  assert.equal(buckets.wait('b', 0), 0, 'others do not wait')
  buckets.take('a', MINUTE)
  assert.equal(buckets.wait('a', MINUTE), MINUTE)
  assert.equal(buckets.wait('a', 10 * MINUTE), 0)
})

test('what is given back was never taken', () => {
  const buckets = someBuckets({ most: 1, each: MINUTE }, 10)
  buckets.take('a', 0)
  buckets.giveBack('a', 0)
  assert.equal(buckets.wait('a', 0), 0)
  assert.equal(buckets.size, 0)
})

test('a clock that goes back never makes anybody wait for longer than the measure', () => {
  const buckets = someBuckets({ most: 1, each: MINUTE }, 10)
  buckets.take('a', 100 * MINUTE)
  assert.ok(buckets.wait('a', 0) <= MINUTE)
})

test('keys that are made up without an end do not fill the memory; the one used longest ago is forgotten', () => {
  const buckets = someBuckets({ most: 1, each: MINUTE }, 100)
  for (let i = 0; i < 1_000; i += 1) buckets.take(`${i}`, 0)
  assert.equal(buckets.size, 100)
  assert.equal(buckets.wait('0', 0), 0)
  assert.equal(buckets.wait('999', 0), MINUTE)
})

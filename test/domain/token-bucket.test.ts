import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aTokenBuckets } from '../../src/domain/token-bucket.ts'

const NOW = Date.parse('2026-03-04T09:00:00Z')

describe('a bucket of tokens for each key', () => {
  test('gives its burst at once, then as much as flows in', () => {
    const { take } = aTokenBuckets({ burst: 3, perSecond: 2 }, 10)
    assert.deepEqual(
      [0, 0, 0, 0].map(() => take('a', NOW)),
      [0, 0, 0, 500],
    )
    assert.equal(take('a', NOW + 499), 1)
    assert.equal(take('a', NOW + 500), 0)
    assert.equal(take('a', NOW + 500), 500)
  })

  test('never holds more than its burst, however long it rests', () => {
    const { take } = aTokenBuckets({ burst: 2, perSecond: 1 }, 10)
    take('a', NOW)
    assert.deepEqual(
      [0, 0, 0].map(() => take('a', NOW + 3_600_000)),
      [0, 0, 1_000],
    )
  })

  test('a refusal costs nothing: who asks too often gets what flows in all the same', () => {
    const { take } = aTokenBuckets({ burst: 1, perSecond: 1 }, 10)
    take('a', NOW)
    for (let i = 1; i < 1_000; i++) assert.ok(take('a', NOW + i) > 0)
    assert.equal(take('a', NOW + 1_000), 0)
  })

  test('takes several at once or none', () => {
    const { take } = aTokenBuckets({ burst: 5, perSecond: 1 }, 10)
    assert.equal(take('a', NOW, 3), 0)
    assert.equal(take('a', NOW, 3), 1_000)
    assert.equal(take('a', NOW, 2), 0)
  })

  test('says how long to wait without taking anything', () => {
    const { take, wait } = aTokenBuckets({ burst: 1, perSecond: 1 }, 10)
    assert.deepEqual([wait('a', NOW), wait('a', NOW), take('a', NOW), wait('a', NOW + 400)], [0, 0, 0, 600])
  })

  test('what is given back was never taken', () => {
    const { take, giveBack } = aTokenBuckets({ burst: 2, perSecond: 1 }, 10)
    take('a', NOW)
    giveBack('a', NOW)
    giveBack('unknown', NOW)
    assert.deepEqual(
      [0, 0, 0].map(() => take('a', NOW)),
      [0, 0, 1_000],
    )
  })

  test('each key has its own', () => {
    const { take } = aTokenBuckets({ burst: 1, perSecond: 1 }, 10)
    assert.deepEqual([take('a', NOW), take('b', NOW), take('a', NOW)], [0, 0, 1_000])
  })

  test('a clock that is set back takes nothing away, and gives nothing', () => {
    const { take } = aTokenBuckets({ burst: 1, perSecond: 1 }, 10)
    take('a', NOW)
    assert.equal(take('a', NOW - 60_000), 1_000)
    assert.equal(take('a', NOW - 59_000), 0)
  })

  test('who goes on is remembered while any number of others come; who was silent is forgotten in the end', () => {
    const { take } = aTokenBuckets({ burst: 1, perSecond: 0.001 }, 100)
    take('busy', NOW)
    take('silent', NOW)
    for (let i = 0; i < 1_000; i++) {
      take(`other ${i}`, NOW)
      if (i % 40 === 0) assert.ok(take('busy', NOW) > 0)
    }
    assert.equal(take('silent', NOW), 0)
  })
})

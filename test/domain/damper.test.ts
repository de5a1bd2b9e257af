import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAMPER_LIMITS, floodedOf, isFlapping, type Miss } from '../../src/domain/damper.ts'
import { MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'

const NOW = Date.parse('2026-03-02T03:00Z')
const misses = (count: number, at: (i: number) => Millis, source: string | null = null, first = 1): Miss[] =>
  Array.from({ length: count }, (_, i) => ({ delivery: first + i, at: at(i), source }))
const sizes = (all: readonly Miss[]): number => floodedOf(all, DAMPER_LIMITS).size

describe('flapping', () => {
  const changes = (count: number, apart: number) => Array.from({ length: count }, (_, i) => NOW - i * apart)

  test('five changes within 20 minutes are flapping, four are not', () => {
    assert.equal(isFlapping(changes(5, MINUTE), NOW, DAMPER_LIMITS), true)
    assert.equal(isFlapping(changes(4, MINUTE), NOW, DAMPER_LIMITS), false)
  })

  test('the fifth at 20 minutes sharp is past', () => {
    assert.equal(isFlapping(changes(5, 5 * MINUTE), NOW, DAMPER_LIMITS), false)
    assert.equal(isFlapping(changes(5, 5 * MINUTE - 1), NOW, DAMPER_LIMITS), true)
  })
})

describe('a flood', () => {
  test('six of one source within a minute are one, five are not', () => {
    assert.equal(sizes(misses(6, (i) => NOW + i * SECOND, 'web-1')), 6)
    assert.equal(sizes(misses(5, (i) => NOW + i * SECOND, 'web-1')), 0)
  })

  test('six of as many sources are none, and six that were never affirmed neither', () => {
    assert.equal(sizes(misses(6, () => NOW).map((miss, i) => ({ ...miss, source: `web-${i}` }))), 0)
    assert.equal(sizes(misses(6, () => NOW)), 0)
  })

  test('six of one source are one in the midst of others, who are told alone', () => {
    const ours = misses(6, () => NOW, 'web-1')
    const others = misses(20, () => NOW, null, 100)
    assert.deepEqual(floodedOf([...others, ...ours], DAMPER_LIMITS), new Set([1, 2, 3, 4, 5, 6]))
  })

  test('101 of all within two minutes are one, 100 are not', () => {
    assert.equal(sizes(misses(101, () => NOW)), 101)
    assert.equal(sizes(misses(100, () => NOW)), 0)
    assert.equal(sizes(misses(101, (i) => NOW + i * 1_200)), 0, 'the last is two minutes after the first')
  })

  test('what is long past is one as it was then: it waited while the channel, or we, were away', () => {
    const then = misses(300, (i) => NOW - 60 * MINUTE + i)
    const since = misses(3, (i) => NOW - i * MINUTE, null, 1_000)
    assert.deepEqual(floodedOf([...then, ...since], DAMPER_LIMITS), new Set(then.map(({ delivery }) => delivery)))
  })

  test('is each miss that lies in any span with too many, in whatever order they are told', () => {
    const some = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 60 })
    const limits = { ...DAMPER_LIMITS, flood: { ...DAMPER_LIMITS.flood, ofAll: 7, allWithin: 30 * SECOND } }
    fc.assert(
      fc.property(some, (seconds) => {
        const all = seconds.map((second, delivery): Miss => ({ delivery, at: second * SECOND, source: null }))
        const within = (from: Millis) => all.filter(({ at }) => at >= from && at < from + limits.flood.allWithin)
        const expected = all.flatMap(({ at }) => (within(at).length > limits.flood.ofAll ? within(at) : []))
        assert.deepEqual(
          [...floodedOf(all, limits)].sort((a, b) => a - b),
          [...new Set(expected.map(({ delivery }) => delivery))].sort((a, b) => a - b),
        )
      }),
    )
  })

  test('of a hundred thousand is found at once', () => {
    const begun = performance.now()
    assert.equal(sizes(misses(100_000, (i) => NOW + i, 'web-1')), 100_000)
    assert.ok(performance.now() - begun < 2_000)
  })
})

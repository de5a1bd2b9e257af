import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Owed, rule, ruleAgain } from '../../src/domain/judging.ts'
import { blindness, isCovered, mergeSpans, type Span } from '../../src/domain/listening.ts'
import { MINUTE, SECOND } from '../../src/domain/time.ts'
import { judge, type Limits, type Verdict } from '../../src/domain/verdict.ts'

const limits: fc.Arbitrary<Limits> = fc
  .tuple(fc.nat(5), fc.option(fc.nat(5)))
  .map(([atLeast, more]) => ({ atLeast, atMost: more === null ? null : atLeast + more }))
const flag = fc.boolean()
/** Whole seconds in half an hour: short enough to count them one by one. */
const HALF_HOUR = 1_800
const spans: fc.Arbitrary<Span[]> = fc.array(
  fc.tuple(fc.nat(HALF_HOUR), fc.nat(300)).map(([from, long]) => ({ from: from * SECOND, to: (from + long) * SECOND })),
  { maxLength: 12 },
)
const window = fc
  .tuple(fc.nat(HALF_HOUR), fc.integer({ min: 1, max: 600 }))
  .map(([from, long]) => ({ from: from * SECOND, to: (from + long) * SECOND }))

describe('silence is missed, blindness is unknown (rule 7)', () => {
  test('who listened all the time and is old enough answers met or missed, never unknown', () => {
    fc.assert(
      fc.property(limits, fc.nat(12), (terms, observed) => {
        const { verdict } = judge(terms, observed, { isCovered: true, isYoung: false })
        const isMet = observed >= terms.atLeast && (terms.atMost === null || observed <= terms.atMost)
        assert.equal(verdict, isMet ? 'met' : 'missed')
      }),
    )
  })

  test('blind or young: enough and no maximum is met, more than the maximum is missed, anything else is unknown', () => {
    fc.assert(
      fc.property(limits, fc.nat(12), flag, flag, (terms, observed, isCovered, isYoung) => {
        fc.pre(!isCovered || isYoung)
        const { verdict } = judge(terms, observed, { isCovered, isYoung })
        const { atLeast, atMost } = terms
        if (atMost !== null && observed > atMost) assert.equal(verdict, 'missed')
        else assert.equal(verdict, atMost === null && observed >= atLeast ? 'met' : 'unknown')
      }),
    )
  })

  test('blindness is the time that no span holds, counted second by second', () => {
    fc.assert(
      fc.property(window, spans, (window, spans) => {
        let blind = 0
        for (let at = window.from; at < window.to; at += SECOND)
          if (!spans.some(({ from, to }) => from <= at && at + SECOND <= to)) blind += SECOND
        assert.equal(blindness(window, mergeSpans(spans)), blind)
      }),
    )
  })

  test('a tenth of the window may be blind and two minutes at most, and not a millisecond more', () => {
    const of = (minutes: number) => ({ from: 0, to: minutes * MINUTE })
    assert.equal(isCovered(of(1), 6 * SECOND), true)
    assert.equal(isCovered(of(1), 6 * SECOND + 1), false)
    assert.equal(isCovered(of(20), 2 * MINUTE), true)
    assert.equal(isCovered(of(20), 2 * MINUTE + 1), false)
    assert.equal(isCovered(of(10_000), 2 * MINUTE), true)
    assert.equal(isCovered(of(10_000), 2 * MINUTE + 1), false)
  })

  test('a window of no length proves nothing', () => {
    const owed = { due: 60_000, since: 0, from: 60_000, terms: { atLeast: 1, atMost: null, grace: 0 }, seen: 0, seenWithGrace: 0 }
    const ruling = rule(owed, 100_000, [{ from: 0, to: 100_000 }])
    assert.equal(ruling.kind === 'judged' && ruling.judgement.verdict, 'unknown')
  })
})

const owed: fc.Arbitrary<Owed> = fc
  .record({
    terms: limits,
    grace: fc.nat(20),
    long: fc.integer({ min: 1, max: 20 }),
    seen: fc.nat(8),
    more: fc.nat(3),
    age: fc.nat(40),
  })
  .map(({ terms, grace, long, seen, more, age }) => ({
    due: 60 * MINUTE,
    since: (60 - age) * MINUTE,
    from: (60 - long) * MINUTE,
    terms: { ...terms, grace: grace * MINUTE },
    seen,
    seenWithGrace: seen + more,
  }))

const always: fc.Arbitrary<Span[]> = fc.constant([{ from: 0, to: 120 * MINUTE }])

describe('a verdict is a pure function of terms, counts and spans (rule 4)', () => {
  test('judged at its due, or hours later: the same', () => {
    fc.assert(
      fc.property(owed, spans, fc.nat(600), (owed, some, late) => {
        const merged = mergeSpans(some)
        const first = rule(owed, owed.due, merged)
        const end = first.kind === 'wait' ? first.until : owed.due
        assert.deepEqual(rule(owed, end + late * MINUTE, merged), rule(owed, end, merged))
      }),
    )
  })

  test('it waits only with too few and grace left, until due + grace and no longer (rule 6)', () => {
    fc.assert(
      fc.property(owed, fc.nat(40), (owed, minutes) => {
        const { due, terms, seen } = owed
        const horizon = due + minutes * MINUTE
        const waits = seen < terms.atLeast && horizon < due + terms.grace
        const ruling = rule(owed, horizon, [])
        assert.equal(ruling.kind, waits ? 'wait' : 'judged')
        if (ruling.kind === 'wait') assert.equal(ruling.until, due + terms.grace)
        else assert.equal(ruling.window.to, seen >= terms.atLeast ? due : due + terms.grace)
      }),
    )
  })

  test('counted again, however often, it is what it would have been had it been counted so at first (rule 8)', () => {
    fc.assert(
      fc.property(owed, fc.oneof(spans, always), fc.array(fc.nat(8), { minLength: 1 }), (owed, some, recounts) => {
        const ruling = rule(owed, owed.due + owed.terms.grace, mergeSpans(some))
        assert.ok(ruling.kind === 'judged')
        const { judgement, window, observed, blind } = ruling
        const { atLeast, atMost } = owed.terms
        const row = { expectation: 1, due: owed.due, reported: false, decidedAt: 0, amended: null }
        const sight = { isCovered: isCovered(window, blind), isYoung: owed.since > window.from || window.from === window.to }
        let verdict: Verdict = { ...row, ...judgement, window, observed, blind, atLeast, atMost }
        for (const seen of [observed, ...recounts]) {
          const again = ruleAgain(verdict, seen, owed.since)
          assert.deepEqual(again, judge(owed.terms, seen, sight))
          verdict = { ...verdict, ...again, observed: seen }
        }
      }),
    )
  })
})

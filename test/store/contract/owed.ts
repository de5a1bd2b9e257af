import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateOf } from '../../../src/domain/expectation.ts'
import { MINUTE, type Millis } from '../../../src/domain/time.ts'

import {
  affirm,
  anEvent,
  anExpectation,
  at,
  decideAt,
  FIRST,
  found,
  judgeUpTo,
  type Open,
  START,
  said,
  settle,
  verdictsOf,
} from './steps.ts'

export function owed(open: Open): void {
  test('every due gets its verdict once, in order, however often it is asked', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    const first = await judgeUpTo(store, at('00:20'))
    assert.deepEqual(said(first), ['00:05 missed 0', '00:10 missed 0', '00:15 missed 0', '00:20 missed 0'])
    assert.deepEqual(await judgeUpTo(store, at('00:20')), [])
    assert.deepEqual(await judgeUpTo(store, at('00:24:59.999')), [])
    assert.deepEqual(await verdictsOf(store, expectation), first)
    const { nextDue, checkAt, lastDue, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, checkAt, lastDue, lastVerdict], [at('00:25'), at('00:25'), at('00:20'), 'missed'])
  })

  test('a verdict says all that it was judged by', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '20m', atLeast: 2, atMost: 3 })
    const spans = [{ from: START, to: at('00:59') }]
    const { claimed, verdicts } = await store.concludeOwed(at('01:00'), at('01:00:02'), 10, decideAt(at('01:00'), spans))
    assert.equal(claimed, 1)
    assert.deepEqual(verdicts, [
      {
        expectation: expectation.id,
        due: at('01:00'),
        reported: false,
        verdict: 'missed',
        reason: 'too-few',
        observed: 0,
        atLeast: 2,
        atMost: 3,
        blind: MINUTE,
        window: { from: at('00:40'), to: at('01:00') },
        decidedAt: at('01:00:02'),
        amended: null,
      },
    ])
    assert.deepEqual(await verdictsOf(store, expectation), verdicts)
    assert.deepEqual((await store.verdicts({}, FIRST)).items, [{ ...verdicts[0], event: 'one', env: 'prod' }])
  })

  test('what is decided on anything but the due that is owed writes nothing', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '2m' })
    const before = await found(store, expectation)
    const stale = [{ due: at('00:10') }, { due: at('00:04') }, { checkAt: at('00:07') }, { expectation: expectation.id + 1 }]
    for (const change of stale) {
      const done = await store.concludeOwed(at('00:20'), at('00:20'), 10, (owed) =>
        decideAt(at('00:20'))(owed.map((one) => ({ ...one, ...change }))),
      )
      assert.deepEqual(done, { claimed: 1, verdicts: [], areOthersAtWork: false })
    }
    assert.deepEqual(await found(store, expectation), before)
    assert.deepEqual(await verdictsOf(store, expectation), [])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('when deciding breaks, nothing is written and the due is owed still', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    const broken = store.concludeOwed(at('00:01'), at('00:01'), 10, () => {
      throw new Error('a bug')
    })
    await assert.rejects(broken, /a bug/)
    assert.deepEqual(await found(store, expectation), expectation)
    assert.deepEqual(said(await judgeUpTo(store, at('00:01'))), ['00:01 missed 0'])
  })

  test('the earliest are claimed first, so many at once, and none before its time', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const late = await anExpectation(store, event, { schedule: '0 * * * *', from: at('02:30') })
    const early = await anExpectation(store, event, { schedule: '0 * * * *' })
    const middle = await anExpectation(store, event, { schedule: '0 * * * *', from: at('01:30') })
    const claim = async (horizon: Millis, limit: number): Promise<number[]> => {
      const claimed: number[] = []
      await store.concludeOwed(horizon, horizon, limit, (owed) => {
        claimed.push(...owed.map(({ expectation }) => expectation))
        return []
      })
      return claimed
    }
    assert.deepEqual(await claim(at('01:00') - 1, 10), [])
    assert.deepEqual(await claim(at('01:00'), 10), [early.id])
    assert.deepEqual(await claim(at('09:00'), 2), [early.id, middle.id])
    assert.deepEqual(await claim(at('09:00'), 10), [early.id, middle.id, late.id])
  })

  test('hundreds are concluded in one go', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    for (let i = 0; i < 250; i += 1) await anExpectation(store, event, { schedule: '0 * * * *', atLeast: i % 2 })
    const verdicts = await judgeUpTo(store, at('01:00'))
    assert.equal(verdicts.length, 250)
    assert.equal(verdicts.filter(({ verdict }) => verdict === 'missed').length, 125)
    assert.deepEqual(await store.nextCheck(), { at: at('02:00'), expectations: 250 })
  })

  test('too few with grace left waits: no verdict, late until the end of the grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '30m', grace: '10m' })
    assert.deepEqual(await judgeUpTo(store, at('01:09:59.999')), [])
    const waiting = await found(store, expectation)
    assert.deepEqual([waiting.nextDue, waiting.checkAt, stateOf(waiting)], [at('01:00'), at('01:10'), 'late'])
    const [verdict] = await judgeUpTo(store, at('01:10'))
    assert.deepEqual([verdict?.due, verdict?.verdict, verdict?.window.to], [at('01:00'), 'missed', at('01:10')])
    assert.equal((await found(store, expectation)).checkAt, at('02:00'))
  })

  test('enough within the grace is met at its end; enough before the due does not wait', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '30m', grace: '10m' })
    await affirm(store, event, { at: at('01:09:59.999') }, { at: at('01:59') })
    assert.deepEqual(await judgeUpTo(store, at('01:09')), [])
    const [first] = await judgeUpTo(store, at('01:10'))
    assert.deepEqual([first?.verdict, first?.observed], ['met', 1])
    const [second] = await judgeUpTo(store, at('02:00'))
    assert.deepEqual([second?.verdict, second?.window], ['met', { from: at('01:30'), to: at('02:00') }])
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '02:00 met 1'])
  })

  test('one verdict may stand for a whole row of dues', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    const { verdicts } = await store.concludeOwed(at('05:00'), at('05:00'), 10, (owed) =>
      decideAt(at('05:00'))(owed.map((one) => ({ ...one, caughtUp: 10_000 }))),
    )
    assert.deepEqual(
      verdicts.map(({ due, verdict, reason, window }) => [due, verdict, reason, window]),
      [[at('05:00'), 'unknown', 'not-judged', { from: START, to: at('05:00') }]],
    )
    const { nextDue, lastDue, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, lastDue, lastVerdict], [at('05:01'), at('05:00'), 'unknown'])
  })

  test('how many were caught up in a row is remembered and forgotten when it is up to date', async (t) => {
    const store = await open(t)
    await anExpectation(store, await anEvent(store, 'one'))
    const seen: number[] = []
    for (let i = 0; i < 4; i += 1)
      await store.concludeOwed(at('00:03'), at('00:03'), 10, (owed) => {
        seen.push(...owed.map(({ caughtUp }) => caughtUp))
        return decideAt(at('00:03'))(owed)
      })
    await store.concludeOwed(at('00:04'), at('00:04'), 10, (owed) => {
      seen.push(...owed.map(({ caughtUp }) => caughtUp))
      return []
    })
    assert.deepEqual(seen, [0, 1, 2, 0])
  })

  test('the next check is the earliest, and how many wait for it', async (t) => {
    const store = await open(t)
    assert.equal(await store.nextCheck(), null)
    const event = await anEvent(store, 'one')
    await anExpectation(store, event, { schedule: '0 * * * *' })
    await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '1m' })
    await anExpectation(store, event, { schedule: '*/5 * * * *' })
    await anExpectation(store, event, { paused: true })
    assert.deepEqual(await store.nextCheck(), { at: at('00:05'), expectations: 2 })
    await judgeUpTo(store, at('00:05'))
    assert.deepEqual(await store.nextCheck(), { at: at('00:06'), expectations: 1 })
  })

  test('what is stored after its time was judged is news by itself: only what counts, and however often it is judged', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(store, event, { at: at('00:04') })
    await store.judgeUpTo(at('00:05'))
    assert.equal(await settle(store, at('01:00')), 0, 'it was there before')
    await affirm(store, event, { at: at('00:05') }, { at: at('00:05') - 1, id: 'a' }, { at: at('00:04'), status: 'start' })
    assert.equal(await settle(store, at('01:00')), 1)
    await store.judgeUpTo(at('00:03'))
    await affirm(store, event, { at: at('00:04') }, { at: at('00:04'), id: 'a' })
    assert.equal(await settle(store, at('01:00')), 1, 'what was judged stays judged')
  })

  test('a schedule that fires never again owes nothing more', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'))
    await store.concludeOwed(at('00:01'), at('00:01'), 10, (owed) =>
      decideAt(at('00:01'))(owed).map((one) => ({ ...one, nextDue: null, checkAt: null })),
    )
    const { nextDue, checkAt, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, checkAt, lastVerdict], [null, null, 'missed'])
    assert.equal(await store.nextCheck(), null)
  })
}

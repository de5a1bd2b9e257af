import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../../src/domain/time.ts'
import { BY } from '../../support/author.ts'
import { someTerms } from '../../support/world.ts'
import {
  affirm,
  anEvent,
  anExpectation,
  at,
  decideAt,
  found,
  judgeUpTo,
  type Open,
  outcomes,
  START,
  said,
  settle,
  type Told,
  times,
  verdictsOf,
} from './steps.ts'

export function reportedFailures(open: Open): void {
  const fail = (time: string, more: Told = {}): Told => ({ at: at(time), status: 'fail', isNews: true, ...more })

  test('a reported failure gives one more verdict, once, at its own instant', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', atLeast: 2, atMost: 5 })
    await affirm(store, event, fail('00:10:00.123'))
    assert.equal(await settle(store, at('00:11')), 1)
    assert.equal(await settle(store, at('00:12')), 0)
    assert.deepEqual(await verdictsOf(store, expectation), [
      {
        expectation: expectation.id,
        due: at('00:10:00.123'),
        reported: true,
        verdict: 'missed',
        reason: 'reported-failure',
        observed: 0,
        atLeast: 2,
        atMost: 5,
        blind: 0,
        window: { from: at('00:10:00.123'), to: at('00:10:00.123') },
        decidedAt: at('00:11'),
        amended: null,
      },
    ])
    const { lastDue, lastVerdict, nextDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastDue, lastVerdict, nextDue], [at('00:10:00.123'), 'missed', at('01:00')])
    assert.notEqual(openIncident, null)
  })

  test('one at the very instant of a due does not take the place of its verdict', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('00:30') }, fail('01:00'))
    await settle(store, at('01:00'))
    await judgeUpTo(store, at('01:00'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '01:00! missed 0'])
  })

  test('only those hear of it that are of its event and environment, listen to its source, existed, run and want to', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const heard = await anExpectation(store, event)
    const fits = await anExpectation(store, event, { where: { source: 'web-*', path: '$.status', equals: 'good' } })
    const deaf = [
      await anExpectation(store, other),
      await anExpectation(store, event, { env: 'staging' }),
      await anExpectation(store, event, { ignoreFailures: true }),
      await anExpectation(store, event, { where: { source: 'db-*' } }),
      await anExpectation(store, event, { paused: true }),
      await anExpectation(store, event, { from: at('00:30') }),
    ]
    await affirm(store, event, fail('00:10', { source: 'web-1', value: '"it broke"' }))
    await settle(store, at('00:11'))
    for (const one of [heard, fits]) assert.deepEqual(said(await verdictsOf(store, one)), ['00:10! missed 0'])
    for (const one of deaf) assert.deepEqual(await verdictsOf(store, one), [], `${deaf.indexOf(one)}`)
  })

  test('one that is dated ahead waits for its time', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, fail('00:10'))
    assert.equal(await settle(store, at('00:10') - 1), 0)
    assert.deepEqual(await verdictsOf(store, expectation), [])
    assert.equal(await settle(store, at('00:10')), 1)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:10! missed 0'])
  })

  test('news are taken so many at once, the oldest told first', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, ...times(5, (i) => fail(`00:0${9 - i}`)))
    assert.equal(await settle(store, at('00:30'), 2), 2)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:08! missed 0', '00:09! missed 0'])
    assert.deepEqual([await settle(store, at('00:30'), 2), await settle(store, at('00:30'), 2)], [2, 1])
    assert.equal((await verdictsOf(store, expectation)).length, 5)
  })

  test('an old one does not hide what was said since', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('00:50') })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, fail('00:20'))
    await settle(store, at('01:05'))
    const { lastDue, lastVerdict, openIncident } = await found(store, expectation)
    assert.deepEqual([lastDue, lastVerdict, openIncident], [at('01:00'), 'met', null])
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:20! missed 0', '01:00 met 1'])
  })
}

export function lateNews(open: Open): void {
  const late = (time: string, more: Told = {}): Told => ({ at: at(time), isNews: true, ...more })
  const hourly = { schedule: '0 * * * *', lookback: '30m' }

  test('a missed one becomes met, keeps its first verdict, and says when and why', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, hourly)
    const [before] = await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    assert.equal(await settle(store, at('01:07')), 1)
    const why = 'late news: 1 instead of 0'
    const amended = { from: 'missed', at: at('01:07'), reason: why }
    assert.deepEqual(await verdictsOf(store, expectation), [
      { ...before, verdict: 'met', reason: 'enough', observed: 1, amended },
    ])
    const { lastVerdict, lastDue, nextDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastVerdict, lastDue, nextDue, openIncident], ['met', at('01:00'), at('02:00'), null])
    assert.equal(await settle(store, at('01:08')), 0)
  })

  test('a met one with a maximum becomes missed, and its incident opens', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'problems')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 0, atMost: 0 })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:07'))
    const [verdict] = await verdictsOf(store, expectation)
    assert.deepEqual(
      [verdict?.verdict, verdict?.reason, verdict?.observed, verdict?.amended?.from],
      ['missed', 'too-many', 1, 'met'],
    )
    const [incident] = await store.openIncidents([expectation.id])
    assert.deepEqual([incident?.openedDue, incident?.openedAt], [at('01:00'), at('01:07')])
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
  })

  test('an unknown one becomes met, or missed by a maximum', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const met = await anExpectation(store, event, hourly)
    const missed = await anExpectation(store, event, { ...hourly, atLeast: 0, atMost: 0 })
    const still = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await judgeUpTo(store, at('01:00'), { spans: [] })
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:07'))
    assert.deepEqual(outcomes(await verdictsOf(store, met)), ['met'])
    assert.deepEqual(outcomes(await verdictsOf(store, missed)), ['missed'])
    const [verdict] = await verdictsOf(store, still)
    assert.deepEqual([verdict?.verdict, verdict?.amended], ['unknown', null])
  })

  test('amended twice, the row keeps what it said first of all', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 1, atMost: 1 })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['met'])
    await affirm(store, event, late('00:46'))
    await settle(store, at('01:02'))
    const [verdict] = await verdictsOf(store, expectation)
    assert.deepEqual([verdict?.verdict, verdict?.reason, verdict?.observed], ['missed', 'too-many', 2])
    assert.deepEqual([verdict?.amended?.from, verdict?.amended?.at], ['missed', at('01:02')])
  })

  test('belongs to the windows that hold it: the start is inside, the end is not', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:20'))
    await affirm(store, event, late('00:10'))
    await settle(store, at('00:21'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed', 'missed', 'met', 'missed'])
  })

  test('in the grace of a missed one it counts too', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, grace: '10m' })
    await anExpectation(store, event, { ...hourly, lookback: '1m' })
    await judgeUpTo(store, at('01:10'))
    await affirm(store, event, late('01:09:59.999'))
    await settle(store, at('01:11'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1'])
  })

  test('without a lookback only its one window', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await judgeUpTo(store, at('04:00'))
    await affirm(store, event, late('01:30'))
    await settle(store, at('04:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed', 'met', 'missed', 'missed'])
  })

  test('re-judges every window that holds it, hundreds if need be', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { lookback: '5h' })
    const before = await judgeUpTo(store, at('06:30'), { spans: [{ from: START, to: at('06:30') }] })
    assert.equal(before.length, 390)
    await affirm(store, event, late('00:30'))
    await settle(store, at('06:31'))
    const verdicts = await verdictsOf(store, expectation)
    assert.deepEqual(
      verdicts.filter(({ verdict }) => verdict === 'met').map(({ due }) => due),
      times(300, (i) => at('00:31') + i * MINUTE),
    )
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
  })

  test('changes nothing of another environment, another event or a value that does not count', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const plain = await anExpectation(store, event, hourly)
    const picky = await anExpectation(store, event, { ...hourly, where: { source: 'a', path: '$', equals: 1 } })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45', { env: 'staging' }), late('00:45', { status: 'log' }))
    await affirm(store, other, late('00:45'))
    await settle(store, at('01:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, plain)), ['missed'])
    await affirm(store, event, late('00:45', { source: 'a', value: '2' }), late('00:45', { source: 'b', value: '1' }))
    await settle(store, at('01:02'))
    assert.deepEqual(outcomes(await verdictsOf(store, plain)), ['met'])
    assert.deepEqual(outcomes(await verdictsOf(store, picky)), ['missed'])
    await affirm(store, event, late('00:45', { source: 'a', value: '1' }))
    await settle(store, at('01:03'))
    assert.deepEqual(said(await verdictsOf(store, picky)), ['01:00 met 1'])
  })

  test('judges again by the limits of then, not of now', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await judgeUpTo(store, at('01:00'))
    const terms = someTerms({ ...hourly, atLeast: 1 })
    await store.editExpectation(expectation.id, { terms, env: 'staging', tags: [], nextDue: at('02:00'), at: at('01:01') }, BY)
    await affirm(store, event, late('00:45'), late('00:46', { env: 'staging' }))
    await settle(store, at('01:02'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed'])
    await affirm(store, event, late('00:47'))
    await settle(store, at('01:03'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 2'])
  })

  test('leaves reported failures and summed up dues as they are', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ignoreFailures: false })
    await affirm(store, event, { at: at('00:30'), status: 'fail', isNews: true })
    await settle(store, at('00:31'))
    await store.concludeOwed(at('05:00'), at('05:00'), 10, (owed) =>
      decideAt(at('05:00'))(owed.map((one) => ({ ...one, caughtUp: 10_000 }))),
    )
    const before = await verdictsOf(store, expectation)
    await affirm(store, event, late('00:30'), late('02:00'))
    assert.equal(await settle(store, at('05:01')), 2)
    assert.deepEqual(await verdictsOf(store, expectation), before)
  })

  test('when deciding breaks, nothing is taken and nothing written', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, hourly)
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'), { at: at('00:46'), status: 'fail', isNews: true })
    const before = await found(store, expectation)
    const broken = store.settleNews(at('01:01'), 10, () => {
      throw new Error('a bug')
    })
    await assert.rejects(broken, /a bug/)
    assert.deepEqual(await found(store, expectation), before)
    assert.equal(await settle(store, at('01:02')), 2)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:46! missed 0', '01:00 met 1'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expectation } from '../../../src/domain/expectation.ts'
import { dueAfter } from '../../../src/domain/schedule.ts'
import type { Millis } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { someTerms } from '../../support/world.ts'
import { affirm, anEvent, anExpectation, at, FIRST, found, judgeUpTo, type Open, START, said, verdictsOf } from './steps.ts'

export function edits(open: Open): void {
  type Change = Parameters<typeof someTerms>[0] & { env?: string; tags?: string[] }
  const edit = (store: Store, { id }: Expectation, now: Millis, { env = 'prod', tags = [], ...some }: Change) => {
    const terms = someTerms(some)
    return store.editExpectation(id, { terms, env, tags, nextDue: dueAfter(terms, now), at: now }, BY)
  }

  test('new terms hold from the next due on', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:10'))
    const to = { schedule: '0 * * * *', atLeast: 0, atMost: 7, lookback: '10m' }
    const edited = await edit(store, expectation, at('00:12'), { ...to, tags: ['new'] })
    assert.deepEqual(edited?.terms, someTerms(to))
    assert.deepEqual([edited?.tags, edited?.nextDue, edited?.checkAt], [['new'], at('01:00'), at('01:00')])
    assert.equal(edited?.since, START, 'an edit resets no timer')
    await judgeUpTo(store, at('02:00'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), [
      '00:05 missed 0',
      '00:10 missed 0',
      '01:00 met 0',
      '02:00 met 0',
    ])
  })

  test('a verdict keeps the limits it was judged by', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', atLeast: 3, atMost: 4, lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    const before = await verdictsOf(store, expectation)
    await edit(store, expectation, at('00:07'), { schedule: '*/5 * * * *', atLeast: 0, lookback: '5m', env: 'staging' })
    assert.deepEqual(await verdictsOf(store, expectation), before)
    await judgeUpTo(store, at('00:10'))
    const listed = (await store.verdicts({}, FIRST)).items
    assert.deepEqual(
      listed.map(({ atLeast, atMost, env }) => [atLeast, atMost, env]),
      [
        [0, null, 'staging'],
        [3, 4, 'prod'],
      ],
    )
    assert.deepEqual(said((await store.verdicts({ env: 'prod' }, FIRST)).items), ['00:05 missed 0'])
  })

  test('a due that has passed unjudged is judged by the old terms, the ones after it by the new', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', atLeast: 2, lookback: '5m' })
    await affirm(store, event, { at: at('00:04') }, { at: at('00:14'), env: 'staging' })
    // Nothing was judged at 00:05 and 00:10.
    const edited = await edit(store, expectation, at('00:11'), { schedule: '*/5 * * * *', lookback: '5m', env: 'staging' })
    assert.deepEqual([edited?.nextDue, edited?.checkAt], [at('00:05'), at('00:05')])
    assert.deepEqual([edited?.terms.atLeast, edited?.env], [1, 'staging'])
    await judgeUpTo(store, at('00:20'))
    const verdicts = await verdictsOf(store, expectation)
    assert.deepEqual(said(verdicts), ['00:05 missed 1', '00:10 missed 0', '00:15 met 1', '00:20 missed 0'])
    assert.deepEqual(
      verdicts.map(({ atLeast }) => atLeast),
      [2, 2, 1, 1],
    )
  })

  test('a due in its grace keeps its terms, and the new schedule takes over after it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '10m', grace: '20m' })
    await judgeUpTo(store, at('01:05'))
    await edit(store, expectation, at('01:10'), { schedule: '*/30 * * * *', lookback: '1m', atLeast: 5 })
    await affirm(store, event, { at: at('01:15') })
    await judgeUpTo(store, at('01:30'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '01:30 missed 0'])
  })

  test('an edit of nothing but tags leaves terms, dues and times as they are', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', grace: '20m' })
    await judgeUpTo(store, at('01:05'))
    const before = await found(store, expectation)
    const edit = { terms: null, env: 'prod', tags: ['t'], nextDue: at('09:00'), at: at('01:06') }
    assert.deepEqual(await store.editExpectation(expectation.id, edit, BY), { ...before, tags: ['t'] })
  })

  test('an edit of a paused one leaves it paused', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { paused: true })
    const edited = await edit(store, expectation, at('01:00'), { schedule: '*/5 * * * *' })
    assert.deepEqual([edited?.pausedAt, edited?.nextDue, edited?.checkAt], [START, null, null])
    assert.equal(edited?.terms.expression, '*/5 * * * *')
    assert.deepEqual(await judgeUpTo(store, at('02:00')), [])
  })
}

export function pauses(open: Open): void {
  const resume = (store: Store, { id }: Expectation, now: Millis, nextDue: Millis | null) =>
    store.resumeExpectation(id, { since: now, nextDue, windowStart: now, at: now }, BY)

  test('a paused expectation owes nothing, and its pause begins once', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'))
    const paused = await store.pauseExpectation(expectation.id, at('00:05'), BY)
    assert.deepEqual(paused, { ...expectation, pausedAt: at('00:05'), nextDue: null, checkAt: null })
    assert.deepEqual(await store.pauseExpectation(expectation.id, at('00:06'), BY), paused)
    assert.equal(await store.nextCheck(), null)
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
  })

  test('a resumed one begins anew at the due it is given; resuming what runs changes nothing', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('02:10') }, { at: at('02:40') })
    assert.deepEqual(await resume(store, expectation, at('00:30'), at('05:00')), expectation)
    await store.pauseExpectation(expectation.id, at('00:30'), BY)
    const resumed = await resume(store, expectation, at('02:30'), at('03:00'))
    assert.deepEqual(resumed, { ...expectation, since: at('02:30'), nextDue: at('03:00'), checkAt: at('03:00') })
    const [verdict] = await judgeUpTo(store, at('03:00'))
    assert.deepEqual(verdict?.window, { from: at('02:30'), to: at('03:00') })
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['03:00 met 1'])
  })

  test('what a grace has counted is not counted again after a pause', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', grace: '20m', atLeast: 2 })
    await affirm(store, event, { at: at('01:10') }, { at: at('01:15') })
    await judgeUpTo(store, at('01:20'))
    await store.pauseExpectation(expectation.id, at('01:21'), BY)
    const to = { since: START, nextDue: at('02:00'), windowStart: at('01:00'), at: at('01:22') }
    await store.resumeExpectation(expectation.id, to, BY)
    await judgeUpTo(store, at('02:30'))
    const [first, second] = await verdictsOf(store, expectation)
    assert.deepEqual([first?.observed, first?.window.to], [2, at('01:20')])
    assert.deepEqual([second?.observed, second?.window.from], [0, at('01:20')])
  })
}

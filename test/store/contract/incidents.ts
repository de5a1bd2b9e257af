import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BY, SOMETIME } from '../../support/author.ts'
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
  said,
  settle,
  verdictsOf,
} from './steps.ts'

export function incidents(open: Open): void {
  test('the first missed one opens it, further ones add none, and a met one closes it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await affirm(store, event, { at: at('00:19') })
    await store.concludeOwed(at('00:05'), at('00:05:02'), 10, decideAt(at('00:05')))
    const [opened] = await store.openIncidents([expectation.id])
    assert.deepEqual(opened, {
      id: opened?.id,
      expectation: expectation.id,
      openedAt: at('00:05:02'),
      openedDue: at('00:05'),
      closedAt: null,
      closedDue: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      note: null,
      assignedTo: null,
      snoozedUntil: null,
    })
    assert.equal((await found(store, expectation)).openIncident, opened?.id)
    await judgeUpTo(store, at('00:15'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [opened])
    await judgeUpTo(store, at('00:20'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
    assert.equal((await found(store, expectation)).openIncident, null)
    await judgeUpTo(store, at('00:25'))
    const [second] = await store.openIncidents([expectation.id])
    assert.notEqual(second?.id, opened?.id)
    assert.equal(second?.openedDue, at('00:25'))
    assert.deepEqual(await store.openIncidents([]), [])
  })

  test('an unknown one neither opens nor closes', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'), { spans: [] })
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
    await judgeUpTo(store, at('00:10'))
    const opened = await store.openIncidents([expectation.id])
    await judgeUpTo(store, at('00:15'), { spans: [] })
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['unknown', 'missed', 'unknown'])
    assert.deepEqual(await store.openIncidents([expectation.id]), opened)
  })

  test('each expectation has its own', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const [a, b] = [await anExpectation(store, event), await anExpectation(store, event)]
    const c = await anExpectation(store, event, { atLeast: 0 })
    await judgeUpTo(store, at('00:02'))
    const opened = await store.openIncidents([a.id, b.id, c.id])
    assert.deepEqual(new Set(opened.map(({ expectation }) => expectation)), new Set([a.id, b.id]))
    assert.equal(opened.length, 2)
    assert.equal((await store.openIncidents([b.id])).length, 1)
  })

  test('the open ones are counted, beside events and environments; those of a deleted expectation are not', async (t) => {
    const store = await open(t)
    assert.deepEqual(await store.census(), { events: 0, environments: 0, openIncidents: 0 })
    const event = await anEvent(store, 'one')
    await anEvent(store, 'two')
    const [a] = [await anExpectation(store, event), await anExpectation(store, event)]
    await anExpectation(store, event, { atLeast: 0 })
    await judgeUpTo(store, at('00:02'))
    assert.deepEqual(await store.census(), { events: 2, environments: 1, openIncidents: 2 })
    await affirm(store, event, { at: at('00:02:30') })
    await store.deleteExpectation(a.id, SOMETIME, BY)
    assert.equal((await store.census()).openIncidents, 1)
    await judgeUpTo(store, at('00:03'))
    assert.equal((await store.census()).openIncidents, 0)
  })

  test('a failure reported after a due has the last word, until the next due is met', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await affirm(store, event, { at: at('00:04') }, { at: at('00:05:30'), status: 'fail', isNews: true }, { at: at('00:09') })
    await settle(store, at('00:06'))
    await judgeUpTo(store, at('00:06'))
    const { lastVerdict, lastDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastVerdict, lastDue], ['missed', at('00:05:30')])
    assert.notEqual(openIncident, null)
    await judgeUpTo(store, at('00:10'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:05 met 1', '00:05:30! missed 0', '00:10 met 1'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('late news about an older due leaves the one of the latest open', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:15'))
    const opened = await store.openIncidents([expectation.id])
    await affirm(store, event, { at: at('00:07'), isNews: true })
    await settle(store, at('00:16'))
    assert.deepEqual(await store.openIncidents([expectation.id]), opened)
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
    await affirm(store, event, { at: at('00:12'), isNews: true })
    await settle(store, at('00:17'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('late news and a reported failure at once: the later of the two decides', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    await affirm(store, event, { at: at('00:03'), status: 'fail', isNews: true }, { at: at('00:04'), isNews: true })
    await settle(store, at('00:06'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:03! missed 0', '00:05 met 1'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })
}

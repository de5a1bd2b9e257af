import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Affirmation } from '../../../src/domain/affirmation.ts'
import type { Event } from '../../../src/domain/event.ts'
import { HOUR, type Millis } from '../../../src/domain/time.ts'
import type { Store, Withdrawal } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import {
  affirm,
  anEvent,
  anExpectation,
  at,
  FIRST,
  found,
  judgeUpTo,
  noted,
  type Open,
  outcomes,
  said,
  settle,
  type Told,
  verdictsOf,
} from './steps.ts'

export const ANN = { who: 'user:ann', address: '192.0.2.7' }
const HOURLY = { schedule: '0 * * * *', lookback: '30m' }

export async function listed(store: Store, event: Event): Promise<Affirmation[]> {
  return (await store.affirmations(event, {}, FIRST)).items
}

/** The one of this instant. */
export async function theOne(store: Store, event: Event, instant: Millis): Promise<Affirmation> {
  return (await listed(store, event)).find(({ at }) => at === instant) ?? assert.fail('it is not there')
}

export async function withdraw(store: Store, event: Event, time: string, now: string, more: Partial<Withdrawal> = {}) {
  const { env, at: instant, id } = await theOne(store, event, at(time))
  return store.withdraw({ event, env, at: instant, id, source: 'user:ann', by: ANN, now: at(now), ...more })
}

export function withdrawals(open: Open): void {
  test('it stays listed as what it was, with who took it back and when, and the audit log says so', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(store, event, { at: at('00:40'), source: 'user:ann', value: '"note"', id: 'form', env: 'staging' })
    assert.equal(await withdraw(store, event, '00:40', '00:45'), true)
    const [row, ...others] = await listed(store, event)
    assert.deepEqual(others, [])
    assert.deepEqual(row, {
      ...{ id: row?.id, event: 'one', env: 'staging', at: at('00:40'), status: 'ok', source: 'user:ann' },
      ...{ value: '"note"', clientId: 'form', withdrawn: { by: 'user:ann', at: at('00:45') } },
    })
    const items = await noted(store, 'affirmation')
    const snapshot = { env: 'staging', at: '2026-03-01T00:40:00.000Z', source: 'user:ann' }
    assert.deepEqual(items, [
      {
        ...{ id: items[0]?.id, at: at('00:45'), by: ANN, action: 'affirmation.withdraw', subject: 'one' },
        ...{ before: { ...snapshot, status: 'ok' }, after: { ...snapshot, status: 'withdrawn' } },
      },
    ])
  })

  test('it is found among those of its status, and streamed with its mark', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(store, event, { at: at('00:40') }, { at: at('00:41') }, { at: at('00:42'), status: 'log' })
    await withdraw(store, event, '00:40', '00:45')
    const ok = await store.affirmations(event, { status: 'ok' }, FIRST)
    assert.deepEqual(
      ok.items.map(({ withdrawn }) => withdrawn?.by ?? null),
      [null, 'user:ann'],
    )
    assert.equal((await store.affirmations(event, { status: 'log' }, FIRST)).items.length, 1)
    const upwards = await store.affirmationsUpwards(event, {}, FIRST)
    assert.deepEqual(
      upwards.items.map(({ status, withdrawn }) => [status, withdrawn?.at ?? null]),
      [
        ['ok', at('00:45')],
        ['ok', null],
        ['log', null],
      ],
    )
  })

  test('nothing counts it, nor calls it the last one seen', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, HOURLY)
    await affirm(store, event, { at: at('00:31'), source: 'ben' }, { at: at('00:40') })
    await withdraw(store, event, '00:40', '00:45')
    const last = { at: at('00:31'), source: 'ben' }
    assert.deepEqual((await store.lastAffirmations([expectation.id])).get(expectation.id), last)
    assert.deepEqual((await store.lastOfEvents([event.id])).get(event.id), last)
    assert.deepEqual(await store.counts(event, 'prod', { from: at('00:00'), to: at('01:00') }, HOUR), [
      { from: at('00:00'), ok: 1, fail: 0 },
    ])
    await judgeUpTo(store, at('01:00'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1'])
    assert.equal(await settle(store, at('01:00')), 1)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1'])
  })

  test('twice is once, and only an ok one of just this event, environment, instant and number', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    await store.environment('staging')
    await affirm(store, event, { at: at('00:40') }, { at: at('00:41'), status: 'fail' }, { at: at('00:42'), status: 'log' })
    const { id } = await theOne(store, event, at('00:40'))
    const wrong = [{ event: other }, { env: 'staging' }, { env: 'nowhere' }, { at: at('00:41') }, { id: id + 100 }]
    for (const one of wrong) assert.equal(await withdraw(store, event, '00:40', '00:45', one), false, JSON.stringify(one))
    assert.equal(await withdraw(store, event, '00:41', '00:45'), false)
    assert.equal(await withdraw(store, event, '00:42', '00:45'), false)
    assert.equal((await noted(store, 'affirmation')).length, 0)
    assert.equal(await withdraw(store, event, '00:40', '00:45'), true)
    assert.equal(await withdraw(store, event, '00:40', '00:46'), false)
    assert.equal((await noted(store, 'affirmation')).length, 1)
    assert.equal(await settle(store, at('01:00')), 1)
  })

  test('its client id stays taken', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(store, event, { at: at('00:40'), id: 'form' })
    await withdraw(store, event, '00:40', '00:45')
    assert.deepEqual(await affirm(store, event, { at: at('00:46'), id: 'form' }), ['duplicate'])
  })

  const judged = async (t: Parameters<Open>[0], wanted: Parameters<typeof anExpectation>[2], ...told: Told[]) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...HOURLY, ...wanted })
    await affirm(store, event, ...told)
    const [before] = await judgeUpTo(store, at('01:00'))
    return { store, event, expectation, before }
  }

  test('a met one that counted it becomes missed, keeps its first verdict, says by whom, and its incident opens', async (t) => {
    const { store, event, expectation, before } = await judged(t, {}, { at: at('00:40') })
    await withdraw(store, event, '00:40', '01:04')
    assert.equal(await settle(store, at('01:05')), 1)
    const amended = { from: 'met', at: at('01:05'), reason: 'withdrawn by user:ann: 0 instead of 1' }
    assert.deepEqual(await verdictsOf(store, expectation), [
      { ...before, verdict: 'missed', reason: 'too-few', observed: 0, amended },
    ])
    const [incident] = await store.openIncidents([expectation.id])
    assert.deepEqual([incident?.openedDue, incident?.openedAt], [at('01:00'), at('01:05')])
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
    await affirm(store, event, { at: at('00:50'), isNews: true })
    await settle(store, at('01:06'))
    const [again] = await verdictsOf(store, expectation)
    assert.deepEqual([again?.verdict, again?.amended?.from, again?.amended?.reason], ['met', 'met', 'late news: 1 instead of 0'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('a missed one with a maximum becomes met, and its incident closes', async (t) => {
    const { store, event, expectation } = await judged(t, { atLeast: 0, atMost: 0 }, { at: at('00:40') })
    assert.equal((await store.openIncidents([expectation.id])).length, 1)
    await withdraw(store, event, '00:40', '01:04')
    await settle(store, at('01:05'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 0'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('what stays enough stays met; one more withdrawn later is not', async (t) => {
    const told = ['00:40', '00:41', '00:42'].map((time) => ({ at: at(time) }))
    const { store, event, expectation, before } = await judged(t, {}, ...told)
    for (const time of ['00:40', '00:41']) {
      await withdraw(store, event, time, '01:04')
      await settle(store, at('01:05'))
      assert.deepEqual(await verdictsOf(store, expectation), [before])
    }
    await withdraw(store, event, '00:42', '01:06')
    await settle(store, at('01:07'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 missed 0'])
  })

  test('of two people one is too few; of one who said it twice, nothing is lost', async (t) => {
    const told = ['ann', 'ann', 'ben'].map((source, i) => ({ at: at('00:40') + i, source }))
    const { store, event, expectation, before } = await judged(t, { count: 'sources', atLeast: 2 }, ...told)
    await withdraw(store, event, '00:40', '01:04')
    await settle(store, at('01:05'))
    assert.deepEqual(await verdictsOf(store, expectation), [before])
    await withdraw(store, event, '00:40:00.001', '01:06')
    await settle(store, at('01:07'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 missed 1'])
  })

  test('only what fits was counted, and so is lost', async (t) => {
    const told = [
      { at: at('00:40'), value: '1' },
      { at: at('00:41'), value: '2' },
    ]
    const { store, event, expectation, before } = await judged(t, { where: { path: '$', equals: 1 } }, ...told)
    await withdraw(store, event, '00:41', '01:04')
    await settle(store, at('01:05'))
    assert.deepEqual(await verdictsOf(store, expectation), [before])
    await withdraw(store, event, '00:40', '01:04')
    await settle(store, at('01:07'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 missed 0'])
  })

  test('an expectation younger than its window knows as little as before', async (t) => {
    const { store, event, expectation } = await judged(t, { from: at('00:35') }, { at: at('00:40') })
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1'])
    await withdraw(store, event, '00:40', '01:04')
    await settle(store, at('01:05'))
    const [verdict] = await verdictsOf(store, expectation)
    assert.deepEqual([verdict?.verdict, verdict?.reason, verdict?.amended?.from], ['unknown', 'too-young', 'met'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('what was cleared away meanwhile is not held against the verdict', async (t) => {
    const told = ['00:40', '00:41', '00:50'].map((time) => ({ at: at(time) }))
    const { store, event, expectation, before } = await judged(t, { atLeast: 2 }, ...told)
    await store.clearAffirmations(event, at('00:42'), 10, BY)
    await withdraw(store, event, '00:50', '01:04')
    await settle(store, at('01:05'))
    assert.deepEqual(await verdictsOf(store, expectation), [before], 'there were two others')
  })

  test('what is owed is judged without it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...HOURLY, grace: '10m' })
    await affirm(store, event, { at: at('00:40') })
    await withdraw(store, event, '00:40', '00:45')
    await judgeUpTo(store, at('01:05'))
    assert.deepEqual(await verdictsOf(store, expectation), [])
    await judgeUpTo(store, at('01:10'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Author } from '../../../src/domain/audit.ts'
import { changedFields } from '../../../src/domain/audit.ts'
import type { Store } from '../../../src/store/store.ts'
import { someTerms } from '../../support/world.ts'
import { affirm, anEvent, anExpectation, at, type Open, readAll, START, times } from './steps.ts'

const ANN: Author = { who: 'user:ann', address: '192.0.2.7' }
const BEN: Author = { who: 'key:deploy', address: '198.51.100.1' }
const DRAFT = { name: 'one', key: 'af_one', description: 'first', tags: ['t'], createdAt: START }

/** Oldest first, without the making of things. */
async function notes(store: Store, { withMaking = false } = {}) {
  const all = await readAll((page) => store.changes({}, page))
  return all.reverse().filter(({ action }) => withMaking || !/register|make/.test(action))
}

export function noting(open: Open): void {
  test('what is made is noted as it is, with who made it, when and from where', async (t) => {
    const store = await open(t)
    const event = await store.createEvent(DRAFT, ANN)
    assert.ok(typeof event !== 'string')
    const { id } = await anExpectation(store, event, { schedule: '0 3 * * *', lookback: '45m', from: at('01:00') })
    const [registered, made] = await notes(store, { withMaking: true })
    const { createdAt, ...declared } = DRAFT
    assert.deepEqual(
      { ...registered, id: 0 },
      { id: 0, at: createdAt, by: ANN, action: 'event.register', subject: 'one', before: null, after: declared },
    )
    assert.deepEqual([made?.action, made?.subject, made?.at], ['expectation.make', String(id), at('01:00')])
    assert.deepEqual([made?.after?.event, made?.after?.schedule, made?.after?.lookback], ['one', '0 3 * * *', '45m'])
  })

  test('an event that registers itself is no change of the configuration', async (t) => {
    const store = await open(t)
    await store.createEvent(DRAFT, null)
    assert.deepEqual(await notes(store, { withMaking: true }), [])
  })

  test('an edit is noted from what to what: the fields that differ, and those that name it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['t'] })
    const expectation = await anExpectation(store, event, { lookback: '20m' })
    await store.updateEvent(event.id, { name: 'two', description: '', tags: ['t'] }, at('00:01'), ANN)
    const edit = { terms: someTerms({ lookback: '30m' }), env: 'staging', tags: ['x'], nextDue: at('01:00'), at: at('00:02') }
    await store.editExpectation(expectation.id, edit, BEN)
    const [renamed, edited] = await notes(store)
    assert.deepEqual(
      [renamed?.subject, renamed?.before, renamed?.after],
      ['one', { name: 'one', key: 'af_one' }, { name: 'two', key: 'af_one' }],
    )
    assert.deepEqual(edited?.before, { event: 'two', env: 'prod', lookback: '20m', tags: [] })
    assert.deepEqual(edited?.after, { event: 'two', env: 'staging', lookback: '30m', tags: ['x'] })
    assert.deepEqual([edited?.action, edited?.by, edited?.at], ['expectation.change', BEN, at('00:02')])
  })

  test('what changes nothing is not noted', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const running = await anExpectation(store, event)
    const paused = await anExpectation(store, event, { paused: true })
    await store.updateEvent(event.id, event, at('00:01'), ANN)
    await store.editExpectation(running.id, { terms: null, env: 'prod', tags: [], nextDue: null, at: at('00:01') }, ANN)
    await store.editExpectation(running.id, { terms: someTerms(), env: 'prod', tags: [], nextDue: null, at: at('00:01') }, ANN)
    await store.pauseExpectation(paused.id, at('00:02'), ANN)
    const to = { since: START, nextDue: at('01:00'), windowStart: START, at: at('00:03') }
    await store.resumeExpectation(running.id, to, ANN)
    await store.clearAffirmations(event, at('00:04'), 10, ANN)
    assert.deepEqual(await notes(store), [])
  })

  test('what is refused or gone is not noted', async (t) => {
    const store = await open(t)
    const [one] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    await store.createEvent({ ...DRAFT, key: 'af_other' }, ANN)
    await store.updateEvent(one.id, { ...one, name: 'two' }, at('00:01'), ANN)
    await store.updateEvent(4_711, one, at('00:01'), ANN)
    await store.deleteEvent(4_711, at('00:01'), ANN)
    await store.deleteExpectation(4_711, at('00:01'), ANN)
    await store.pauseExpectation(4_711, at('00:01'), ANN)
    assert.equal((await notes(store, { withMaking: true })).length, 2, 'the two that were registered')
  })

  test('pauses, resumes and deletions are noted; an event takes its expectations into its note', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const [first, second] = [await anExpectation(store, event), await anExpectation(store, event, { schedule: '0 3 * * *' })]
    await store.pauseExpectation(first.id, at('00:01'), ANN)
    await store.resumeExpectation(first.id, { since: START, nextDue: null, windowStart: START, at: at('00:02') }, ANN)
    await store.deleteExpectation(first.id, at('00:03'), ANN)
    await store.deleteEvent(event.id, at('00:04'), ANN)
    const found = await notes(store)
    assert.deepEqual(
      found.map(({ action, subject }) => `${action} ${subject}`),
      [`expectation.pause ${first.id}`, `expectation.resume ${first.id}`, `expectation.delete ${first.id}`, 'event.delete one'],
    )
    assert.deepEqual(found[0]?.before, { event: 'one', env: 'prod', paused: false })
    assert.deepEqual(found[0]?.after, { event: 'one', env: 'prod', paused: true })
    assert.deepEqual([found[2]?.before?.schedule, found[2]?.after], ['* * * * *', null])
    const gone = found[3]?.before?.expectations
    assert.ok(Array.isArray(gone))
    assert.deepEqual(
      gone.map(({ id, schedule }) => [id, schedule]),
      [[second.id, '0 3 * * *']],
    )
  })

  test('clearing in many steps is noted once, with the first of them', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(store, event, ...times(5, (i) => ({ at: START + i })))
    for (const by of [ANN, null, null]) await store.clearAffirmations(event, at('00:05'), 2, by)
    const found = await notes(store)
    assert.deepEqual(
      found.map(({ action, subject, before }) => [action, subject, before?.affirmationsBefore]),
      [['event.clear', 'one', '2026-03-01T00:05:00.000Z']],
    )
  })

  test('edits at the same time make one chain: what the one leaves is what the next begins with', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { atLeast: 1 })
    await Promise.all(
      times(12, async (i) => {
        const edit = { terms: someTerms({ atLeast: i + 2 }), env: 'prod', tags: [], nextDue: null, at: START + i }
        await store.editExpectation(expectation.id, edit, ANN)
        await store.updateEvent(event.id, { ...event, description: `edit ${i}` }, START + i, BEN)
      }),
    )
    for (const action of ['expectation.change', 'event.change']) {
      const chain = (await notes(store)).filter((note) => note.action === action)
      assert.equal(chain.length, 12)
      const breaks = chain.slice(1).flatMap(({ before }, i) => changedFields(before ?? {}, chain[i]?.after ?? {}))
      assert.deepEqual(breaks, [])
    }
  })

  test('long values are cut and say so, and hold no half of a character', async (t) => {
    const store = await open(t)
    const description = `x${'😀'.repeat(1_500)}`
    await store.createEvent({ ...DRAFT, description }, ANN)
    const [made] = await notes(store, { withMaking: true })
    assert.match(String(made?.after?.description), /^x😀+… \(cut: 3001 characters\)$/u)
    assert.ok(String(made?.after?.description).length < 2_100)
  })
}

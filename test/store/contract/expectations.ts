import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STATES, stateOf } from '../../../src/domain/expectation.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY, SOMETIME } from '../../support/author.ts'
import { someTerms } from '../../support/world.ts'
import { affirm, anEvent, anExpectation, at, FIRST, found, judgeUpTo, type Open, readAll, START } from './steps.ts'

export function expectations(open: Open): void {
  test('an expectation is kept as it was declared', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'etl')
    const terms = someTerms({
      schedule: '*/5 * * * *',
      timeZone: 'Europe/Berlin',
      atLeast: 0,
      atMost: 1_000_000_000,
      count: 'sources',
      lookback: '366d',
      grace: '2m',
      where: { source: 'web-"*"', path: '$["odd é"]', equals: "it's" },
      ignoreFailures: true,
    })
    const made = await store.createExpectation(
      {
        eventId: event.id,
        env: 'staging',
        tags: ['a', 'b'],
        terms,
        pausedAt: null,
        createdAt: at('00:01'),
        nextDue: at('00:05'),
        windowStart: START,
      },
      BY,
    )
    assert.deepEqual(made, {
      id: made.id,
      eventId: event.id,
      event: 'etl',
      eventKey: event.key,
      env: 'staging',
      tags: ['a', 'b'],
      terms,
      telling: { alertAfter: 1, recoverAfter: 1, severity: 'critical', channels: [] },
      createdAt: at('00:01'),
      since: at('00:01'),
      pausedAt: null,
      nextDue: at('00:05'),
      checkAt: at('00:05'),
      lastDue: null,
      lastVerdict: null,
      openIncident: null,
    })
    assert.deepEqual(await store.findExpectation(made.id), made)
    assert.deepEqual((await store.listExpectations({}, FIRST)).items, [made])
    assert.equal(await store.findExpectation(made.id + 1), null)
  })

  test('an expectation of an event that is gone is not made', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await store.deleteEvent(event.id, SOMETIME, BY)
    await assert.rejects(anExpectation(store, event))
    assert.equal(await store.nextCheck(), null)
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
  })

  test('a deleted one is gone at once, with its verdicts and its next check', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    await judgeUpTo(store, at('00:02'))
    assert.equal(await store.deleteExpectation(expectation.id, SOMETIME, BY), true)
    assert.equal(await store.deleteExpectation(expectation.id, SOMETIME, BY), false)
    assert.equal(await store.findExpectation(expectation.id), null)
    assert.deepEqual((await store.verdicts({}, FIRST)).items, [])
    assert.equal(await store.nextCheck(), null)
    assert.equal(await store.countUnexpected(), 1)
    const edit = { terms: null, env: 'prod', tags: [], nextDue: null, at: at('01:00') }
    assert.equal(await store.editExpectation(expectation.id, edit, BY), null)
    assert.equal(await store.pauseExpectation(expectation.id, at('01:00'), BY), null)
    const to = { since: 0, nextDue: null, windowStart: 0, at: 0 }
    assert.equal(await store.resumeExpectation(expectation.id, to, BY), null)
    assert.notEqual((await anExpectation(store, event)).id, expectation.id, 'its number is not used again')
  })

  test('the list is by number, filtered by event, environment, tag and number, page by page', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one', { tags: ['of-event'] }), await anEvent(store, 'two')]
    const a = await anExpectation(store, one, { tags: ['x_y'] })
    const b = await anExpectation(store, one, { env: 'staging', tags: ['Own', 'own2'] })
    const c = await anExpectation(store, two, { tags: ['own'] })
    const list = async (filter: Parameters<Store['listExpectations']>[0]) =>
      (await readAll((page) => store.listExpectations(filter, page), 1)).map(({ id }) => id)
    assert.deepEqual(await list({}), [a.id, b.id, c.id])
    assert.deepEqual(await list({ eventId: one.id }), [a.id, b.id])
    assert.deepEqual(await list({ env: 'prod' }), [a.id, c.id])
    assert.deepEqual(await list({ tag: 'of-event' }), [a.id, b.id])
    assert.deepEqual(await list({ tag: 'own' }), [c.id])
    assert.deepEqual(await list({ tag: 'Own', env: 'staging' }), [b.id])
    for (const none of ['x%', '%', 'xzy', '"', 'Own","own2', '']) assert.deepEqual(await list({ tag: none }), [], none)
    assert.deepEqual(await list({ ids: [c.id, a.id, 999] }), [a.id, c.id])
    assert.deepEqual(await list({ ids: [] }), [])
  })

  test('the outline is by event, environment and number, in the order of bytes', async (t) => {
    const store = await open(t)
    const [zulu, alpha] = [await anEvent(store, 'Zulu', { tags: ['e'] }), await anEvent(store, 'alpha')]
    const a = await anExpectation(store, alpha, { env: 'prod', tags: ['x'] })
    const b = await anExpectation(store, alpha, { env: 'Dev' })
    const c = await anExpectation(store, zulu)
    const d = await anExpectation(store, alpha, { env: 'prod', paused: true })
    const outline = await store.outline()
    assert.deepEqual(
      outline.map(({ id }) => id),
      [c.id, b.id, a.id, d.id],
    )
    assert.deepEqual((await store.kinds()).map((kind) => [stateOf(kind), kind.count]).sort(), [
      ['paused', 1],
      ['waiting', 3],
    ])
    for (const line of outline) {
      const { eventTags, ...rest } = line
      const whole = await found(store, line)
      assert.deepEqual({ ...whole, ...rest }, whole)
      assert.deepEqual(eventTags, line.event === 'Zulu' ? ['e'] : [])
    }
  })

  test('the list of a state holds just those that are in it', async (t) => {
    const store = await open(t)
    const [good, bad] = [await anEvent(store, 'good'), await anEvent(store, 'bad')]
    await affirm(store, good, { at: at('00:59:30') })
    await anExpectation(store, good, { schedule: '0 * * * *', lookback: '30m' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '30m' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '2h' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '30m', grace: '30m' })
    await anExpectation(store, bad, { schedule: '0 2 * * *' })
    await anExpectation(store, bad, { paused: true })
    await judgeUpTo(store, at('01:00'))
    const states = (await store.listExpectations({}, FIRST)).items.map(stateOf)
    assert.deepEqual(states, ['met', 'missed', 'unknown', 'late', 'waiting', 'paused'])
    const kinds = await store.kinds()
    assert.deepEqual(kinds.flatMap((kind) => Array.from({ length: kind.count }, () => stateOf(kind))).sort(), states.toSorted())
    for (const state of STATES)
      assert.deepEqual((await store.listExpectations({ state }, FIRST)).items.map(stateOf), [state], 'one of each')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expectation } from '../../../src/domain/expectation.ts'
import type { Incident } from '../../../src/domain/incident.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { affirm, anEvent, anExpectation, at, FIRST, judgeUpTo, noted, type Open } from './steps.ts'

const claim = (who: string, note: string | null = null, over: string | null = null) => ({ who, note, over })

async function anIncident(store: Store, name = 'one'): Promise<{ incident: Incident; expectation: Expectation }> {
  const event = (await store.findEvent(name)) ?? (await anEvent(store, name))
  const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
  await judgeUpTo(store, at('00:05'))
  const [incident] = await store.openIncidents([expectation.id])
  return { expectation, incident: incident ?? assert.fail('nothing was opened') }
}

export function acknowledging(open: Open): void {
  test('it is acknowledged once, by whom and with what, and the audit log says so', async (t) => {
    const store = await open(t)
    const { incident } = await anIncident(store)
    assert.equal(await store.acknowledge(incident.id, claim('user:ben', 'disk full'), at('00:10'), BY), 'done')
    const found = await store.findIncident(incident.id)
    assert.deepEqual([found?.acknowledgedAt, found?.acknowledgedBy, found?.note], [at('00:10'), 'user:ben', 'disk full'])
    const [change] = await noted(store, 'incident')
    assert.deepEqual(change, {
      id: change?.id,
      at: at('00:10'),
      by: BY,
      action: 'incident.acknowledge',
      subject: `${incident.id}`,
      before: { acknowledgedBy: null, note: null },
      after: { acknowledgedBy: 'user:ben', note: 'disk full' },
    })
  })

  test('who comes second has nothing, and takes it only from who has it', async (t) => {
    const store = await open(t)
    const { incident } = await anIncident(store)
    await store.acknowledge(incident.id, claim('user:ben', 'mine'), at('00:10'), BY)
    assert.equal(await store.acknowledge(incident.id, claim('user:ann', 'no, mine'), at('00:11'), BY), 'held')
    assert.equal(await store.acknowledge(incident.id, claim('user:ann', null, 'user:cy'), at('00:12'), BY), 'held')
    assert.equal((await store.findIncident(incident.id))?.acknowledgedBy, 'user:ben')
    assert.equal((await noted(store, 'incident')).length, 1)
    assert.equal(await store.acknowledge(incident.id, claim('user:ann', null, 'user:ben'), at('00:13'), BY), 'done')
    const found = await store.findIncident(incident.id)
    assert.deepEqual([found?.acknowledgedAt, found?.acknowledgedBy, found?.note], [at('00:13'), 'user:ann', null])
  })

  test('who has it already only adds a note; the same one again changes nothing', async (t) => {
    const store = await open(t)
    const { incident } = await anIncident(store)
    for (const note of ['one', 'one', null, 'two'])
      assert.equal(await store.acknowledge(incident.id, claim('user:ben', note), at('00:10'), BY), 'done')
    assert.equal((await store.findIncident(incident.id))?.note, 'two')
    assert.deepEqual(await store.incidentSteps(incident), [
      { kind: 'acknowledged', at: at('00:10'), by: 'user:ben', over: null, note: 'one' },
      { kind: 'noted', at: at('00:10'), by: 'user:ben', note: 'two' },
    ])
  })

  test('a note of somebody else is kept, and leaves the words of who has it', async (t) => {
    const store = await open(t)
    const { incident } = await anIncident(store)
    const { incident: other } = await anIncident(store)
    assert.equal(await store.noteIncident(incident.id, { by: 'user:cy', note: 'seen' }, at('00:09'), BY), 'done')
    await store.acknowledge(incident.id, claim('user:ben', 'mine'), at('00:10'), BY)
    await store.noteIncident(incident.id, { by: 'user:cy', note: 'look at etl-2' }, at('00:11'), BY)
    await store.acknowledge(incident.id, claim('user:ann', null, 'user:ben'), at('00:12'), BY)
    assert.deepEqual(await store.incidentSteps(incident), [
      { kind: 'noted', at: at('00:09'), by: 'user:cy', note: 'seen' },
      { kind: 'acknowledged', at: at('00:10'), by: 'user:ben', over: null, note: 'mine' },
      { kind: 'noted', at: at('00:11'), by: 'user:cy', note: 'look at etl-2' },
      { kind: 'acknowledged', at: at('00:12'), by: 'user:ann', over: 'user:ben', note: null },
    ])
    assert.deepEqual(await store.incidentSteps(other), [])
  })

  test('what is closed, or not there, is not acknowledged any more', async (t) => {
    const store = await open(t)
    const { incident, expectation } = await anIncident(store)
    await affirm(store, { id: expectation.eventId, name: expectation.event }, { at: at('00:09') })
    await judgeUpTo(store, at('00:10'))
    assert.equal(await store.acknowledge(incident.id, claim('user:ben'), at('00:11'), BY), 'closed')
    assert.equal(await store.noteIncident(incident.id, { by: 'user:ben', note: 'x' }, at('00:11'), BY), 'closed')
    assert.equal(await store.acknowledge(incident.id + 1, claim('user:ben'), at('00:11'), BY), 'gone')
    assert.deepEqual(await noted(store, 'incident'), [])
    assert.equal(await store.lastClosed(), at('00:10'))
  })

  test('one alone is found with its event and the terms it was opened by, also when they are gone', async (t) => {
    const store = await open(t)
    assert.equal(await store.lastClosed(), null)
    assert.equal(await store.findIncident(1), null)
    const { incident, expectation } = await anIncident(store)
    const terms = { ...expectation.terms, atLeast: 7 }
    await store.editExpectation(expectation.id, { terms, env: 'other', tags: [], nextDue: at('00:10'), at: at('00:06') }, BY)
    assert.deepEqual(await store.findIncident(incident.id), { ...incident, event: 'one', env: 'other', terms: expectation.terms })
    await store.deleteExpectation(expectation.id, at('00:06'), BY)
    const { event, env } = (await store.findIncident(incident.id)) ?? assert.fail('it is still there')
    assert.deepEqual([event, env], [null, null])
    while (await store.prune({ affirmations: 0, verdicts: 0 }, 100));
    assert.equal(await store.findIncident(incident.id), null)
  })

  test('they are listed by env, event, expectation, a part of the name, and what came before', async (t) => {
    const store = await open(t)
    const first = await anIncident(store, 'Orders_imported')
    const second = await anIncident(store, 'backup')
    const event = (await store.findEvent('backup')) ?? assert.fail()
    const staging = await anExpectation(store, event, { env: 'staging', schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    const listed = async (filter: Parameters<Store['incidents']>[0]) =>
      (await store.incidents(filter, FIRST)).items.map(({ expectation }) => expectation)
    assert.deepEqual(await listed({}), [staging.id, second.expectation.id, first.expectation.id])
    assert.deepEqual(await listed({ env: 'staging' }), [staging.id])
    assert.deepEqual(await listed({ eventId: event.id, env: 'prod' }), [second.expectation.id])
    assert.deepEqual(await listed({ expectation: first.expectation.id }), [first.expectation.id])
    assert.deepEqual(await listed({ q: 'ordERS' }), [first.expectation.id])
    assert.deepEqual(await listed({ q: 'af_backup', env: 'prod' }), [second.expectation.id])
    assert.deepEqual(await listed({ q: '%' }), [])
    assert.deepEqual(await listed({ before: second.incident.id }), [first.expectation.id])
    assert.deepEqual(await listed({ isOpen: false }), [])
  })
}

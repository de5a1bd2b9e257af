import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { snooze } from '../../src/services/attend.ts'
import { acknowledge } from '../../src/services/incidents.ts'
import { BY } from '../support/author.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aChannel, aListener, type Listener } from '../support/told.ts'
import { aWorld, type World } from '../support/world.ts'

/** What people do with an incident, and what channels hear of it. */
describe('who attends to an incident', () => {
  let engine: TestEngine
  let world: World
  let listener: Listener
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    listener = aListener()
    world = aWorld(await engine.open(), '2026-03-01T00:00:00Z', { tell: listener.tell })
  })

  /** Of `backup`, opened at one minute past, and told. */
  const anIncident = async (): Promise<void> => {
    await world.expects('backup', { schedule: '1 0 * * *', lookback: '1m' })
    await world.passUntil('2026-03-01T00:01:30Z')
  }
  const passTo = (time: string) => world.passUntil(`2026-03-01T${time}Z`)
  const snoozeUntil = (until: number) => snooze(world.store, 1, { by: 'user:ben', until, path: 'until' }, world.clock.now(), BY)

  test('nobody is reminded while it can wait, everybody who knows of it is at the end of that', async () => {
    await aChannel(world.store, 'ops', { when: ['missed', 'reminder'], remindEvery: 3 * MINUTE })
    await aChannel(world.store, 'chat', { when: ['missed'] })
    await anIncident()
    assert.equal(listener.news().length, 2)
    await snoozeUntil(world.clock.now() + 8 * MINUTE)
    await passTo('00:09:00')
    assert.deepEqual(listener.news(), [])
    await passTo('00:10:30')
    const said = listener.news().map((line) => line.replace(/:.*/, ''))
    assert.deepEqual(said.toSorted(), ['chat', 'ops'])
  })

  test('a service with an alert of its own hears that somebody has it, and is reminded no more', async () => {
    await aChannel(world.store, 'page', { kind: 'pagerduty', when: ['missed', 'reminder'], remindEvery: 3 * MINUTE })
    await anIncident()
    assert.equal(listener.news().length, 1)
    await acknowledge(world.store, 1, { who: 'user:ben', note: null, over: null }, world.clock.now(), BY)
    await passTo('00:08:00')
    assert.deepEqual(listener.news(), ['page: ben has it: backup (prod)'])
    const [missed, acknowledged] = listener.told.map(({ message }) => message)
    assert.equal(missed?.thread, acknowledged?.thread)
    assert.equal(acknowledged?.alert, 'acknowledges')
  })
})

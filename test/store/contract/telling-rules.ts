import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel } from '../../../src/domain/channel.ts'
import type { Expectation } from '../../../src/domain/expectation.ts'
import { PLAIN_RULES, type TellingRules } from '../../../src/domain/telling-rules.ts'
import type { Millis } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { anEvent, anExpectation, at, FIRST, found, judgeUpTo, noted, type Open, START } from './steps.ts'

const STAMP = { at: START, by: BY }

async function aChannel(store: Store, name: string): Promise<Channel> {
  const made = await store.createChannel(
    {
      ...{ name, kind: 'slack', settings: {}, when: ['missed'], match: null },
      ...{ isDefault: false, remindEvery: null, isEnabled: true },
    },
    STAMP,
    () => ({}),
  )
  return typeof made === 'string' ? assert.fail(made) : made
}

const edit = (store: Store, { id, env, tags }: Expectation, telling: Partial<TellingRules>, now: Millis) =>
  store.editExpectation(id, { terms: null, telling: { ...PLAIN_RULES, ...telling }, env, tags, nextDue: null, at: now }, BY)

export function tellingRules(open: Open): void {
  test('what is said of telling is given back as it was said, with the names that channels have by now', async (t) => {
    const store = await open(t)
    const [ops, db] = [await aChannel(store, 'ops'), await aChannel(store, 'db')]
    const event = await anEvent(store, 'one')
    const telling: TellingRules = { alertAfter: 3, recoverAfter: 2, severity: 'warning', channels: [db.id, ops.id] }
    const draft = {
      eventId: event.id,
      env: 'prod',
      tags: [],
      pausedAt: null,
      createdAt: START,
      nextDue: null,
      windowStart: START,
    }
    const { terms } = await anExpectation(store, event)
    const made = await store.createExpectation({ ...draft, terms, telling }, BY)
    assert.deepEqual(made.telling, {
      ...telling,
      channels: [
        { id: db.id, name: 'db' },
        { id: ops.id, name: 'ops' },
      ],
    })
    const { id: _, createdAt: __, ...renamed } = { ...db, name: 'databases' }
    await store.changeChannel(db.id, renamed, STAMP, () => ({}))
    await store.deleteChannel(ops.id, STAMP, () => ({}))
    assert.deepEqual((await found(store, made)).telling.channels, [{ id: db.id, name: 'databases' }])
    const listed = (await store.listExpectations({ ids: [made.id] }, FIRST)).items
    assert.deepEqual(listed[0]?.telling.channels, [{ id: db.id, name: 'databases' }])
  })

  test('an edit of it makes no new terms and resets no timer, is noted, and an edit without it leaves it', async (t) => {
    const store = await open(t)
    const ops = await aChannel(store, 'ops')
    const before = await anExpectation(store, await anEvent(store, 'one'))
    const after = await edit(store, before, { severity: 'warning', channels: [ops.id] }, at('00:02'))
    const told = { ...PLAIN_RULES, severity: 'warning', channels: [{ id: ops.id, name: 'ops' }] }
    assert.deepEqual(after, { ...before, telling: told })
    const [change] = await noted(store, 'expectation')
    assert.deepEqual(change?.before, { event: 'one', env: 'prod', severity: 'critical', channels: [] })
    assert.deepEqual(change?.after, { event: 'one', env: 'prod', severity: 'warning', channels: ['ops'] })
    const { id, env, tags } = before
    await store.editExpectation(id, { terms: null, env, tags, nextDue: null, at: at('00:03') }, BY)
    assert.deepEqual((await found(store, before)).telling, told)
    assert.deepEqual((await noted(store, 'expectation')).length, 2, 'the making and the one edit')
  })

  test('so many misses in a row as are asked for now open an incident at once', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'), { schedule: '*/5 * * * *', lookback: '5m' })
    await edit(store, expectation, { alertAfter: 3 }, at('00:01'))
    await judgeUpTo(store, at('00:10'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
    const edited = await edit(store, expectation, { alertAfter: 2 }, at('00:12'))
    const [opened] = await store.openIncidents([expectation.id])
    assert.deepEqual([opened?.openedAt, edited?.openIncident], [at('00:12'), opened?.id])
  })

  test('what is only more severe now opens nothing and closes nothing', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'), { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    const [before] = await store.openIncidents([expectation.id])
    await edit(store, expectation, { severity: 'warning', alertAfter: 5 }, at('00:07'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [before], 'what is open stays open')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel } from '../../../src/domain/channel.ts'
import type { Telling } from '../../../src/domain/delivery.ts'
import type { Expectation } from '../../../src/domain/expectation.ts'
import type { Incident } from '../../../src/domain/incident.ts'
import { HOUR } from '../../../src/domain/time.ts'
import type { ChannelDraft, Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { affirm, anEvent, anExpectation, at, FIRST, judgeUpTo, noted, type Open, START } from './steps.ts'

const UNTIL = at('04:00')

async function aChannel(store: Store, name: string, more: Partial<ChannelDraft> = {}): Promise<Channel> {
  const made = await store.createChannel(
    {
      ...{ name, kind: 'pagerduty', settings: {}, when: ['missed', 'recovered', 'reminder'], match: null },
      ...{ isDefault: false, remindEvery: 4 * HOUR, isEnabled: true },
      ...more,
    },
    { at: START, by: BY },
    () => ({}),
  )
  return typeof made === 'string' ? assert.fail(made) : made
}

/** One that is open since 00:05. */
async function anIncident(store: Store): Promise<{ incident: Incident; expectation: Expectation }> {
  const expectation = await anExpectation(store, await anEvent(store, 'one'), { schedule: '*/5 * * * *', lookback: '5m' })
  await judgeUpTo(store, at('00:05'))
  const [incident] = await store.openIncidents([expectation.id])
  return { expectation, incident: incident ?? assert.fail('nothing was opened') }
}

/** What waits is there: its channel knows of it from now on. */
async function sendAll(store: Store, told: Telling['told'] = 'missed'): Promise<void> {
  for (const delivery of await store.claimDeliveries(at('00:06'), at('00:07'), 100, [])) {
    const { channel, expectation, incident, about } = delivery
    const telling: Telling = {
      ...{ channel, expectation: expectation ?? 0, told, thread: 'x', incident: incident ?? 0, flood: null },
      ...{ since: at('00:06'), remindAt: at('00:30'), about },
    }
    await store.settleDelivery(delivery, { state: 'sent', said: '200', telling }, at('00:06'))
  }
}

const remindersOf = async (store: Store, { id }: Expectation): Promise<(number | null)[]> => {
  const pairs = (await store.channels()).map(({ id: channel }) => ({ channel, expectation: id }))
  return (await store.tellingsOf(pairs)).sort((a, b) => a.channel - b.channel).map(({ remindAt }) => remindAt)
}

/** `acknowledged 2`: what is told to which channel of the incident, without its miss. */
const owed = async (store: Store, { id: incident }: Incident): Promise<string[]> =>
  (await store.deliveries({ incident }, FIRST)).items
    .filter(({ kind }) => kind !== 'missed')
    .map(({ kind, channel, state }) => `${kind} ${channel} ${state}`)
    .toSorted()

const take = (store: Store, { id }: Incident, time: string, who = 'user:ben', over: string | null = null) =>
  store.acknowledge(id, { who, note: null, over }, at(time), BY)

export function attending(open: Open): void {
  test('somebody is to look at it, then somebody else, then nobody: each is noted once, and a step of it', async (t) => {
    const store = await open(t)
    const { incident } = await anIncident(store)
    const assign = (to: string | null, time: string) => store.assignIncident(incident.id, { by: 'user:ann', to }, at(time), BY)
    for (const [to, time] of [
      ['ben', '00:06'],
      ['ben', '00:07'],
      ['cy', '00:08'],
      [null, '00:09'],
      [null, '00:10'],
    ] as const)
      assert.equal(await assign(to, time), 'done')
    assert.equal((await store.findIncident(incident.id))?.assignedTo, null)
    assert.deepEqual(await store.incidentSteps(incident), [
      { kind: 'assigned', at: at('00:06'), by: 'user:ann', to: 'ben' },
      { kind: 'assigned', at: at('00:08'), by: 'user:ann', to: 'cy' },
      { kind: 'assigned', at: at('00:09'), by: 'user:ann', to: null },
    ])
    const [last] = await noted(store, 'incident')
    assert.deepEqual(
      [last?.action, last?.subject, last?.by, last?.before, last?.after],
      ['incident.assign', `${incident.id}`, BY, { assignedTo: 'cy' }, { by: 'user:ann', assignedTo: null }],
    )
  })

  test('while it can wait, every channel that knows of it is reminded at the end of that and not before', async (t) => {
    const store = await open(t)
    await aChannel(store, 'ops')
    await aChannel(store, 'never reminded', { remindEvery: null })
    await aChannel(store, 'not asked for it', { when: ['missed'] })
    const { incident, expectation } = await anIncident(store)
    await sendAll(store)
    const snooze = (until: number | null, time: string) =>
      store.snoozeIncident(incident.id, { by: 'user:ben', until }, at(time), BY)
    assert.equal(await snooze(UNTIL, '00:10'), 'done')
    assert.equal((await store.findIncident(incident.id))?.snoozedUntil, UNTIL)
    assert.deepEqual(await remindersOf(store, expectation), [UNTIL, UNTIL, UNTIL])
    assert.equal(await snooze(UNTIL, '00:11'), 'done')
    assert.equal(await snooze(null, '00:20'), 'done')
    assert.deepEqual(await remindersOf(store, expectation), [at('04:20'), null, null], 'as often as each is reminded')
    assert.deepEqual(await store.incidentSteps(incident), [
      { kind: 'snoozed', at: at('00:10'), by: 'user:ben', until: UNTIL },
      { kind: 'snoozed', at: at('00:20'), by: 'user:ben', until: null },
    ])
    const [, first] = await noted(store, 'incident')
    assert.deepEqual(first?.after, { by: 'user:ben', snoozedUntil: '2026-03-01T04:00:00.000Z' })
  })

  test('what somebody has is not brought up again by ending a snooze', async (t) => {
    const store = await open(t)
    await aChannel(store, 'ops')
    const { incident, expectation } = await anIncident(store)
    await sendAll(store)
    await take(store, incident, '00:10')
    for (const until of [UNTIL, null]) await store.snoozeIncident(incident.id, { by: 'user:ben', until }, at('00:20'), BY)
    assert.deepEqual(await remindersOf(store, expectation), [null])
  })

  test('what flaps is left to settle', async (t) => {
    const store = await open(t)
    await aChannel(store, 'ops')
    const { incident, expectation } = await anIncident(store)
    await sendAll(store, 'flapping')
    await store.snoozeIncident(incident.id, { by: 'user:ben', until: UNTIL }, at('00:10'), BY)
    assert.deepEqual(await remindersOf(store, expectation), [at('00:30')])
  })

  test('a snooze leaves the reminders of other incidents alone', async (t) => {
    const store = await open(t)
    await aChannel(store, 'ops')
    const other = await anExpectation(store, await anEvent(store, 'two'), { schedule: '*/5 * * * *', lookback: '5m' })
    const { incident } = await anIncident(store)
    await sendAll(store)
    await store.snoozeIncident(incident.id, { by: 'user:ben', until: UNTIL }, at('00:10'), BY)
    assert.deepEqual(await remindersOf(store, other), [at('00:30')])
  })

  test('what is closed, or not there, is neither assigned nor snoozed', async (t) => {
    const store = await open(t)
    const { incident, expectation } = await anIncident(store)
    await affirm(store, { id: expectation.eventId, name: 'one' }, { at: at('00:09') })
    await judgeUpTo(store, at('00:10'))
    for (const [id, answer] of [
      [incident.id, 'closed'],
      [incident.id + 1, 'gone'],
    ] as const) {
      assert.equal(await store.assignIncident(id, { by: 'user:ann', to: 'ben' }, at('00:11'), BY), answer)
      assert.equal(await store.snoozeIncident(id, { by: 'user:ann', until: UNTIL }, at('00:11'), BY), answer)
    }
    assert.deepEqual(await noted(store, 'incident'), [])
  })

  test('services with an alert of their own are owed the acknowledging, each time somebody takes it', async (t) => {
    const store = await open(t)
    const { id: pagerduty } = await aChannel(store, 'page')
    const { id: opsgenie } = await aChannel(store, 'genie', { kind: 'opsgenie' })
    await aChannel(store, 'chat', { kind: 'slack' })
    const { incident, expectation } = await anIncident(store)
    await sendAll(store)
    await take(store, incident, '00:10')
    const first = [`acknowledged ${pagerduty} waiting`, `acknowledged ${opsgenie} waiting`]
    assert.deepEqual(await owed(store, incident), first)
    const [row] = (await store.deliveries({ kind: 'acknowledged', channel: pagerduty }, FIRST)).items
    assert.deepEqual([row?.expectation, row?.about, row?.createdAt], [expectation.id, { event: 'one', env: 'prod' }, at('00:10')])
    await take(store, incident, '00:11')
    assert.deepEqual(await owed(store, incident), first, 'who has it already takes nothing')
    await take(store, incident, '00:12', 'user:ann', 'user:ben')
    assert.equal((await owed(store, incident)).length, 4)
  })

  test('a service that is still to be told of the miss is told of the acknowledging after it', async (t) => {
    const store = await open(t)
    const { id } = await aChannel(store, 'page')
    const { incident } = await anIncident(store)
    await take(store, incident, '00:06')
    assert.deepEqual(await owed(store, incident), [`acknowledged ${id} waiting`])
    const [first] = await store.claimDeliveries(at('00:07'), at('00:08'), 10, [])
    assert.equal(first?.kind, 'missed')
  })

  test('who does not know of it, or is switched off, or was told of it among many, is not told that somebody has it', async (t) => {
    const store = await open(t)
    const off = await aChannel(store, 'off')
    await aChannel(store, 'flooded')
    await aChannel(store, 'elsewhere', { match: { envs: ['staging'] } })
    const { incident } = await anIncident(store)
    await sendAll(store, 'flood')
    const { id: _, createdAt: __, ...draft } = off
    await store.changeChannel(off.id, { ...draft, isEnabled: false }, { at: at('00:07'), by: BY }, () => ({}))
    await take(store, incident, '00:10')
    assert.deepEqual(await owed(store, incident), [])
  })

  test('of two who take it at once one is told of', async (t) => {
    const store = await open(t)
    await aChannel(store, 'page')
    const { incident } = await anIncident(store)
    await sendAll(store)
    const answers = await Promise.all(['user:ann', 'user:ben', 'user:cy'].map((who) => take(store, incident, '00:10', who)))
    assert.deepEqual(answers.toSorted(), ['done', 'held', 'held'])
    assert.equal((await owed(store, incident)).length, 1)
  })
}

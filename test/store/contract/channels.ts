import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Channel, MOST_CHANNELS } from '../../../src/domain/channel.ts'
import { HOUR } from '../../../src/domain/time.ts'
import { openStore } from '../../../src/store/open.ts'
import type { ChannelDraft, Shown, Store } from '../../../src/store/store.ts'
import type { TestEngine } from '../../support/engines.ts'
import { at, FIRST, type Open, query, START, times } from './steps.ts'

const ANN = { who: 'user:ann', address: '192.0.2.7' }
const made = { at: START, by: ANN }
const later = { at: at('01:00'), by: ANN }
const shown: Shown = ({ settings }) => ({ ...settings, ...('token' in settings ? { token: '••••' } : {}) })

const draft = (name: string, more: Partial<ChannelDraft> = {}): ChannelDraft => ({
  name,
  kind: 'ntfy',
  settings: { url: 'https://ntfy.example/ops', token: 'sealed' },
  when: ['missed', 'recovered'],
  match: null,
  isDefault: false,
  remindEvery: null,
  isEnabled: true,
  ...more,
})

async function aChannel(store: Store, name: string, more: Partial<ChannelDraft> = {}): Promise<Channel> {
  const channel = await store.createChannel(draft(name, more), made, shown)
  return typeof channel === 'string' ? assert.fail(channel) : channel
}

const draftOf = ({ id: _, createdAt: __, ...rest }: Channel): ChannelDraft => rest
const noted = async (store: Store) =>
  (await store.changes({}, FIRST)).items.map(({ action, subject, before, after }) => ({ action, subject, before, after }))

export function channels(open: Open): void {
  test('a channel is given back as it was made, and listed by its number', async (t) => {
    const store = await open(t)
    const match = { events: ['etl_*'], severities: ['critical'] } as const
    const one = await aChannel(store, 'ops', { match, isDefault: true, remindEvery: 4 * HOUR, when: ['missed', 'reminder'] })
    const known = { ...draft('ops', { match, isDefault: true, remindEvery: 4 * HOUR, when: ['missed', 'reminder'] }) }
    const whole = { id: one.id, ...known, createdAt: START, failingSince: null, failures: 0 }
    assert.deepEqual(await store.findChannel(one.id), whole)
    const two = await aChannel(store, 'night')
    assert.deepEqual(
      (await store.channels()).map(({ id }) => id),
      [one.id, two.id],
    )
    assert.equal(await store.findChannel(two.id + 1), null)
  })

  test('of living channels no two have one name in any spelling, though many are made at the same moment', async (t) => {
    const store = await open(t)
    const answers = await Promise.all(
      times(6, (i) => store.createChannel(draft(i % 2 === 0 ? 'ops' : 'OPS'), { ...made, at: START + i }, shown)),
    )
    assert.equal(answers.filter((answer) => answer === 'name-taken').length, 5)
    assert.equal((await noted(store)).length, 1)
    const [living] = await store.channels()
    await store.deleteChannel(living?.id ?? 0, later, shown)
    assert.equal((await aChannel(store, 'Ops')).name, 'Ops', 'a deleted one leaves its name')
  })

  test('two channels that take one name at the same moment: one of them gets it', async (t) => {
    const store = await open(t)
    const both = [await aChannel(store, 'a'), await aChannel(store, 'b')]
    const answers = await Promise.all(
      both.map((one) => store.changeChannel(one.id, { ...draftOf(one), name: 'C' }, later, shown)),
    )
    assert.equal(answers.filter((answer) => answer === 'name-taken').length, 1)
  })

  test('there are never too many', async (t) => {
    const store = await open(t)
    for (let i = 0; i < MOST_CHANNELS - 1; i += 1) await aChannel(store, `channel ${i}`)
    const last = await Promise.all(['x', 'y'].map((name) => store.createChannel(draft(name), made, shown)))
    assert.equal(last.filter((answer) => answer === 'too-many').length, 1)
  })

  test('a change keeps its own name, is noted with what differs, and one that changes nothing is not', async (t) => {
    const store = await open(t)
    const one = await aChannel(store, 'ops')
    const to = { ...draftOf(one), name: 'Ops', isEnabled: false }
    assert.deepEqual(await store.changeChannel(one.id, to, later, shown), {
      ...to,
      id: one.id,
      createdAt: START,
      failingSince: null,
      failures: 0,
    })
    await store.changeChannel(one.id, to, later, shown)
    assert.equal(await store.changeChannel(one.id + 1, to, later, shown), null)
    const [change, , ...rest] = await noted(store)
    assert.deepEqual(rest, [])
    assert.deepEqual(change, {
      action: 'channel.change',
      subject: 'ops',
      before: { id: one.id, kind: 'ntfy', name: 'ops', enabled: true },
      after: { id: one.id, kind: 'ntfy', name: 'Ops', enabled: false },
    })
  })

  test('the audit log says that a secret is another one, and never which', async (t) => {
    const store = await open(t)
    const one = await aChannel(store, 'ops')
    const settings = { ...one.settings, token: 'sealed anew' }
    await store.changeChannel(one.id, { ...draftOf(one), settings }, later, shown)
    await store.deleteChannel(one.id, later, shown)
    const lines = await noted(store)
    assert.deepEqual(
      lines.map(({ action }) => action),
      ['channel.delete', 'channel.change', 'channel.make'],
    )
    assert.deepEqual(lines[1]?.after, { id: one.id, kind: 'ntfy', name: 'ops', newSecrets: ['token'] })
    assert.deepEqual(lines[2]?.after, {
      id: one.id,
      name: 'ops',
      kind: 'ntfy',
      settings: { url: 'https://ntfy.example/ops', token: '••••' },
      when: ['missed', 'recovered'],
      match: null,
      default: false,
      remindEvery: null,
      enabled: true,
    })
    assert.ok(!JSON.stringify(lines).includes('sealed'))
  })
}

type Row = { state: string; reason: string | null; held_by: string | null; next_at: number | null; settled_at: number | null }

/** What the outbox holds for a channel, written past the store. */
export function channelsThatEnd(engine: () => TestEngine): void {
  const start = async () => {
    const url = await engine().url()
    const store = await openStore(url, (error) => {
      throw error
    })
    const owe = (channel: number, key: string, state = 'waiting', heldBy: string | null = null) =>
      query(
        url,
        `insert into deliveries (key, channel_id, kind, about, created_at, state, held_by, next_at)
         values ('${key}', ${channel}, 'missed', '{}', ${START}, '${state}', ${heldBy === null ? 'null' : `'${heldBy}'`}, ${START})`,
      )
    const tell = (channel: number) =>
      query(
        url,
        `insert into tellings (channel_id, expectation_id, told, thread, incident_id, since, about) values (${channel}, 1, 'missed', 't', 1, ${START}, '{}')`,
      )
    const row = async (key: string) => {
      const [found] = await query<Row>(
        url,
        `select state, reason, held_by, next_at, settled_at from deliveries where key = '${key}'`,
      )
      assert.ok(found)
      return {
        ...found,
        next_at: found.next_at && Number(found.next_at),
        settled_at: found.settled_at && Number(found.settled_at),
      }
    }
    const told = async () =>
      (await query<{ channel_id: number }>(url, 'select channel_id from tellings')).map((one) => one.channel_id)
    return { store, owe, tell, row, told }
  }
  const withheld = (reason: string): Row => ({ state: 'withheld', reason, held_by: null, next_at: null, settled_at: at('01:00') })
  const WAITS: Row = { state: 'waiting', reason: null, held_by: null, next_at: START, settled_at: null }

  test('what waits for a channel that is switched off is withheld, with the reason; nothing of another one, and nothing that was sent', async (t) => {
    const { store, owe, tell, row, told } = await start()
    t.after(() => store.close())
    const [one, other] = [await aChannel(store, 'ops'), await aChannel(store, 'other')]
    await owe(one.id, 'a')
    await owe(one.id, 'sent', 'sent')
    await owe(other.id, 'b')
    await tell(one.id)
    await store.changeChannel(one.id, { ...draftOf(one), isEnabled: false }, later, shown)
    assert.deepEqual(await row('a'), withheld('the channel was switched off before it was sent'))
    assert.equal((await row('sent')).state, 'sent')
    assert.deepEqual(await row('b'), WAITS)
    assert.deepEqual(await told(), [one.id], 'it is to hear of the end when it is switched on again')
  })

  test('a change that is refused withholds nothing', async (t) => {
    const { store, owe, row } = await start()
    t.after(() => store.close())
    const one = await aChannel(store, 'ops')
    await aChannel(store, 'other')
    await owe(one.id, 'a')
    assert.equal(
      await store.changeChannel(one.id, { ...draftOf(one), name: 'OTHER', isEnabled: false }, later, shown),
      'name-taken',
    )
    assert.deepEqual(await row('a'), WAITS)
  })

  test('a deleted channel is found nowhere, keeps its row, and nothing is owed to it or known of it; it is deleted once', async (t) => {
    const { store, owe, tell, row, told } = await start()
    t.after(() => store.close())
    const [one, other] = [await aChannel(store, 'ops'), await aChannel(store, 'other')]
    await owe(one.id, 'a')
    await owe(one.id, 'held', 'withheld', 'maintenance')
    await tell(one.id)
    await tell(other.id)
    assert.equal(await store.deleteChannel(one.id, later, shown), true)
    assert.equal(await store.deleteChannel(one.id, later, shown), false)
    assert.equal(await store.findChannel(one.id), null)
    assert.deepEqual(
      (await store.channels()).map(({ id }) => id),
      [other.id],
    )
    assert.deepEqual(await row('a'), withheld('the channel was deleted before it was sent'))
    assert.equal((await row('held')).held_by, null)
    assert.deepEqual(await told(), [other.id])
    assert.equal((await aChannel(store, 'next')).id, other.id + 1)
  })
}

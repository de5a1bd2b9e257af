import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import { BY, SOMETIME } from '../../support/author.ts'
import {
  affirm,
  anEvent,
  anExpectation,
  at,
  byBytes,
  FIRST,
  isFault,
  judgeUpTo,
  names,
  type Open,
  readAll,
  START,
  settle,
} from './steps.ts'

export function events(open: Open): void {
  test('an event is found by its name and by its key, and by nothing else', async (t) => {
    const store = await open(t)
    const backup = await anEvent(store, 'backup', { key: 'af_23456789', description: 'nightly', tags: ['db', 'night'] })
    assert.deepEqual(backup, {
      id: backup.id,
      key: 'af_23456789',
      name: 'backup',
      description: 'nightly',
      tags: ['db', 'night'],
      createdAt: START,
    })
    assert.deepEqual(await store.findEvent('backup'), backup)
    assert.deepEqual(await store.findEvent('af_23456789'), backup)
    for (const other of ['Backup', 'back', 'backup ', 'b%', 'backu_', 'AF_23456789', "' or 1=1 --", ''])
      assert.equal(await store.findEvent(other), null, other)
  })

  test('a name that looks like a key never hides the event whose key it is', async (t) => {
    const store = await open(t)
    const own = await anEvent(store, 'af_aaaaaaaa', { key: 'af_aaaaaaaa' })
    assert.deepEqual(await store.findEvent('af_aaaaaaaa'), own)
    await anEvent(store, 'af_bbbbbbbb', { key: 'af_cccccccc' })
    const owner = await anEvent(store, 'owner', { key: 'af_bbbbbbbb' })
    assert.deepEqual(await store.findEvent('af_bbbbbbbb'), owner)
  })

  test('a taken name and a taken key are told apart, and nothing is made', async (t) => {
    const store = await open(t)
    const draft = { key: 'af_1', name: 'one', description: '', tags: [], createdAt: START }
    const one = await store.createEvent(draft, BY)
    assert.equal(await store.createEvent({ ...draft, key: 'af_2' }, BY), 'name-taken')
    assert.equal(await store.createEvent({ ...draft, name: 'two' }, BY), 'key-taken')
    assert.equal(await store.createEvent(draft, BY), 'name-taken')
    assert.equal(await store.findEvent('two'), null)
    assert.equal(await store.findEvent('af_2'), null)
    assert.deepEqual(await store.findEvent('one'), one)
  })

  test('a renamed event keeps its number, its key and its rows', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'old')
    await affirm(store, event, { at: at('01:00'), id: 'a' })
    const renamed = await store.updateEvent(event.id, { name: 'new', description: 'more', tags: ['x'] }, SOMETIME, BY)
    assert.deepEqual(renamed, { ...event, name: 'new', description: 'more', tags: ['x'] })
    assert.equal(await store.findEvent('old'), null)
    assert.deepEqual(await store.findEvent('new'), renamed)
    assert.deepEqual(await store.findEvent(event.key), renamed)
    assert.deepEqual(await affirm(store, { ...event, name: 'new' }, { id: 'a' }), ['duplicate'])
    assert.equal((await store.affirmations({ ...event, name: 'new' }, {}, FIRST)).items[0]?.event, 'new')
  })

  test('a rename to a taken name is refused and changes nothing; its own name is not taken', async (t) => {
    const store = await open(t)
    const one = await anEvent(store, 'one')
    await anEvent(store, 'two')
    assert.equal(
      await store.updateEvent(one.id, { name: 'two', description: 'changed', tags: ['t'] }, SOMETIME, BY),
      'name-taken',
    )
    assert.deepEqual(await store.findEvent('one'), one)
    assert.deepEqual(await store.updateEvent(one.id, { ...one, description: 'changed' }, SOMETIME, BY), {
      ...one,
      description: 'changed',
    })
  })

  test('an event that is gone cannot be changed, nor deleted once more', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'gone')
    assert.equal(await store.deleteEvent(event.id, SOMETIME, BY), true)
    assert.equal(await store.deleteEvent(event.id, SOMETIME, BY), false)
    assert.equal(await store.updateEvent(event.id, event, SOMETIME, BY), null)
    assert.equal(await store.findEvent(event.key), null)
  })

  test('deleting frees the name, and a new event of that name starts empty', async (t) => {
    const store = await open(t)
    const old = await anEvent(store, 'job')
    const kept = await anEvent(store, 'kept')
    const expectation = await anExpectation(store, old, { tags: ['mine'] })
    const other = await anExpectation(store, kept)
    await affirm(store, old, { at: at('00:00:30'), id: 'a' }, { at: at('00:00:31'), status: 'fail', isNews: true })
    await judgeUpTo(store, at('00:03'))
    assert.equal(await store.deleteEvent(old.id, SOMETIME, BY), true)

    assert.equal(await store.findExpectation(expectation.id), null)
    assert.deepEqual(names((await store.listEvents({}, FIRST)).items), ['kept'])
    assert.deepEqual(
      (await store.listExpectations({}, FIRST)).items.map(({ id }) => id),
      [other.id],
    )
    assert.deepEqual(
      (await store.outline()).map(({ id }) => id),
      [other.id],
    )
    assert.deepEqual(await store.tags(), [])
    assert.equal(await store.countUnexpected(), 0)
    assert.deepEqual(new Set((await readAll((page) => store.verdicts({}, page))).map(({ event }) => event)), new Set(['kept']))
    assert.equal((await store.nextCheck())?.expectations, 1)

    const born = await anEvent(store, 'job')
    assert.notEqual(born.id, old.id)
    await anExpectation(store, born, { from: at('01:00') })
    assert.deepEqual((await store.affirmations(born, {}, FIRST)).items, [])
    assert.deepEqual(await store.counts(born, undefined, { from: 0, to: at('23:00') }, HOUR), [])
    assert.deepEqual(await store.lastOfEvents([born.id]), new Map())
    assert.equal(await settle(store, at('01:00')), 1, 'the news of the old one is taken')
    assert.deepEqual(await readAll((page) => store.verdicts({ from: START + 31 * SECOND, to: START + MINUTE }, page)), [])
    assert.deepEqual(await affirm(store, born, { id: 'a' }), ['stored'])
    assert.deepEqual(await affirm(store, old, { id: 'b' }), ['gone'])
  })

  test('names come back as they are: quotes, marks of SQL, any script', async (t) => {
    const store = await open(t)
    for (const name of [
      '"quoted"',
      "o'clock",
      '100%',
      'a_b',
      'back\\slash',
      'Ärger',
      '日本語',
      '👩‍🚀',
      '; drop table events; --',
      ' ',
    ]) {
      const event = await anEvent(store, name, { description: `about ${name}\n${name}` })
      assert.equal(event.name, name)
      assert.deepEqual(await store.findEvent(name), event)
      await affirm(store, event, { source: name })
      assert.deepEqual((await store.affirmations(event, { source: name }, FIRST)).items[0]?.source, name)
    }
  })
}

export function listsOfEvents(open: Open): void {
  const NAMES = [
    'b',
    'B',
    'a',
    'A',
    'a1',
    'a-1',
    'a.1',
    'a_1',
    'a:1',
    'aB',
    'ab',
    'Zulu',
    'zulu',
    'é',
    'ß',
    'z\uff5e',
    'z\u{1f600}',
    '"q"',
  ]

  test('are in the order of bytes, with no event twice or lost from page to page', async (t) => {
    const store = await open(t)
    for (const name of NAMES) await anEvent(store, name)
    for (const limit of [1, 4, NAMES.length, 100])
      assert.deepEqual(names(await readAll((page) => store.listEvents({}, page), limit)), byBytes(NAMES))
    assert.deepEqual(await store.eventNames(), byBytes(NAMES))
  })

  test('lose nothing when names come and go while they are read', async (t) => {
    const store = await open(t)
    for (const name of ['b', 'd', 'f', 'h']) await anEvent(store, name)
    const first = await store.listEvents({}, { limit: 2, cursor: null })
    await anEvent(store, 'a')
    await anEvent(store, 'e')
    await store.deleteEvent(first.items[1]?.id ?? 0, SOMETIME, BY)
    assert.deepEqual(names((await store.listEvents({}, { limit: 9, cursor: first.next })).items), ['e', 'f', 'h'])
  })

  test('filter by text in name or description in any case, or the whole key, with nothing in it a wildcard', async (t) => {
    const store = await open(t)
    await anEvent(store, '100%_done')
    await anEvent(store, '100x1done')
    await anEvent(store, 'back\\slash')
    await anEvent(store, `say_"hi"_o'clock`)
    await anEvent(store, 'Nightly', { key: 'af_Night123', description: 'Ärger mit dem BACKUP' })
    const search = async (q: string) => names((await store.listEvents({ q }, FIRST)).items)
    assert.deepEqual(await search('0%'), ['100%_done'])
    assert.deepEqual(await search('%_d'), ['100%_done'])
    assert.deepEqual(await search('0_'), [])
    assert.deepEqual(await search('%'), ['100%_done'])
    assert.deepEqual(await search('\\'), ['back\\slash'])
    assert.deepEqual(await search('"HI"'), [`say_"hi"_o'clock`])
    assert.deepEqual(await search("o'c"), [`say_"hi"_o'clock`])
    assert.deepEqual(await search('nightLY'), ['Nightly'])
    assert.deepEqual(await search('backup'), ['Nightly'])
    assert.deepEqual(await search('Ärger'), ['Nightly'])
    assert.deepEqual(await search('af_Night123'), ['Nightly'])
    assert.deepEqual(await search('af_Night12'), [])
    assert.equal((await search('')).length, 5)
  })

  test('filter by exactly one tag', async (t) => {
    const store = await open(t)
    await anEvent(store, 'a', { tags: ['team', 'db'] })
    await anEvent(store, 'b', { tags: ['Team'] })
    await anEvent(store, 'c', { tags: ['team/ops', 'x_y'] })
    await anEvent(store, 'd', { tags: ['xzy'] })
    const tagged = async (tag: string) => names((await store.listEvents({ tag }, FIRST)).items)
    assert.deepEqual(await tagged('team'), ['a'])
    assert.deepEqual(await tagged('Team'), ['b'])
    assert.deepEqual(await tagged('db'), ['a'])
    assert.deepEqual(await tagged('x_y'), ['c'])
    for (const none of ['t%', '%', 'te_m', 'eam', '"team"', 'team","db', "'", '\\'])
      assert.deepEqual(await tagged(none), [], none)
  })

  test('filter by where it happened and by whether it is expected, and count expectations', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    await anEvent(store, 'three')
    await affirm(store, one, { env: 'prod' }, { env: 'staging' })
    await affirm(store, two, { env: 'staging' })
    await anExpectation(store, one)
    await anExpectation(store, one, { env: 'staging' })
    const list = async (filter: Parameters<Store['listEvents']>[0]) => names((await store.listEvents(filter, FIRST)).items)
    assert.deepEqual(await list({ env: 'prod' }), ['one'])
    assert.deepEqual(await list({ env: 'staging' }), ['one', 'two'])
    assert.deepEqual(await list({ env: 'nowhere' }), [])
    assert.deepEqual(await list({ isUnexpected: true }), ['three', 'two'])
    assert.deepEqual(await list({ isUnexpected: true, env: 'staging', q: 'T' }), ['two'])
    assert.equal(await store.countUnexpected(), 2)
    assert.deepEqual(
      (await store.listEvents({}, FIRST)).items.map(({ name, expectations }) => [name, expectations]),
      [
        ['one', 2],
        ['three', 0],
        ['two', 0],
      ],
    )
  })

  test('tags are those of events and expectations, each once, sorted', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['b', 'a'] })
    await anEvent(store, 'two', { tags: ['b'] })
    await anExpectation(store, event, { tags: ['c', 'a'] })
    assert.deepEqual(await store.tags(), ['a', 'b', 'c'])
  })

  test('of very many tags the 500 used most are told, sorted by name; of those used as often the first', async (t) => {
    const store = await open(t)
    const rare = Array.from({ length: 600 }, (_, i) => `rare-${String(i).padStart(3, '0')}`)
    for (let i = 0; i < 30; i += 1) await anEvent(store, `event-${i}`, { tags: rare.slice(i * 20, i * 20 + 20) })
    const event = await anEvent(store, 'one', { tags: ['z-most', 'z-more'] })
    await anEvent(store, 'two', { tags: ['z-most', 'z-more'] })
    await anExpectation(store, event, { tags: ['z-most', 'rare-599'] })
    assert.deepEqual(await store.tags(), [...rare.slice(0, 497), 'rare-599', 'z-more', 'z-most'])
  })

  test('the last affirmation of an event is the latest in any environment', async (t) => {
    const store = await open(t)
    const [one, two, three] = [await anEvent(store, 'one'), await anEvent(store, 'two'), await anEvent(store, 'three')]
    await affirm(store, one, { at: at('02:00'), env: 'staging', source: 'late' }, { at: at('01:00'), source: 'early' })
    await affirm(store, two, { at: at('01:00'), source: 'first' }, { at: at('01:00'), source: 'second', status: 'log' })
    assert.deepEqual(
      await store.lastOfEvents([one.id, two.id, three.id]),
      new Map([
        [one.id, { at: at('02:00'), source: 'late' }],
        [two.id, { at: at('01:00'), source: 'second' }],
      ]),
    )
    assert.deepEqual(await store.lastOfEvents([]), new Map())
  })

  test('a cursor that is none of theirs is a fault', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const code = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const lists: ((cursor: string) => Promise<unknown>)[] = [
      (cursor) => store.listEvents({}, { limit: 1, cursor }),
      (cursor) => store.listExpectations({}, { limit: 1, cursor }),
      (cursor) => store.affirmations(event, {}, { limit: 1, cursor }),
      (cursor) => store.affirmationsUpwards(event, {}, { limit: 1, cursor }),
      (cursor) => store.verdicts({}, { limit: 1, cursor }),
    ]
    await store.environment('prod')
    for (const list of lists)
      for (const cursor of [
        '',
        'x',
        '💥',
        "' or 1=1",
        code({}),
        code(1),
        code([]),
        code([1.5, 2, 3]),
        code([1, 2, 3, 4]),
        code([null]),
      ])
        await assert.rejects(list(cursor), isFault, `${lists.indexOf(list)}: ${cursor}`)
  })
}

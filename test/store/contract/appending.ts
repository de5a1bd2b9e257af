import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BY, SOMETIME } from '../../support/author.ts'
import {
  affirm,
  anEvent,
  anExpectation,
  at,
  FIRST,
  type Open,
  readAll,
  rowsOf,
  START,
  settle,
  times,
  verdictsOf,
} from './steps.ts'

export function appending(open: Open): void {
  test('an event that was renamed is not the one that was meant; its key still is', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'before')
    await store.updateEvent(event.id, { name: 'after', description: '', tags: [] }, SOMETIME, BY)
    const [byOldName] = await rowsOf(store, event, [{ isNews: true }])
    const [byName, byKey] = [
      ...(await rowsOf(store, { id: event.id, name: 'after' }, [{}])),
      ...(await rowsOf(store, { id: event.id, name: event.key }, [{}])),
    ]
    assert.ok(byOldName && byName && byKey)
    assert.deepEqual(await store.append([byOldName, byName, byKey, byOldName]), ['gone', 'stored', 'stored', 'gone'])
    assert.equal((await store.affirmations({ ...event, name: 'after' }, {}, FIRST)).items.length, 2)
    assert.equal(await store.settleNews(START, 10, () => []), 0)
  })

  test('texts are kept as they are, whatever stands in them', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'job')
    const texts = ['NULL', '"', '\\', '\\"', '{}', '{a,b}', ',', ' a ', '\n\t', "'", '$1', 'é😀', '%s', '']
    const told = texts.map((text, i) => ({ source: text, value: JSON.stringify(text), id: `${i}${text}`, at: START + i }))
    assert.deepEqual(new Set(await affirm(store, event, ...told)), new Set(['stored']))
    const { items } = await store.affirmationsUpwards(event, {}, FIRST)
    assert.deepEqual(
      items.map(({ source, value, clientId }) => [source, value, clientId]),
      told.map(({ source, value, id }) => [source, value, id]),
    )
    assert.deepEqual(new Set(await affirm(store, event, ...told)), new Set(['duplicate']))
  })

  test('answers come in the order of the rows, one each', async (t) => {
    const store = await open(t)
    const [event, gone] = [await anEvent(store, 'here'), await anEvent(store, 'gone')]
    await store.deleteEvent(gone.id, SOMETIME, BY)
    await affirm(store, event, { id: 'old' })
    const [fine] = await rowsOf(store, event, [{}])
    const [lost] = await rowsOf(store, gone, [{ id: 'new' }])
    const [again, fresh] = await rowsOf(store, event, [{ id: 'old' }, { id: 'new' }])
    assert.ok(fine && lost && again && fresh)
    assert.deepEqual(await store.append([lost, fine, again, fresh, again, fine, lost, fresh]), [
      'gone',
      'stored',
      'duplicate',
      'stored',
      'duplicate',
      'stored',
      'gone',
      'duplicate',
    ])
    assert.equal((await store.affirmations(event, {}, FIRST)).items.length, 4)
    assert.deepEqual((await store.affirmations(gone, {}, FIRST)).items, [])
    assert.deepEqual(await store.append([]), [])
  })

  test('a client id counts once for its event and environment, and anew for another of them', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    assert.deepEqual(await affirm(store, one, { id: 'x', at: at('01:00') }), ['stored'])
    assert.deepEqual(await affirm(store, one, { id: 'x', at: at('02:00'), status: 'fail', source: 'other' }), ['duplicate'])
    assert.deepEqual(await affirm(store, one, { id: 'x', env: 'staging' }), ['stored'])
    assert.deepEqual(await affirm(store, two, { id: 'x' }), ['stored'])
    assert.deepEqual(await affirm(store, one, { id: 'X' }, { id: 'x ' }, { id: '' }), ['stored', 'stored', 'stored'])
    const [kept] = (await store.affirmations(one, { env: 'prod', from: at('01:00') }, FIRST)).items
    assert.deepEqual([kept?.at, kept?.status, kept?.source, kept?.clientId], [at('01:00'), 'ok', 'test', 'x'])
  })

  test('of one client id many times in a batch the first is stored', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    assert.deepEqual(
      await affirm(store, event, { id: 'x', value: '1' }, { id: 'x', value: '2' }, { id: 'y' }, { id: 'x', value: '3' }),
      ['stored', 'duplicate', 'stored', 'duplicate'],
    )
    assert.deepEqual(
      (await store.affirmationsUpwards(event, {}, FIRST)).items.map(({ value, clientId }) => [value, clientId]),
      [
        ['1', 'x'],
        [null, 'y'],
      ],
    )
  })

  test('rows without a client id are all stored, however alike', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    assert.deepEqual(await affirm(store, event, {}, {}, {}), ['stored', 'stored', 'stored'])
    assert.equal((await store.affirmations(event, {}, FIRST)).items.length, 3)
  })

  test('a stored row that is news is told once; a duplicate, a gone and an ordinary one never', async (t) => {
    const store = await open(t)
    const [event, gone] = [await anEvent(store, 'one'), await anEvent(store, 'gone')]
    await store.deleteEvent(gone.id, SOMETIME, BY)
    await affirm(store, event, {}, { id: 'a' }, { isNews: true }, { id: 'b', isNews: true })
    assert.equal(await settle(store, at('01:00')), 2)
    await affirm(store, event, { id: 'a', isNews: true }, { id: 'b', isNews: true })
    await affirm(store, gone, { isNews: true })
    assert.equal(await settle(store, at('01:00')), 0)
  })

  test('a duplicate within its own batch is not told either', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    await affirm(
      store,
      event,
      { id: 'x' },
      { id: 'x', status: 'fail', isNews: true },
      { id: 'y', isNews: true },
      { id: 'y', isNews: true },
    )
    assert.equal(await settle(store, at('01:00')), 1)
    assert.deepEqual(await verdictsOf(store, expectation), [])
  })

  test('a batch of thousands is stored in its order', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const told = times(6_000, (i) => ({ id: i % 3 === 0 ? null : `id ${i % 4_000}`, value: `${i}` }))
    const answers = await affirm(store, event, ...told)
    const seen = new Set<string>()
    const expected = told.map(({ id }) => {
      const isNew = id === null || !seen.has(id)
      if (id !== null) seen.add(id)
      return isNew ? 'stored' : 'duplicate'
    })
    assert.deepEqual(answers, expected)
    const kept = await readAll((page) => store.affirmationsUpwards(event, {}, page))
    assert.deepEqual(
      kept.map(({ value }) => value),
      told.flatMap(({ value }, i) => (expected[i] === 'stored' ? [value] : [])),
    )
  })

  test('all that is given comes back byte for byte', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const values = [
      null,
      'null',
      '""',
      '"\\u0000"',
      `"quoted \\"text\\" and 'more' \\\\ %_"`,
      '123456789012345678901234567890',
      '1.0',
      ' {"a" : 1,\n"a":2} ',
      JSON.stringify('Ärger 日本語 👩‍🚀 \u2028 \u{10ffff}'),
      JSON.stringify('x'.repeat(64 * 1024 - 2)),
      JSON.stringify('日'.repeat(21_844)),
    ]
    const told = values.map((value, i) => ({ value, at: START + i, source: `s "${i}" 👩‍🚀`, id: `id '${i}' é` }))
    await affirm(store, event, ...told)
    const kept = (await store.affirmationsUpwards(event, {}, FIRST)).items
    assert.deepEqual(
      kept.map(({ value, at, source, clientId }) => ({ value, at, source, id: clientId })),
      told,
    )
  })

  test('instants keep every millisecond as far as dates go', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const instants = [0, 1, 2 ** 31, 2 ** 32 + 1, at('01:00') + 1, 8.64e15 - 1, 8.64e15]
    await affirm(store, event, ...instants.map((at) => ({ at })))
    const kept = await readAll((page) => store.affirmationsUpwards(event, {}, page), 2)
    assert.deepEqual(
      kept.map(({ at }) => at),
      instants,
    )
  })
}

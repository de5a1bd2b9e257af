import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_KEYS } from '../../../src/domain/api-key.ts'
import type { NewKey, Store } from '../../../src/store/store.ts'
import { at, FIRST, type Open, readAll, START, times } from './steps.ts'

const ANN = { who: 'user:ann', address: '192.0.2.7' }
const draft = (name: string, more: Partial<NewKey> = {}): NewKey => ({
  name,
  scopes: ['affirm'],
  env: null,
  hash: `hash of ${name}`,
  hint: 'ak_abcd',
  createdAt: START,
  ...more,
})

async function aKey(store: Store, name: string, more: Partial<NewKey> = {}) {
  const made = await store.createKey(draft(name, more), ANN)
  return typeof made === 'string' ? assert.fail(made) : made
}

export function apiKeys(open: Open): void {
  test('a key is given back as it was made, without its hash', async (t) => {
    const store = await open(t)
    const made = await aKey(store, 'deploy', { scopes: ['affirm', 'read'], env: 'staging' })
    assert.deepEqual(made, {
      id: made.id,
      name: 'deploy',
      hint: 'ak_abcd',
      scopes: ['affirm', 'read'],
      env: 'staging',
      createdBy: 'user:ann',
      createdAt: START,
      usedAt: null,
    })
    assert.deepEqual(await store.findKey(made.id), made)
    assert.equal(await store.findKey(made.id + 1), null)
    const key = { kind: 'key', id: made.id, name: 'deploy', scopes: ['affirm', 'read'], env: 'staging' }
    const holder = { hash: 'hash of deploy', key, usedAt: null }
    assert.deepEqual(await store.holderOf('hash of deploy'), holder)
    assert.deepEqual(await store.holders(), [holder])
    assert.equal(await store.holderOf('hash of another'), null)
  })

  test('a revoked key stays in the table and is found nowhere; it is revoked once', async (t) => {
    const store = await open(t)
    const { id } = await aKey(store, 'deploy')
    assert.equal(await store.revokeKey(id, at('01:00'), ANN), true)
    assert.equal(await store.revokeKey(id, at('02:00'), ANN), false)
    assert.equal(await store.findKey(id), null)
    assert.deepEqual([await store.holders(), await store.holderOf('hash of deploy')], [[], null])
    assert.deepEqual(await readAll(store.listKeys), [])
    await assert.rejects(aKey(store, 'deploy'), 'its hash is still there')
  })

  test('of living keys no two have one name in any spelling, though many are made at the same moment', async (t) => {
    const store = await open(t)
    const answers = await Promise.all(
      times(6, (i) => store.createKey(draft(i % 2 === 0 ? 'deploy' : 'Deploy', { hash: `${i}` }), ANN)),
    )
    assert.equal(answers.filter((answer) => answer === 'name-taken').length, 5)
    const [living] = (await store.listKeys(FIRST)).items
    assert.equal((await store.changes({}, FIRST)).items.length, 1)
    await store.revokeKey(living?.id ?? 0, at('01:00'), ANN)
    assert.equal((await aKey(store, 'DEPLOY', { hash: 'later' })).name, 'DEPLOY', 'a revoked one leaves its name')
  })

  test('making and revoking are noted in the audit log, once each and without the hash', async (t) => {
    const store = await open(t)
    const { id } = await aKey(store, 'deploy', { env: 'prod' })
    await store.revokeKey(id, at('01:00'), ANN)
    await store.revokeKey(id, at('02:00'), ANN)
    const { items } = await store.changes({}, FIRST)
    const kept = { id, name: 'deploy', hint: 'ak_abcd', scopes: ['affirm'], env: 'prod' }
    assert.deepEqual(
      items.map(({ id: _, ...change }) => change),
      [
        { at: at('01:00'), by: ANN, action: 'key.revoke', subject: 'deploy', before: kept, after: null },
        { at: START, by: ANN, action: 'key.make', subject: 'deploy', before: null, after: kept },
      ],
    )
    assert.ok(!JSON.stringify(items).includes('hash'))
  })

  test('what cannot be made is not noted', async (t) => {
    const store = await open(t)
    await aKey(store, 'one')
    await assert.rejects(aKey(store, 'two', { hash: 'hash of one' }))
    assert.equal((await store.changes({}, FIRST)).items.length, 1)
  })

  test('keys are listed newest first, page by page', async (t) => {
    const store = await open(t)
    for (const name of ['a', 'b', 'c', 'd', 'e']) await aKey(store, name)
    const listed = await readAll(store.listKeys, 2)
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['e', 'd', 'c', 'b', 'a'],
    )
  })

  test(`there are never more than ${MOST_KEYS} living keys, though many are made at the same moment`, async (t) => {
    const store = await open(t)
    for (let made = 0; made < MOST_KEYS - 5; made += 5) await Promise.all(times(5, (i) => aKey(store, `${made + i}`)))
    const answers = await Promise.all(times(12, (i) => store.createKey(draft(`last ${i}`), ANN)))
    assert.equal(answers.filter((answer) => answer === 'too-many').length, 7)
    assert.equal((await store.holders()).length, MOST_KEYS)
    const [last] = (await store.listKeys(FIRST)).items
    await store.revokeKey(last?.id ?? 0, at('01:00'), ANN)
    assert.notEqual(await store.createKey(draft('one more'), ANN), 'too-many')
    assert.equal(await store.createKey(draft('one too many'), ANN), 'too-many')
  })

  test('when keys were used last is noted for many at once, and never goes back', async (t) => {
    const store = await open(t)
    const ids: number[] = []
    for (const name of ['a', 'b', 'c']) ids.push((await aKey(store, name)).id)
    const [a = 0, b = 0] = ids
    await store.useKeys([
      { id: b, at: at('03:00') },
      { id: a, at: at('01:00') },
      { id: 1_000_000, at: at('01:00') },
    ])
    await store.useKeys([
      { id: a, at: at('02:00') },
      { id: b, at: at('02:00') },
    ])
    const used = (await readAll(store.listKeys)).map(({ name, usedAt }) => [name, usedAt])
    assert.deepEqual(used, [
      ['c', null],
      ['b', at('03:00')],
      ['a', at('02:00')],
    ])
  })

  test('the use of all keys there can be is noted by two nodes at once', async (t) => {
    const store = await open(t)
    const ids: number[] = []
    for (let i = 0; i < 100; i++) ids.push((await aKey(store, `${i}`)).id)
    const used = Array.from({ length: MOST_KEYS }, (_, i) => ({ id: ids[i] ?? 1_000_000 + i, at: at('01:00') }))
    await Promise.all([store.useKeys(used), store.useKeys(used.toReversed())])
    assert.ok((await readAll(store.listKeys)).every(({ usedAt }) => usedAt === at('01:00')))
  })
}

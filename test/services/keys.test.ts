import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Scope } from '../../src/domain/access.ts'
import { MINUTE, SECOND } from '../../src/domain/time.ts'
import { aKeys, type Keys } from '../../src/services/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const ANN = { who: 'user:ann', address: '192.0.2.7' }
const UNKNOWN = `ak_${'x'.repeat(40)}`
const DRAFT = { name: 'deploy', scopes: ['affirm'] satisfies Scope[], env: null }

describe('API keys on two nodes', () => {
  let engine: TestEngine
  let store: Store
  let [here, there]: Keys[] = []
  let asked: string[]

  /** Notes what is asked of the database. */
  const watched = (): Store => ({
    ...store,
    holderOf: (hash) => {
      asked.push('holderOf')
      return store.holderOf(hash)
    },
    useKeys: (used) => {
      asked.push(`useKeys ${used.length}`)
      return store.useKeys(used)
    },
  })
  const node = (number: 0 | 1): Keys => [here, there][number] ?? assert.fail()
  const make = () => node(0).make(DRAFT, ANN, NOON)
  const usedAt = async () => (await store.listKeys({ limit: 1, cursor: null })).items[0]?.usedAt

  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    store = await engine.open()
    asked = []
    ;[here, there] = [aKeys(watched()), aKeys(watched())]
    await Promise.all([node(0).loop.tick(NOON), node(1).loop.tick(NOON)])
  })

  test('a secret is ak_ and 40 letters and digits, and begins with the hint; only its hash is kept', async () => {
    const { secret, hint } = await make()
    assert.match(secret, /^ak_[0-9A-Za-z]{40}$/)
    assert.equal(hint, secret.slice(0, 7))
    assert.notEqual((await node(0).make({ ...DRAFT, name: 'another' }, ANN, NOON)).secret, secret)
    for (const { hash } of await store.holders()) assert.match(hash, /^[0-9a-f]{64}$/)
  })

  test('a new key works at once where it was made, without a look at the database', async () => {
    const { secret, id } = await make()
    assert.equal(node(0).known(secret, NOON)?.id, id)
    assert.deepEqual(asked, [])
  })

  test('on another node it is looked up once, and works at once, too', async () => {
    const { secret, id } = await make()
    assert.equal(node(1).known(secret, NOON), null)
    const answers = await Promise.all([1, 2, 3].map(() => node(1).holder(secret, NOON)))
    assert.deepEqual(
      answers.map((key) => key?.id),
      [id, id, id],
    )
    assert.equal(node(1).known(secret, NOON)?.id, id)
    assert.deepEqual(asked, ['holderOf'])
  })

  test('a revoked key ends at once where it was revoked, and on other nodes with their next load', async () => {
    const { secret, id } = await make()
    await node(1).holder(secret, NOON)
    await node(0).revoke(id, ANN, NOON)
    assert.equal(await node(0).holder(secret, NOON), null)
    assert.ok(node(1).loop.pause(NOON) <= 5 * SECOND)
    await node(1).loop.tick(NOON + 5 * SECOND)
    assert.equal(await node(1).holder(secret, NOON), null)
  })

  test('a key that was looked up and then revoked on the same node ends at once', async () => {
    const { secret, id } = await make()
    await node(1).holder(secret, NOON)
    await node(1).revoke(id, ANN, NOON)
    assert.equal(await node(1).holder(secret, NOON), null)
  })

  test('a load that began before a key was revoked does not bring it back', async () => {
    const { secret, id } = await make()
    let answer: (holders: Awaited<ReturnType<Store['holders']>>) => void = () => undefined
    const slow = aKeys({ ...store, holders: () => new Promise((resolve) => (answer = resolve)) })
    const loading = slow.loop.tick(NOON)
    const read = await store.holders()
    await slow.revoke(id, ANN, NOON)
    answer(read)
    assert.equal(await loading, 'more', 'it loads again at once')
    assert.equal(await slow.holder(secret, NOON), null)
  })

  test('revoking twice, or what never was, is told', async () => {
    const { id } = await make()
    await node(0).revoke(id, ANN, NOON)
    await assert.rejects(node(0).revoke(id, ANN, NOON), { code: 'not-found' })
    await assert.rejects(node(0).find(id), { code: 'not-found' })
    await assert.rejects(node(0).revoke(4_711, ANN, NOON), { code: 'not-found' })
  })

  test('an unknown secret is looked up once between two loads, and one of another shape never', async () => {
    for (const secret of [UNKNOWN, UNKNOWN, '', 'ak_', `${UNKNOWN}y`, UNKNOWN.replace('ak', 'af'), `ak_${'é'.repeat(40)}`])
      assert.equal(await node(0).holder(secret, NOON), null)
    assert.deepEqual(asked, ['holderOf'])
    await node(0).loop.tick(NOON + 5 * SECOND)
    await node(0).holder(UNKNOWN, NOON)
    assert.equal(asked.length, 2)
  })

  test('a flood of unknown secrets asks the database but some times, and takes no memory', async () => {
    const secrets = Array.from({ length: 1_000 }, (_, i) => `ak_${String(i).padStart(40, '0')}`)
    for (const answer of await Promise.all(secrets.map((secret) => node(0).holder(secret, NOON)))) assert.equal(answer, null)
    assert.equal(asked.length, 50)
  })

  test('while the database is away known keys go on working, and of others nothing can be told', async () => {
    const { secret, id } = await make()
    const away = () => Promise.reject(new Error('away'))
    const cut = { ...store, holders: store.holders, holderOf: away, useKeys: away }
    const keys = aKeys(cut)
    await keys.loop.tick(NOON)
    cut.holders = away
    await assert.rejects(keys.loop.tick(NOON + 5 * SECOND), /away/)
    assert.equal((await keys.holder(secret, NOON))?.id, id)
    await assert.rejects(keys.holder(UNKNOWN, NOON), /away/)
  })

  test('when it was used last is written by the loop, at most once a minute, and at the end', async () => {
    const { secret } = await make()
    node(0).known(secret, NOON + SECOND)
    node(0).known(secret, NOON + 2 * SECOND)
    assert.equal(await usedAt(), null)
    await node(0).loop.tick(NOON + 5 * SECOND)
    assert.equal(await usedAt(), NOON + 2 * SECOND)
    node(0).known(secret, NOON + 8 * SECOND)
    await node(0).loop.tick(NOON + 10 * SECOND)
    assert.equal(await usedAt(), NOON + 2 * SECOND)
    await node(0).loop.tick(NOON + 2 * SECOND + MINUTE)
    assert.equal(await usedAt(), NOON + 8 * SECOND)
    await node(0).loop.tick(NOON + 3 * MINUTE)
    node(0).known(secret, NOON + 3 * MINUTE)
    await node(0).flush()
    assert.equal(await usedAt(), NOON + 3 * MINUTE)
    await node(0).flush()
    assert.deepEqual(asked, ['useKeys 1', 'useKeys 1', 'useKeys 1'], 'what was not used is not written')
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { DAY } from '../../src/domain/time.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { aPerson } from './contract/people.ts'

const CALLERS = 6
const ROUNDS = 8
const BY = { who: 'user:ann', address: 'here' }
const AT = { at: 1, by: BY }
const fail = (error: Error): never => {
  throw error
}

/** Six callers of one database: stores of their own on PostgreSQL, many at once on the only store that SQLite allows. */
async function aCrowd(t: TestContext, engine: TestEngine): Promise<Store[]> {
  const url = await engine.url()
  const one = await openStore(url, fail)
  const others = Array.from({ length: CALLERS - 1 }, () => (engine.name === 'sqlite' ? one : openStore(url, fail)))
  const stores = [one, ...(await Promise.all(others))]
  t.after(() => Promise.all([...new Set(stores)].map((store) => store.close())))
  return stores
}

function races(name: EngineName): void {
  describe(`people, many at once on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('of six who use one link one joins', async (t) => {
      const stores = await aCrowd(t, engine)
      const [one = assert.fail()] = stores
      for (let round = 0; round < ROUNDS; round += 1) {
        const link = { kind: 'invitation', role: 'viewer', person: null, createdBy: 'x', createdAt: 0, expiresAt: DAY } as const
        await one.makeLink(`l${round}`, link, BY)
        const given = (i: number) => ({ name: `p ${round} ${i}`, password: 'p' })
        const answers = await Promise.all(stores.map((store, i) => store.useLink(`l${round}`, given(i), 1, 'x')))
        assert.equal(answers.filter((answer) => typeof answer === 'object').length, 1)
        assert.equal(answers.filter((answer) => answer === 'gone').length, CALLERS - 1)
      }
      assert.equal((await one.people()).length, ROUNDS)
    })

    test('of six who use or withdraw one link one is first', async (t) => {
      const stores = await aCrowd(t, engine)
      const [one = assert.fail()] = stores
      for (let round = 0; round < ROUNDS; round += 1) {
        const link = { kind: 'invitation', role: 'viewer', person: null, createdBy: 'x', createdAt: 0, expiresAt: DAY } as const
        await one.makeLink(`w${round}`, link, BY)
        const [{ id } = assert.fail()] = await one.openLinks(1, 1)
        const turn = (store: Store, i: number) =>
          i % 2 === 0
            ? store.withdrawLink(id, AT)
            : store.useLink(`w${round}`, { name: `w ${round} ${i}`, password: 'p' }, 1, 'x')
        const answers = await Promise.all(stores.map(turn))
        assert.equal(answers.filter((answer) => typeof answer === 'object' && answer !== null).length, 1)
      }
    })

    test('of six who want one name in six spellings one gets it', async (t) => {
      const stores = await aCrowd(t, engine)
      const [one = assert.fail()] = stores
      const spelled = ['zoe', 'Zoe', 'zOe', 'zoE', 'ZOe', 'ZOE']
      for (let round = 0; round < ROUNDS; round += 1) {
        const link = { kind: 'invitation', role: 'viewer', person: null, createdBy: 'x', createdAt: 0, expiresAt: DAY } as const
        for (const spelling of spelled) await one.makeLink(`${round} ${spelling}`, link, BY)
        const use = (store: Store, i: number) =>
          store.useLink(`${round} ${spelled[i]}`, { name: `${spelled[i]} ${round}`, password: 'p' }, 1, 'x')
        const answers = await Promise.all(stores.map(use))
        assert.equal(answers.filter((answer) => answer === 'name-taken').length, CALLERS - 1)
      }
    })

    test('of admins who all end or demote each other one stays', async (t) => {
      for (let round = 0; round < ROUNDS / 2; round += 1) {
        const stores = await aCrowd(t, engine)
        const [one = assert.fail()] = stores
        const admins = await Promise.all(stores.map((_, i) => aPerson(one, `admin ${round} ${i}`, 'admin')))
        const turn = (store: Store, i: number) => {
          const { id } = admins[(i + 1) % CALLERS] ?? assert.fail()
          return i % 2 === 0 ? store.endPerson(id, AT) : store.changeRole(id, 'viewer', AT)
        }
        await Promise.all(stores.map(turn))
        const last = (await one.people()).filter(({ role, endedAt }) => role === 'admin' && endedAt === null)
        assert.equal(last.length, 1, `round ${round}`)
      }
    })

    test('of six who are told of one stranger at once one makes the person', async (t) => {
      const stores = await aCrowd(t, engine)
      const stranger = { name: 'ann', role: 'viewer', identity: 'https://id|ann' } as const
      const made = await Promise.all(stores.map((store) => store.identified(stranger, AT)))
      assert.equal(new Set(made.map(({ id }) => id)).size, 1)
    })
  })
}

for (const name of ENGINES) races(name)

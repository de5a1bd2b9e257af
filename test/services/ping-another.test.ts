import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { aPing } from '../../src/services/ping.ts'
import { BY } from '../support/author.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import { aWorld } from '../support/world.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const { signal } = new AbortController()

/** `one` pings; `other`, who asks for keys, hears it, and expects to. Over a real connection. */
describe('one server watches another', () => {
  let engine: TestEngine
  let other: Site
  before(async () => {
    engine = await startEngine('sqlite')
    other = await startSite(await engine.open(), NOON, { auth: 'accounts' })
  })
  after(async () => {
    await other.close()
    await engine.stop()
  })

  test('what is silent is missed there within three minutes, and met when it works again', async () => {
    const draft = { name: 'one', scopes: ['affirm'] as const, env: null }
    const { secret } = await other.world.services.keys.make(draft, BY, NOON)
    const { id } = await other.world.expects('one_judges', { schedule: '* * * * *', lookback: '3m' })
    const one = aWorld(await engine.open(), NOON, {
      said: { AFFIRMATIVE_PING_URL: `${other.url}/affirm/one_judges` },
      ping: aPing({ key: secret, stopped: signal }),
    })
    const both = async (minutes: number, isUp: boolean) => {
      for (let i = 0; i < minutes; i++) {
        const end = other.world.clock.now() + MINUTE
        if (isUp) await one.passUntil(end)
        else one.sleepUntil(end)
        if (isUp) await one.pinging?.tick(end)
        await other.world.passUntil(end)
      }
    }
    await both(6, true)
    assert.equal(await other.world.stateOf(id), 'met')
    await both(4, false)
    assert.equal(await other.world.stateOf(id), 'missed')
    await both(3, true)
    assert.equal(await other.world.stateOf(id), 'met')
    assert.deepEqual(one.errors, [])
  })

  test('without a key, or with another one, it is told so by the status', async () => {
    for (const key of [null, 'ak_wrong'])
      assert.deepEqual(await aPing({ key, stopped: signal })(`${other.url}/affirm/one_judges`), {
        kind: 'never',
        said: 'status 401',
      })
  })
})

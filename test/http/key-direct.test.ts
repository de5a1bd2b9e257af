import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Scope } from '../../src/domain/access.ts'
import { aListener } from '../../src/http/direct.ts'
import { aWorld, type World } from '../support/world.ts'
import { fresh, NOW } from './fresh.ts'

const ANN = { who: 'user:ann', address: '192.0.2.7' }
type Who = 'nobody' | 'affirm' | 'admin' | 'read' | 'staging' | 'revoked' | 'wrong' | 'elsewhere' | 'proxy'
const WHO: readonly Who[] = ['nobody', 'affirm', 'admin', 'read', 'staging', 'revoked', 'wrong', 'elsewhere', 'proxy']
const PATHS = ['/affirm/job', '/affirm/new_job?env=prod', '/affirm/job/fail?env=staging', '/affirm/job?key=x']

describe('with an API key the direct way answers and stores what the framework does', () => {
  const here = fresh()
  let servers: Server[]
  let lookUps: number
  beforeEach(() => {
    servers = []
  })
  afterEach(() => {
    for (const server of servers) server.close()
  })

  const listen = async ({ services }: World): Promise<string> => {
    const keys: World['services']['keys'] = {
      ...services.keys,
      holder: (...asked) => {
        lookUps += 1
        return services.keys.holder(...asked)
      },
    }
    lookUps = 0
    const server = createServer(aListener({ ...services, keys })).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** The headers of each, in a world of their own. */
  const headersOf = async (world: World, who: Who): Promise<Record<string, string>> => {
    if (who === 'nobody') return {}
    if (who === 'proxy') return { authorization: 'Basic YW5uOnNlY3JldA==' }
    if (who === 'wrong') return { 'x-api-key': `ak_${'x'.repeat(40)}` }
    const scopes: Scope[] = [who === 'admin' || who === 'read' ? who : 'affirm']
    const draft = { name: who, scopes, env: who === 'staging' ? 'staging' : null }
    const maker = who === 'elsewhere' ? aWorld(world.store, NOW) : world
    const { id, secret } = await maker.services.keys.make(draft, ANN, Date.parse(NOW))
    if (who === 'revoked') await world.services.keys.revoke(id, ANN, Date.parse(NOW))
    return { authorization: `Bearer ${secret}` }
  }

  const answered = async (answer: Response) => ({
    status: answer.status,
    asks: answer.headers.get('www-authenticate'),
    type: answer.headers.get('content-type'),
    body: await answer.text(),
  })

  const stored = async ({ store }: World) => {
    const event = await store.findEvent('job')
    if (event === null) return []
    const { items } = await store.affirmations(event, {}, { limit: 100, cursor: null })
    return items.map(({ id: _, event: __, ...affirmation }) => affirmation)
  }

  for (const auth of ['open', 'accounts'] as const)
    for (const who of WHO)
      test(`${who}, ${auth}`, async () => {
        const [one, other] = [aWorld(await here.open(), NOW, { auth }), aWorld(await here.open(), NOW, { auth })]
        const url = await listen(one)
        const [headers, same] = [await headersOf(one, who), await headersOf(other, who)]
        for (const path of PATHS) {
          const direct = await answered(await fetch(url + path, { headers }))
          const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
          assert.deepEqual(direct, await answered(await other.app.request(path, { headers: same }, env)), path)
        }
        assert.deepEqual(await stored(one), await stored(other))
        assert.equal(
          (await stored(one)).length > 0,
          ['affirm', 'admin', 'staging', 'elsewhere'].includes(who) || (auth === 'open' && (who === 'nobody' || who === 'proxy')),
        )
      })

  test('a key that is known takes the direct way: nothing is waited for', async () => {
    const { world } = here
    const url = await listen(world)
    const headers = await headersOf(world, 'affirm')
    assert.equal((await fetch(`${url}/affirm/job`, { headers })).status, 200)
    assert.equal(lookUps, 0)
    assert.equal((await fetch(`${url}/affirm/job`, { headers: { 'x-api-key': 'wrong' } })).status, 401)
    assert.equal(lookUps, 1)
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, test } from 'node:test'
import { aListener } from '../../src/http/direct.ts'
import { anApi, type Problem } from '../support/api.ts'
import { aWorld, type World } from '../support/world.ts'
import { fresh, NOW, type Tally } from './fresh.ts'

const ANN = { who: 'user:ann', address: '192.0.2.7' }
const AS_ANN = { event: 'job', source: 'user:ann' }

describe('an API key signs as nobody', () => {
  const here = fresh({ auth: 'accounts' })
  const keyOf = async ({ services }: World): Promise<{ authorization: string }> => {
    const draft = { name: 'ci', scopes: ['affirm', 'read'] as const, env: null }
    return { authorization: `Bearer ${(await services.keys.make(draft, ANN, Date.parse(NOW))).secret}` }
  }
  let headers: { authorization: string }
  beforeEach(async () => {
    headers = await keyOf(here.world)
  })
  const sources = async () => {
    const event = await here.world.store.findEvent('job')
    if (event === null) return []
    const { items } = await here.world.store.affirmations(event, {}, { limit: 100, cursor: null })
    return items.map(({ source }) => source)
  }
  const refused = ({ status, errors = [] }: Problem) => {
    assert.equal(status, 400)
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['source'],
    )
    assert.match(errors[0]?.detail ?? '', /user:/)
  }

  test('by the short form, on both ways', async () => {
    const server = createServer(aListener(here.world.services)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      for (const source of ['user:ann', 'user%3Aann', 'user:']) {
        const path = `/affirm/job?source=${source}`
        refused((await (await fetch(url + path, { headers })).json()) as Problem)
        refused((await here.api.get<Problem>(path, headers)).body)
      }
    } finally {
      server.close()
    }
    assert.deepEqual(await sources(), [])
  })

  test('alone', async () => {
    refused((await here.api.send<Problem>('POST', '/api/v1/affirmations', AS_ANN, headers)).body)
    assert.deepEqual(await sources(), [])
  })

  test('in a batch that one is rejected, and the others are kept', async () => {
    const batch = [{ event: 'job', source: 'ci' }, AS_ANN, { event: 'job', source: 'a user:ann' }]
    const { body } = await here.api.send<Tally>('POST', '/api/v1/affirmations', batch, headers)
    assert.deepEqual([body.accepted, body.rejected.map(({ index }) => index)], [2, [1]])
    assert.match(body.rejected[0]?.detail ?? '', /user:/)
    assert.deepEqual((await sources()).toSorted(), ['a user:ann', 'ci'])
  })

  test('in proxy mode, too', async () => {
    const said = { AFFIRMATIVE_AUTH: 'proxy', AFFIRMATIVE_TRUSTED_PROXIES: '10.0.0.1' }
    const world = aWorld(await here.open(), NOW, { said })
    const authorization = await keyOf(world)
    refused((await anApi(world).send<Problem>('POST', '/api/v1/affirmations', AS_ANN, authorization)).body)
  })

  test('where nobody is asked who they are, a source is what anybody says', async () => {
    const world = aWorld(await here.open(), NOW)
    const api = anApi(world)
    assert.equal((await api.get('/affirm/job?source=user:ann')).status, 200)
    assert.equal((await api.send('POST', '/api/v1/affirmations', AS_ANN, await keyOf(world))).status, 200)
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Hono } from 'hono'
import type { Env } from '../../src/config.ts'
import type { Bindings } from '../../src/http/peer.ts'
import { isOwnOrigin, isSecure, originOf } from '../../src/http/secure.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld } from '../support/world.ts'

const PROXY = '10.0.0.1'
const URL_SET = { AFFIRMATIVE_URL: 'https://affirm.example.org' }

type Seen = { secure: boolean; origin: string; isOwn: boolean }

describe('https, and whose page a form comes from', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  /** How a request to http://10.0.0.9:5123 is taken. */
  const seen = async (
    headers: Record<string, string>,
    { peer = PROXY, said = {} }: { peer?: string; said?: Env } = {},
  ): Promise<Seen> => {
    const { services } = aWorld(await engine.open(), 0, { said: { AFFIRMATIVE_TRUSTED_PROXIES: PROXY, ...said } })
    const app = new Hono<{ Bindings: Bindings }>().get('/', (c) =>
      c.json({
        secure: isSecure(c, services),
        origin: originOf(c, services),
        isOwn: isOwnOrigin(c.req.header('origin') ?? '', c, services),
      } satisfies Seen),
    )
    const incoming = { socket: { remoteAddress: peer } }
    return (await app.request('http://10.0.0.9:5123/', { headers }, { incoming })).json() as Promise<Seen>
  }
  const isSecureWhen = async (...asked: Parameters<typeof seen>) => (await seen(...asked)).secure
  const isOwnWhen = async (...asked: Parameters<typeof seen>) => (await seen(...asked)).isOwn

  test('plain http is plain, whatever a stranger says', async () => {
    assert.equal(await isSecureWhen({}), false)
    assert.equal(await isSecureWhen({ 'x-forwarded-proto': 'https' }, { peer: '192.0.2.7' }), false)
  })

  test('a configured proxy says which it was; of a chain of them the first', async () => {
    assert.equal(await isSecureWhen({ 'x-forwarded-proto': 'https' }), true)
    assert.equal(await isSecureWhen({ 'x-forwarded-proto': 'HTTPS, http' }), true)
    assert.equal(await isSecureWhen({ 'x-forwarded-proto': 'http' }), false)
  })

  test('where people reach it by https, cookies are kept to that, unless the proxy says otherwise', async () => {
    assert.equal(await isSecureWhen({}, { said: URL_SET }), true)
    assert.equal(await isSecureWhen({}, { said: URL_SET, peer: '192.0.2.7' }), true)
    assert.equal(await isSecureWhen({ 'x-forwarded-proto': 'http' }, { said: URL_SET }), false)
  })

  test('our pages are those at the address of the request, and at the one that is set', async () => {
    assert.equal(await isOwnWhen({ origin: 'http://10.0.0.9:5123' }, { said: URL_SET }), true)
    assert.equal(await isOwnWhen({ origin: 'https://affirm.example.org' }, { said: URL_SET }), true)
    assert.equal(await isOwnWhen({ origin: 'https://10.0.0.9:5123', 'x-forwarded-proto': 'https' }), true)
  })

  test('and no others', async () => {
    for (const origin of [
      'null',
      'https://evil.example',
      'http://affirm.example.org',
      'https://affirm.example.org.evil.example',
      '',
    ])
      assert.equal(await isOwnWhen({ origin }, { said: URL_SET }), false, origin)
    const forged = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
    assert.equal(await isOwnWhen(forged, { said: URL_SET }), false)
    assert.equal(await isOwnWhen(forged, { said: URL_SET, peer: '192.0.2.7' }), false)
  })
})

import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { describe, test } from 'node:test'
import { anApp } from '../../src/http/app.ts'
import { fresh } from './fresh.ts'

describe('who affirmed, when they do not say', () => {
  const here = fresh()

  /** The app behind proxies of 10.0.0.0/8 and fd00::/8, asked by `peer`. */
  const sourceSeen = async (peer: string | undefined, forwarded?: string, trusted = true): Promise<unknown> => {
    const trustedProxies = new BlockList()
    if (trusted) trustedProxies.addSubnet('10.0.0.0', 8)
    if (trusted) trustedProxies.addSubnet('fd00::', 8, 'ipv6')
    const { services } = here.world
    const app = anApp({ ...services, settings: { ...services.settings, trustedProxies } })
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const incoming = { socket: { remoteAddress: peer } }
    await app.request('/affirm/short', { headers }, { incoming })
    const init = { method: 'POST', body: '{"event":"long"}', headers: { ...headers, 'content-type': 'application/json' } }
    await app.request('/api/v1/affirmations', init, { incoming })
    const [short] = await here.affirmations('short')
    const [long] = await here.affirmations('long')
    assert.equal(long?.source, short?.source)
    return short?.source
  }

  test('it is the peer', async () => assert.equal(await sourceSeen('192.0.2.7'), '192.0.2.7'))
  test('an IPv4 peer on an IPv6 socket is written as IPv4', async () =>
    assert.equal(await sourceSeen('::ffff:192.0.2.7'), '192.0.2.7'))
  test('X-Forwarded-For of a stranger is not believed', async () => {
    assert.equal(await sourceSeen('192.0.2.7', '203.0.113.9'), '192.0.2.7')
    assert.equal(await sourceSeen('10.0.0.1', '203.0.113.9', false), '10.0.0.1')
  })
  test('behind a proxy it is the client that the proxy names', async () => {
    assert.equal(await sourceSeen('10.0.0.1', '203.0.113.9'), '203.0.113.9')
    assert.equal(await sourceSeen('::ffff:10.0.0.1', ' 2001:db8::1 '), '2001:db8::1')
    assert.equal(await sourceSeen('fd00::1', '203.0.113.9'), '203.0.113.9')
  })
  test('behind two proxies it is the nearest that is none; what the client made up before it is not believed', async () =>
    assert.equal(await sourceSeen('10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2'), '203.0.113.9'))
  test('a proxy that names nobody, or nonsense, is itself the source', async () => {
    assert.equal(await sourceSeen('10.0.0.1'), '10.0.0.1')
    assert.equal(await sourceSeen('10.0.0.1', ''), '10.0.0.1')
    assert.equal(await sourceSeen('10.0.0.1', 'evil<script>'), '10.0.0.1')
  })
  test('what they say wins', async () => {
    await here.world.app.request('/affirm/said?source=web-1', {}, { incoming: { socket: { remoteAddress: '192.0.2.7' } } })
    assert.equal((await here.affirmations('said'))[0]?.source, 'web-1')
  })
})

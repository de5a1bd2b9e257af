import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { anApp } from '../../src/http/app.ts'
import { aListener } from '../../src/http/direct.ts'
import { aLimits } from '../../src/services/limits.ts'
import { type Answer, assertProblem } from '../support/api.ts'
import { fresh } from './fresh.ts'

/** Speaks to the app from an address. */
const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })

const answered = async (response: Response): Promise<Answer<unknown>> => {
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, headers: response.headers, body: /json$/.test(type) ? await response.json() : null }
}

describe('what one address may affirm', () => {
  const here = fresh()
  /** Two a second, ten at once. */
  const limited = (perSecond = 2) => anApp({ ...here.world.services, limits: aLimits(perSecond) })
  const short = '/affirm/backup'

  test('five seconds of it at once, then as much as flows in; the others are told when to come again', async () => {
    const app = limited()
    const ask = async () => answered(await app.request(short, {}, from('192.0.2.7')))
    for (let i = 0; i < 10; i++) assert.equal((await ask()).status, 200)
    const refused = await ask()
    assertProblem(refused, 429, /192\.0\.2\.7 affirms more than 2 times a second.*AFFIRMATIVE_AFFIRM_LIMIT/)
    assert.equal(refused.headers.get('retry-after'), '1')
    here.world.clock.pass(500)
    assert.deepEqual([(await ask()).status, (await ask()).status], [200, 429])
    assert.equal((await here.affirmations('backup')).length, 11)
  })

  test('the long form counts as one request, whatever it holds', async () => {
    const app = limited()
    const body = JSON.stringify([{ event: 'a' }, { event: 'b' }, { event: 'c' }])
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    const ask = async () => answered(await app.request('/api/v1/affirmations', init, from('192.0.2.7')))
    for (let i = 0; i < 10; i++) assert.equal((await ask()).status, 200)
    assertProblem(await ask(), 429, /Nothing was stored/)
    assert.equal((await here.affirmations('c')).length, 10)
  })

  test('each address has its own; of IPv6 each network of 64 bits', async () => {
    const app = limited()
    const statusOf = async (address: string) => (await app.request(short, {}, from(address))).status
    for (let i = 0; i < 10; i++) await statusOf(`2001:db8::${i}`)
    assert.equal(await statusOf('2001:db8::ffff'), 429)
    assert.equal(await statusOf('2001:db8:0:1::1'), 200)
    assert.equal(await statusOf('192.0.2.7'), 200)
  })

  test('this machine has none, and with 0 nobody', async () => {
    const app = limited()
    for (let i = 0; i < 30; i++)
      for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '::1'])
        assert.equal((await app.request(short, {}, from(address))).status, 200)
    const unlimited = limited(0)
    for (let i = 0; i < 30; i++) assert.equal((await unlimited.request(short, {}, from('192.0.2.7'))).status, 200)
  })

  test('the direct way holds it as well', async () => {
    const trusted = here.world.services.settings.trustedProxies
    trusted.addAddress('127.0.0.1')
    const server = createServer(aListener({ ...here.world.services, limits: aLimits(2) })).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${short}`
    const ask = () => fetch(url, { method: 'POST', headers: { 'x-forwarded-for': '192.0.2.7' } })
    for (let i = 0; i < 10; i++) assert.equal((await ask()).status, 200)
    const refused = await ask()
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1'])
    server.closeAllConnections()
    server.close()
  })
})

describe('what one address may export', () => {
  const here = fresh()
  const LINES = { accept: 'application/x-ndjson' }
  const ask = (address = '192.0.2.7', method = 'GET') =>
    here.world.app.request('/api/v1/events/backup/affirmations', { method, headers: LINES }, from(address))
  const filled = () => Promise.all(Array.from({ length: 2_500 }, () => here.world.affirm('backup')))

  test('four at once; another one when one was read, or left by its reader', async () => {
    await filled()
    const running = await Promise.all([ask(), ask(), ask(), ask()])
    assertProblem(await answered(await ask()), 429, /4 exports already/)
    assert.equal((await ask('192.0.2.8')).status, 200)
    const [first, second] = running
    assert.equal((await first?.text())?.split('\n').length, 2_501)
    running.push(await ask())
    assert.equal(running.at(-1)?.status, 200)
    assert.equal((await ask()).status, 429)
    await second?.body?.cancel()
    assert.equal((await ask()).status, 200)
    assert.equal((await ask()).status, 429)
  })

  test('thirty a minute, however soon each has ended', async () => {
    await here.world.affirm('backup')
    for (let i = 0; i < 30; i++) await (await ask()).text()
    const refused = await answered(await ask())
    assertProblem(refused, 429, /30 exports within a minute/)
    assert.equal(refused.headers.get('retry-after'), '2')
    here.world.clock.pass(2_000)
    assert.equal((await ask()).status, 200)
  })

  test('HEAD reads nothing and holds nothing', async () => {
    await filled()
    for (let i = 0; i < 6; i++) assert.equal((await ask('192.0.2.7', 'HEAD')).status, 200)
    assert.equal((await ask()).status, 200)
  })

  test('a page of a list is no export', async () => {
    await here.world.affirm('backup')
    for (let i = 0; i < 40; i++)
      assert.equal((await here.world.app.request('/api/v1/events/backup/affirmations', {}, from('192.0.2.7'))).status, 200)
  })

  test('one that breaks is over', async () => {
    await filled()
    const { store } = here.world.services
    const broken = anApp({
      ...here.world.services,
      store: { ...store, affirmationsUpwards: () => Promise.reject(new Error('gone')) },
    })
    for (let i = 0; i < 6; i++) {
      const answer = await broken.request('/api/v1/events/backup/affirmations', { headers: LINES }, from('192.0.2.7'))
      await assert.rejects(answer.text(), /gone/)
    }
  })
})

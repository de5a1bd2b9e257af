import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { SECOND } from '../../src/domain/time.ts'
import { signedIn, type Visitor } from '../support/visitor.ts'
import type { World } from '../support/world.ts'
import { fresh } from './fresh.ts'

/** Streams rest for a moment of real time: their clock is moved by the tests. */
const sleep = async (_: number, signal?: AbortSignal) => {
  await wait(5, undefined, { signal }).catch(() => undefined)
}
const BY = { who: 'test', address: '' }

type Stream = { status: number; read(): Promise<string | null>; close(): Promise<void> }

async function listen({ app }: World, address: string, visitor?: Visitor): Promise<Stream> {
  const cookie = [...(visitor?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await app.request('/live', { headers: { cookie } }, { incoming: { socket: { remoteAddress: address } } })
  const reader = response.body?.getReader()
  return {
    status: response.status,
    read: async () => {
      const part = await reader?.read()
      return part?.value === undefined ? null : new TextDecoder().decode(part.value)
    },
    close: async () => reader?.cancel(),
  }
}

/** As many as asked for; how many of them were let in. */
async function several(world: World, count: number, address: (i: number) => string, visitor?: Visitor) {
  const streams: Stream[] = []
  for (let i = 0; i < count; i += 1) streams.push(await listen(world, address(i), visitor))
  return {
    open: streams.filter(({ status }) => status === 200).length,
    close: async () => {
      for (const stream of streams) await stream.close()
    },
  }
}

describe('news for open pages', () => {
  const made = fresh({ auth: 'accounts', sleep })

  test('are told to 20 pages of one person, wherever they are open, and to others all the same', async () => {
    const { world } = made
    const [ann, ben] = [await signedIn(world, 'ann', 'viewer'), await signedIn(world, 'ben', 'viewer')]
    const anns = await several(world, 25, (i) => `192.0.2.${i}`, ann)
    assert.equal(anns.open, 20)
    const bens = await several(world, 1, () => '192.0.2.1', ben)
    assert.equal(bens.open, 1)
    await anns.close()
    await wait(50)
    const later = await several(world, 1, () => '192.0.2.1', ann)
    assert.equal(later.open, 1, 'whose places were left')
    await Promise.all([bens.close(), later.close()])
  })

  test('end for who has signed out, and for who has ended', async () => {
    const { world } = made
    const ends = async (name: string, leave: (visitor: Visitor) => Promise<unknown>) => {
      const visitor = await signedIn(world, name, 'viewer')
      const stream = await listen(world, '192.0.2.7', visitor)
      assert.match((await stream.read()) ?? '', /event: news/)
      await leave(visitor)
      world.clock.pass(10 * SECOND)
      // What was on its way already is still read.
      for (let parts = 0; parts < 5; parts += 1) if ((await stream.read()) === null) return true
      await stream.close()
      return false
    }
    assert.equal(await ends('ann', (visitor) => visitor.post('/sign-out')), true)
    const { people } = world.services
    const end = async () => {
      const ben = await world.store.findPersonNamed('ben')
      await people.end(ben?.id ?? assert.fail(), BY, world.clock.now())
    }
    assert.equal(await ends('ben', end), true)
  })

  test('go on while the database cannot be asked', async () => {
    const { world } = made
    const stream = await listen(world, '192.0.2.7', await signedIn(world, 'ann', 'viewer'))
    world.services.store.findSession = async () => assert.fail('away')
    world.clock.pass(10 * SECOND)
    for (let parts = 0; parts < 5; parts += 1) assert.match((await stream.read()) ?? '', /event: news/)
    await stream.close()
  })
})

describe('news where nobody is asked who they are', () => {
  const made = fresh({ sleep })

  test('are told to 20 pages of one address, and to 500 in all', async () => {
    const { world } = made
    const one = await several(world, 25, () => '192.0.2.7')
    assert.equal(one.open, 20)
    const halves = await several(world, 25, (i) => `2001:db8::${i}`)
    assert.equal(halves.open, 20, 'an IPv6 network is one holder')
    const others = await several(world, 500, (i) => `198.51.100.${i % 50}`)
    assert.equal(others.open, 460)
    await Promise.all([one.close(), halves.close(), others.close()])
  })
})

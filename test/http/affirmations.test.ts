import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BY, SOMETIME } from '../support/author.ts'
import { fresh, type Tally } from './fresh.ts'

const PATH = '/api/v1/affirmations'

describe('many affirmations at once', () => {
  const here = fresh()
  const lines = (body: string, type = 'application/x-ndjson') =>
    here.api.raw(PATH, { method: 'POST', headers: { 'content-type': type }, body }) as unknown as Promise<{
      status: number
      body: Tally
    }>

  test('one object, a list of them, one a line', async () => {
    const one = { accepted: 1, duplicates: 0, rejected: [] }
    assert.deepEqual((await here.api.send<Tally>('POST', PATH, { event: 'a' })).body, one)
    assert.deepEqual((await here.api.send<Tally>('POST', PATH, [{ event: 'a' }])).body, one)
    for (const type of ['application/x-ndjson', 'application/ndjson; charset=utf-8', 'application/jsonl'])
      assert.deepEqual((await lines('{"event":"a"}', type)).body, one)
    assert.equal((await here.affirmations('a')).length, 5)
  })

  test('nothing at all is nothing wrong', async () => {
    const none = { accepted: 0, duplicates: 0, rejected: [] }
    assert.deepEqual((await here.api.send<Tally>('POST', PATH, [])).body, none)
    assert.deepEqual((await lines('\n\r\n')).body, none)
  })

  test('every field is kept', async () => {
    const all = {
      event: 'a',
      env: 'dev',
      at: '2026-03-04T09:00:00.001Z',
      status: 'log',
      source: 'user:ann é\u{1f600}',
      id: 'x',
      value: { n: 1 },
    }
    await here.api.send('POST', PATH, all)
    assert.deepEqual(await here.affirmations('a'), [all])
  })

  const mixed = [{ event: 'a' }, { event: 'b b' }, { event: 'a', at: 'x' }, 5, null, { event: 'c' }]
  const rejected = (tally: Tally) => tally.rejected.map(({ index, detail }) => [index, detail.split(':')[0]])

  test('a bad element of a list is told by its index and the others are kept', async () => {
    const { status, body } = await here.api.send<Tally>('POST', PATH, mixed)
    assert.deepEqual([status, body.accepted, body.duplicates], [200, 2, 0])
    assert.deepEqual(rejected(body).slice(0, 2), [
      [1, 'event'],
      [2, 'at'],
    ])
    assert.deepEqual(
      body.rejected.map(({ index }) => index),
      [1, 2, 3, 4],
    )
    assert.deepEqual(await here.names(), ['a', 'c'])
  })

  test('a bad line is told by its index, blank ones not counted, and the others are kept', async () => {
    const text = `\r\n${mixed.map((one) => JSON.stringify(one)).join('\r\n\n')}\n{"event":"a"\n{"event":"c"} \n`
    const { status, body } = await lines(text)
    assert.deepEqual([status, body.accepted], [200, 3])
    assert.deepEqual(
      body.rejected.map(({ index }) => index),
      [1, 2, 3, 4, 6],
    )
    assert.match(body.rejected.at(-1)?.detail ?? '', /This line is not JSON/)
  })

  test('a rejection tells every wrong field', async () => {
    const element = { event: 'a b', env: 'x y', at: '2020-01-01T00:00:00Z', id: '', source: 'a\nb' }
    const { body } = await here.api.send<Tally>('POST', PATH, [element])
    for (const field of ['event', 'env', 'at', 'id', 'source'])
      assert.match(body.rejected[0]?.detail ?? '', new RegExp(`${field}: `))
  })

  test('a byte order mark before them is not part of them', async () => {
    const one = { accepted: 1, duplicates: 0, rejected: [] }
    assert.deepEqual((await lines('\ufeff{"event":"a"}')).body, one)
    assert.deepEqual((await lines('\ufeff{"event":"a"}', 'application/json')).body, one)
    assert.deepEqual((await lines('\ufeff[{"event":"a"}]', 'application/json')).body, one)
  })

  test('a value of megabytes is refused without being parsed, and the lines beside it are kept', async () => {
    const huge = `{"event":"a","value":${'['.repeat(2_000_000)}`
    const { status, body } = await lines(`{"event":"a"}\n${huge}\n{"event":"a"}`)
    assert.deepEqual([status, body.accepted], [200, 2])
    assert.deepEqual(
      body.rejected.map(({ index, detail }) => [index, detail]),
      [[1, 'value: is larger than 64 KiB, the most that is kept']],
    )
  })

  test('white space and escapes do not make a value large', async () => {
    const value = '\\u00e9'.repeat(32_767)
    assert.equal((await lines(`{"event":"a","value":"${value}"${' '.repeat(1_000_000)}}`)).body.accepted, 1)
    assert.deepEqual(await here.affirmations('a'), [{ ...(await here.affirmations('a'))[0], value: 'é'.repeat(32_767) }])
  })

  test('10,000 of them are taken, and 16 MiB to the byte', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ event: 'many', id: `${i}` }))
    assert.equal((await here.api.send<Tally>('POST', PATH, many)).body.accepted, 10_000)
    const body = '{"event":"large"}'.padEnd(16 * 1_048_576)
    assert.equal(
      (await here.api.raw(PATH, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status,
      200,
    )
    assert.equal((await here.affirmations('large')).length, 1)
  })
})

describe('a client id counts once', () => {
  const here = fresh()
  const send = async (body: unknown) => (await here.api.send<Tally>('POST', PATH, body)).body

  test('inside one batch', async () => {
    const one = { event: 'a', id: 'run-1' }
    assert.deepEqual(await send([one, one, { ...one, value: 'other' }]), { accepted: 1, duplicates: 2, rejected: [] })
    assert.equal((await here.affirmations('a')).length, 1)
  })

  test('over batches, both forms, the name and the key, and a restart', async () => {
    await send({ event: 'a', id: 'run-1' })
    const { key } = (await here.api.get<{ key: string }>('/api/v1/events/a')).body
    here.world.restart()
    assert.deepEqual(await send([{ event: key, id: 'run-1' }]), { accepted: 0, duplicates: 1, rejected: [] })
    assert.equal((await here.world.app.request('/affirm/a?id=run-1')).status, 200)
    assert.equal((await here.affirmations('a')).length, 1)
  })

  test('for its event and its environment: elsewhere the same id is another one', async () => {
    const one = { event: 'a', id: 'run-1' }
    const tally = await send([
      one,
      { ...one, env: 'prod' },
      { ...one, env: 'dev' },
      { ...one, event: 'b' },
      { event: 'a' },
      { event: 'a' },
    ])
    assert.deepEqual(tally, { accepted: 5, duplicates: 1, rejected: [] })
  })

  test('ids that differ in case, blanks or accents are different ones', async () => {
    const ids = ['a', 'A', ' a', 'a ', 'á', 'a\u0301', 'x'.repeat(200), `${'x'.repeat(199)}y`]
    assert.equal((await send(ids.map((id) => ({ event: 'a', id })))).accepted, ids.length)
  })
})

describe('the instant of an affirmation', () => {
  const here = fresh()
  const send = (at: unknown) => here.api.send<Tally>('POST', PATH, { event: 'a', at })

  for (const [at, means] of [
    ['2026-03-04T09:00:00Z', '2026-03-04T09:00:00.000Z'],
    ['2026-03-04T09:00:00.123456789Z', '2026-03-04T09:00:00.123Z'],
    ['2026-03-04T09:00:00,5Z', '2026-03-04T09:00:00.500Z'],
    ['2026-03-04T09:00Z', '2026-03-04T09:00:00.000Z'],
    ['2026-03-04 09:00:00Z', '2026-03-04T09:00:00.000Z'],
    ['2026-03-04T14:30:00+05:30', '2026-03-04T09:00:00.000Z'],
    ['2026-03-04T01:00:00-0800', '2026-03-04T09:00:00.000Z'],
    [1_772_614_800, '2026-03-04T09:00:00.000Z'],
    [1_772_614_800.25, '2026-03-04T09:00:00.250Z'],
    [1_772_614_800_250, '2026-03-04T09:00:00.250Z'],
    ['1772614800', '2026-03-04T09:00:00.000Z'],
    ['1772614800.25', '2026-03-04T09:00:00.250Z'],
    ['1772614800250', '2026-03-04T09:00:00.250Z'],
    ['2026-02-02T09:14:12Z', '2026-02-02T09:14:12.000Z'],
    ['2026-03-04T09:19:12Z', '2026-03-04T09:19:12.000Z'],
  ] as const)
    test(`${JSON.stringify(at)} is ${means}, in the body and in the query`, async () => {
      assert.equal((await send(at)).status, 200)
      assert.equal((await here.api.get(`/affirm/a?at=${encodeURIComponent(at)}`)).status, 200)
      assert.deepEqual(
        (await here.affirmations('a')).map((one) => one.at),
        [means, means],
      )
    })

  for (const [at, says] of [
    ['2026-02-02T09:14:11.999Z', /more than 30 days ago/],
    ['2026-03-04T09:19:12.001Z', /more than 5 minutes ahead of this server's clock \(2026-03-04T09:14:12\.000Z\)/],
    [0, /more than 30 days ago/],
    ['9999-12-31T23:59:59Z', /ahead/],
  ] as const)
    test(`${JSON.stringify(at)} is out of reach, and the others of the batch are kept`, async () => {
      const { body } = await here.api.send<Tally>('POST', PATH, [{ event: 'a' }, { event: 'a', at }, { event: 'a' }])
      assert.deepEqual([body.accepted, body.rejected.map(({ index }) => index)], [2, [1]])
      assert.match(body.rejected[0]?.detail ?? '', says)
      assert.equal((await here.affirmations('a')).length, 2)
    })
})

describe('what another node did to an event meanwhile', () => {
  const here = fresh()
  const send = async (body: unknown) => (await here.api.send<Tally>('POST', PATH, body)).body
  /** The event, known to this node, renamed behind its back. */
  const renamed = async () => {
    await send([{ event: 'before' }])
    const event = await here.world.store.findEvent('before')
    assert.ok(event)
    await send([{ event: event.key }])
    await here.world.store.updateEvent(event.id, { name: 'after', description: '', tags: [] }, SOMETIME, BY)
    return event
  }

  test('a renamed one is no longer meant by its old name, alone or in a batch, but by its key and its new one', async () => {
    const { key } = await renamed()
    assert.deepEqual(await send([{ event: 'before' }, { event: key }, { event: 'after' }, { event: 'before' }]), {
      accepted: 4,
      duplicates: 0,
      rejected: [],
    })
    assert.equal((await here.api.raw('/affirm/before', { method: 'POST' })).status, 200)
    assert.deepEqual([(await here.affirmations('before')).length, (await here.affirmations('after')).length], [3, 4])
  })

  test('a deleted one is registered anew by the next affirmation', async () => {
    const { id } = await renamed()
    await here.world.store.deleteEvent(id, SOMETIME, BY)
    assert.equal((await send([{ event: 'before' }, { event: 'after' }])).accepted, 2)
    assert.deepEqual([(await here.affirmations('before')).length, (await here.affirmations('after')).length], [1, 1])
  })

  test('a refused batch registers none of its names', async () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({ event: `name_${i}` }))
    const lines = { 'content-type': 'application/x-ndjson' }
    const refused = [
      await here.api.send('POST', PATH, many),
      await here.api.raw(PATH, { method: 'POST', headers: lines, body: many.map((one) => JSON.stringify(one)).join('\n') }),
      await here.api.raw(PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '[{"event":"first"},{"event":',
      }),
      await here.api.raw(PATH, { method: 'POST', headers: lines, body: Buffer.from('{"event":"first"}\n\xff', 'latin1') }),
    ]
    assert.deepEqual(
      refused.map(({ status }) => status),
      [413, 413, 400, 400],
    )
    assert.deepEqual(await here.names(), [])
  })
})

describe('in strict mode', () => {
  const here = fresh({ isStrict: true })

  test('ten thousand unknown names are refused at once, the first ones with a hint', async () => {
    await here.api.send('POST', '/api/v1/events', { name: 'name_0' })
    const { body } = await here.api.send<Tally>(
      'POST',
      PATH,
      Array.from({ length: 10_000 }, (_, i) => ({ event: `name_${i}` })),
    )
    assert.deepEqual([body.accepted, body.rejected.length], [1, 9_999])
    assert.match(body.rejected[0]?.detail ?? '', /"name_1"\. The nearest is "name_0"/)
    assert.match(body.rejected.at(-1)?.detail ?? '', /"name_9999"\.$/)
  })
})

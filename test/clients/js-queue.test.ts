import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { aClient, settled } from './js-client.ts'

const away = (): never => {
  throw new Error('ECONNREFUSED')
}
const never = () => new Promise<Response>(() => undefined)

describe('what is said within a moment', () => {
  test('goes in one request, a tenth of a second after the first', async () => {
    const { client, clock, sent, names } = await aClient()
    const all = [client.affirm('a'), client.affirm('b')]
    await clock.pass(60)
    all.push(client.affirm('c'))
    await clock.pass(39)
    assert.equal(sent.length, 0)
    await clock.pass(1)
    assert.deepEqual(names(), [['a', 'b', 'c']])
    assert.equal(sent[0]?.type, 'application/x-ndjson')
    assert.deepEqual(new Set((await Promise.all(all)).map(({ state }) => state)), new Set(['accepted']))
  })

  test('one alone is sent as one object', async () => {
    const { client, clock, sent } = await aClient({ env: 'staging' })
    void client.affirm('job', { rows: 8 }, { id: 'run-17', status: 'fail' })
    await clock.pass(100)
    const at = sent[0]?.lines[0]?.at
    assert.equal(sent[0]?.type, 'application/json')
    assert.deepEqual(sent[0]?.lines, [
      { event: 'job', env: 'staging', status: 'fail', at, source: 'test', id: 'run-17', value: { rows: 8 } },
    ])
    assert.equal(at, clock.now() - 100, 'the time is that of the call')
  })

  test('flush waits for no moment, and for all that was said', async () => {
    const { client, names } = await aClient()
    void client.affirm('a')
    void client.affirm('b')
    await client.flush()
    assert.deepEqual(names(), [['a', 'b']])
  })

  test('thousands go in pieces, one after the other', async () => {
    const { client, sent } = await aClient()
    for (let i = 0; i < 1_100; i += 1) void client.affirm('many')
    await client.flush()
    assert.deepEqual(
      sent.map(({ lines }) => lines.length),
      [500, 500, 100],
    )
    assert.equal(new Set(sent.flatMap(({ lines }) => lines.map(({ id }) => id))).size, 1_100)
  })

  test('what is said while a request is under way goes with the next one', async () => {
    const { client, clock, server, taken, names } = await aClient()
    const answers: (() => void)[] = []
    server.answer = (count) => new Promise((resolve) => answers.push(() => resolve(taken(count))))
    void client.affirm('first')
    await clock.pass(100)
    for (const name of ['second', 'third']) {
      void client.affirm(name)
      await clock.pass(150)
    }
    assert.deepEqual(names(), [['first']])
    answers[0]?.()
    await settled()
    assert.deepEqual(names(), [['first'], ['second', 'third']])
  })
})

describe('a server that is away', () => {
  test('is tried again after longer and longer pauses, with the same id, until the time is over', async () => {
    const { client, clock, sent, server, said } = await aClient({ timeout: 5 })
    server.answer = away
    const outcome = client.affirm('job')
    await clock.pass(5_000)
    assert.deepEqual({ ...(await outcome), id: '' }, { state: 'held', id: '', detail: 'ECONNREFUSED' })
    assert.ok(sent.length >= 4 && sent.length <= 6, `${sent.length} tries`)
    assert.equal(new Set(sent.map(({ lines }) => lines[0]?.id)).size, 1)
    const pauses = sent.map(({ at }, i) => at - (sent[i - 1]?.at ?? at)).slice(1)
    assert.deepEqual(
      pauses,
      pauses.toSorted((a, b) => a - b),
    )
    assert.deepEqual(said, ['"job" is not sent yet, kept in memory alone: ECONNREFUSED'])
  })

  test('what is held goes with the next call, after its own', async () => {
    const { client, clock, server, taken, names, sent } = await aClient({ timeout: 0.3 })
    server.answer = away
    void client.affirm('old')
    await clock.pass(1_000)
    server.answer = taken
    sent.length = 0
    const outcome = client.affirm('new')
    await clock.pass(100)
    assert.equal((await outcome).state, 'accepted')
    assert.deepEqual(names(), [['new'], ['old']])
    await client.flush()
    assert.equal(names().length, 2, 'and is held no more')
  })

  test('one that never answers is not waited for longer than the limit', async () => {
    const { client, clock, server } = await aClient({ timeout: 2 })
    server.answer = never
    const outcome = client.affirm('job')
    await clock.pass(1_999)
    assert.equal(await Promise.race([outcome, 'still waiting']), 'still waiting')
    await clock.pass(1)
    assert.equal((await outcome).detail, 'no answer in time')
  })

  test('no more than the queue holds is kept; what falls out is said', async () => {
    const { client, clock, server, said } = await aClient({ queue: 3, timeout: 1 })
    server.answer = away
    const all = ['a', 'b', 'c', 'd'].map((name) => client.affirm(name))
    await clock.pass(1_000)
    assert.deepEqual(
      (await Promise.all(all)).map(({ state }) => state),
      ['held', 'held', 'held', 'lost'],
    )
    assert.match(said.join('\n'), /an affirmation is lost: 3 others/)
  })

  test('one that asks for more time than there is is not tried sooner', async () => {
    const { client, clock, server, sent } = await aClient({ timeout: 5 })
    server.answer = () => new Response('busy', { status: 503, headers: { 'retry-after': '60' } })
    void client.affirm('job')
    await clock.pass(5_000)
    assert.equal(sent.length, 1)
  })
})

describe('what cannot be taken', () => {
  test('one that spoils a request is found, and the others arrive', async () => {
    const { client, server, taken, sent } = await aClient()
    const isBad = () => sent.at(-1)?.lines.some(({ event }) => event === 'bad') === true
    server.answer = (count) => (isBad() ? new Response('no', { status: 413 }) : taken(count))
    const all = ['a', 'b', 'bad', 'c', 'd'].map((name) => client.affirm(name))
    await client.flush()
    assert.deepEqual(
      (await Promise.all(all)).map(({ state }) => state),
      ['accepted', 'accepted', 'refused', 'accepted', 'accepted'],
    )
  })

  test('the server tells which of many by their index', async () => {
    const { client, server, said } = await aClient()
    server.answer = () => Response.json({ accepted: 1, duplicates: 0, rejected: [{ index: 1, detail: 'at is too old' }] })
    const all = [client.affirm('good'), client.affirm('old')]
    await client.flush()
    assert.deepEqual(
      (await Promise.all(all)).map(({ state, detail }) => [state, detail]),
      [
        ['accepted', ''],
        ['refused', 'at is too old'],
      ],
    )
    assert.deepEqual(said, ['"old" can never be taken: at is too old'])
  })

  const tally = { accepted: 1, duplicates: 0, rejected: [] }
  const strange: [what: string, answer: () => Response][] = [
    ['nothing', () => new Response(null, { status: 204 })],
    ['one that ends too soon', () => new Response('{"accepted":1,"dupli')],
    ['a list', () => Response.json([tally])],
    ['one of more than was sent', () => Response.json({ ...tally, duplicates: 1 })],
    ['one of less than was sent', () => Response.json({ ...tally, accepted: 0 })],
    ['texts for numbers', () => Response.json({ ...tally, accepted: '1' })],
    ['a rejected that is no list', () => Response.json({ ...tally, rejected: {} })],
    ['a rejected that is nothing', () => Response.json({ ...tally, accepted: 0, rejected: [null] })],
    ['a rejected that was not sent', () => Response.json({ ...tally, accepted: 0, rejected: [{ index: 1, detail: 'no' }] })],
  ]
  for (const [what, answer] of strange)
    test(`a 200 with ${what} takes nothing, and is not asked again`, async () => {
      const { client, clock, server, said, sent } = await aClient({ timeout: 5 })
      server.answer = answer
      void client.affirm('job')
      await clock.pass(5_000)
      assert.match(said.join(), /not sent yet.*not from affirmative/)
      assert.equal(sent.length, 1)
    })

  for (const status of [200, 400, 503])
    test(`an answer of ${status} without an end is not read to it`, async () => {
      let given = 0
      const endless = new ReadableStream({
        pull: (to) => {
          given += 1
          // Where it is read on and on this comes to an end, too.
          if (given > 10_000) return to.close()
          to.enqueue(new Uint8Array(1_000).fill(32))
        },
      })
      const { client, server, said } = await aClient({ timeout: 0.05 })
      server.answer = () => new Response(endless, { status })
      void client.affirm('job')
      await client.flush()
      assert.ok(given < 100, `${given} kB`)
      assert.match(said.join(), new RegExp(`${status}`))
    })

  test('a page that somebody put in between, and answers 200, is no server', async () => {
    const { client, server, said } = await aClient()
    server.answer = () => new Response('<h1>Please sign in to the Wi-Fi</h1>')
    void client.affirm('job')
    await client.flush()
    assert.match(said.join(), /not sent yet.*not from affirmative/)
  })

  test('a client without a server says so, and throws nothing', async () => {
    const { client, said } = await aClient()
    const lost = new (client.constructor as new (url: null, settings: object) => typeof client)(null, {
      warn: (text: string) => said.push(text),
    })
    assert.equal((await lost.affirm('job')).state, 'lost')
    assert.equal(await lost.run('job', () => 7), 7)
    assert.match(said[0] ?? '', /AFFIRMATIVE_URL/)
  })
})

describe('values of the language', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const arrives: [given: unknown, as: unknown][] = [
    [undefined, undefined],
    [null, null],
    ['{"a":1}', '{"a":1}'],
    [12.5, 12.5],
    [
      [1, { a: true }],
      [1, { a: true }],
    ],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [10n ** 20n, '100000000000000000000'],
    [new TypeError('no'), { error: 'TypeError: no' }],
    [new Uint8Array([104, 105]), 'hi'],
    [new Uint8Array([255, 0]), { base64: '/wA=' }],
    ['a\0b', { base64: 'YQBi' }],
  ]
  for (const [given, as] of arrives)
    test(`${typeof given === 'object' || typeof given === 'string' ? JSON.stringify(given) : String(given)} is sent as ${JSON.stringify(as)}`, async () => {
      const { client, sent } = await aClient()
      void client.affirm('job', given)
      await client.flush()
      assert.deepEqual(sent[0]?.lines[0]?.value, as)
    })

  test('a document that is nested too deep for the server goes as text', async () => {
    const { client, sent } = await aClient()
    const nested = (levels: number): unknown => (levels === 0 ? '[[' : [nested(levels - 1)])
    for (const levels of [200, 201]) void client.affirm('job', nested(levels))
    await client.flush()
    assert.deepEqual(
      sent[0]?.lines.map(({ value }) => value),
      [nested(200), JSON.stringify(nested(201))],
    )
  })

  test('a text that somebody typed is the document that it holds, with all its digits', async () => {
    const { client, sent } = await aClient()
    const typed = ['{"rows":\n 12}', 'null', '[1', 'done', Buffer.from('[true]')]
    for (const given of typed) void client.affirm('job', given, { isTyped: true })
    await client.flush()
    assert.deepEqual(
      sent[0]?.lines.map(({ value }) => value),
      [{ rows: 12 }, null, '[1', 'done', [true]],
    )
    void client.affirm('job', '12345678901234567890', { isTyped: true })
    await client.flush()
    assert.match(sent[1]?.body ?? '', /"value":12345678901234567890\}$/)
  })

  test('what has no JSON is sent all the same', async () => {
    const { client, sent } = await aClient()
    for (const given of [cyclic, () => 1, Symbol('s')]) void client.affirm('job', given)
    await client.flush()
    assert.equal(sent[0]?.lines.filter(({ value }) => typeof value === 'string').length, 3)
  })
})

describe('run', () => {
  test('says start and ok with the seconds, and gives the value back', async () => {
    const { client, clock, sent } = await aClient({ batch: 0 })
    const running = client.run('job', async () => {
      await clock.pass(1_500)
      return 'value'
    })
    assert.equal(await running, 'value')
    await client.flush()
    const said = sent.flatMap(({ lines }) => lines).map(({ status, value }) => [status, value])
    assert.deepEqual(said, [
      ['start', undefined],
      ['ok', { seconds: 1.5 }],
    ])
  })

  for (const thrown of [new Error('disk full'), 'a text', undefined, Object.create(null)])
    test(`passes ${thrown instanceof Error ? 'an error' : typeof thrown} through, and says fail`, async () => {
      const { client, sent } = await aClient()
      const caught = await client
        .run('job', () => {
          throw thrown
        })
        .then(
          () => assert.fail('it was swallowed'),
          (error: unknown) => error,
        )
      assert.ok(caught === thrown)
      await client.flush()
      assert.deepEqual(
        sent.flatMap(({ lines }) => lines).map(({ status }) => status),
        ['start', 'fail'],
      )
    })

  test('does not wait for a server that is silent', async () => {
    const { client, server } = await aClient()
    server.answer = never
    assert.equal(await client.run('job', () => 7), 7)
  })
})

describe('hurry', () => {
  test('cuts short what is under way and the pause before the next try, where all of it is in the spool', async () => {
    const spool = mkdtempSync(join(tmpdir(), 'affirmative-js-'))
    try {
      for (const answer of [never, () => new Response('busy', { status: 503, headers: { 'retry-after': '8' } })]) {
        const { client, clock, server } = await aClient({ spool })
        server.answer = answer
        const outcome = client.affirm('job')
        while (!readdirSync(spool).some((name) => name.endsWith('.json'))) await settled()
        await clock.pass(200)
        client.hurry(2)
        await clock.pass(1_999)
        assert.equal(await Promise.race([outcome, 'still waiting']), 'still waiting')
        await clock.pass(1)
        assert.equal((await outcome).state, 'spooled')
        for (const name of readdirSync(spool)) rmSync(join(spool, name), { recursive: true })
      }
    } finally {
      rmSync(spool, { recursive: true, force: true })
    }
  })

  test('leaves what is in memory alone all its time', async () => {
    const { client, clock, server } = await aClient({ timeout: 6 })
    server.answer = never
    const outcome = client.affirm('job')
    client.hurry(2)
    await clock.pass(5_999)
    assert.equal(await Promise.race([outcome, 'still waiting']), 'still waiting')
    await clock.pass(1)
    assert.equal((await outcome).state, 'held')
  })
})

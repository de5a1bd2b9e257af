import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Api, anApi, assertProblem } from '../support/api.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

type Item = Record<string, unknown>
type List = { items: Item[]; nextCursor?: string }
type Tally = { accepted: number; duplicates: number; rejected: { index: number; detail: string }[] }

describe('the API', () => {
  let engine: TestEngine
  let world: World
  let api: Api

  before(async () => {
    engine = await startEngine('sqlite')
  })
  beforeEach(async () => {
    world = aWorld(await engine.open(), '2026-03-04T09:14:12Z')
    api = anApi(world)
  })
  after(() => engine.stop())

  const affirmations = async (event: string, query = '') =>
    (await api.get<List>(`/api/v1/events/${event}/affirmations${query}`)).body.items

  describe('affirming the short way', () => {
    for (const [method, suffix, status] of [
      ['GET', '', 'ok'],
      ['POST', '', 'ok'],
      ['PUT', '', 'ok'],
      ['HEAD', '', 'ok'],
      ['GET', '/fail', 'fail'],
      ['POST', '/start', 'start'],
      ['POST', '/log', 'log'],
      ['GET', '/0', 'ok'],
      ['GET', '/1', 'fail'],
      ['POST', '/255', 'fail'],
      ['GET', '?status=fail', 'fail'],
    ] as const)
      test(`${method} /affirm/backup${suffix} affirms ${status}`, async () => {
        const answer = await api.raw(`/affirm/backup${suffix}`, { method })
        assert.equal(answer.status, 200)
        assert.match(answer.type, /^text\/plain/)
        assert.equal(answer.body, method === 'HEAD' ? '' : 'OK')
        assert.deepEqual(
          (await affirmations('backup')).map((one) => one.status),
          [status],
        )
      })

    test('a text is kept byte for byte', async () => {
      const text = ' \u{1f680} "quoted"\r\n\ttabs & <tags> \\ {"json": true} \u202e '
      await api.raw('/affirm/backup', { method: 'POST', body: text })
      assert.equal((await affirmations('backup'))[0]?.value, text)
    })

    for (const json of [
      '{"a":{"b":[1,null,true,""]}}',
      '0',
      'false',
      'null',
      '""',
      '12345678901234567890',
      '{"ns":1764000000000000000,"big":1e400,"x":0.1000}',
      '[ ]',
    ])
      test(`JSON is kept value for value: ${json}`, async () => {
        await api.raw('/affirm/backup', { method: 'POST', body: json, headers: { 'content-type': 'application/json' } })
        await api.raw('/api/v1/affirmations', {
          method: 'POST',
          body: `[{"event":"backup","value":${json}}, 5]`,
          headers: { 'content-type': 'application/json' },
        })
        await api.raw('/api/v1/affirmations', {
          method: 'POST',
          body: `{"event":"backup","value":${json}}`,
          headers: { 'content-type': 'application/x-ndjson' },
        })
        const listed = await world.app.request('/api/v1/events/backup/affirmations')
        const kept = (await listed.text()).split(`"value":${json.replace(/\s/g, '')}}`).length - 1
        assert.equal(kept, 3)
      })

    test('query: env, source, at and id; the source is the peer when none is said', async () => {
      await api.get('/affirm/backup?env=staging&source=db-1&at=2026-03-04T08:00:00%2B01:00&id=x')
      const [one] = await affirmations('backup')
      assert.deepEqual(one, {
        event: 'backup',
        env: 'staging',
        at: '2026-03-04T07:00:00.000Z',
        status: 'ok',
        source: 'db-1',
        id: 'x',
        value: null,
      })
      const socket = { incoming: { socket: { remoteAddress: '::ffff:10.1.2.3' } } }
      await world.app.request('/affirm/other', { headers: { 'x-forwarded-for': '9.9.9.9' } }, socket)
      assert.equal((await affirmations('other'))[0]?.source, '10.1.2.3', 'X-Forwarded-For of a stranger is not believed')
    })
  })

  test('an instant may be ISO-8601 with a zone, epoch seconds or epoch milliseconds', async () => {
    const forms = [
      '2026-03-04T09:00:00Z',
      '2026-03-04T10:00:00+01:00',
      '2026-03-04T09:00:00.000Z',
      1_772_614_800,
      1_772_614_800_000,
      '1772614800',
      1_772_614_800.0,
    ]
    const { body } = await api.send<Tally>(
      'POST',
      '/api/v1/affirmations',
      forms.map((at) => ({ event: 'a', at })),
    )
    assert.deepEqual(body, { accepted: forms.length, duplicates: 0, rejected: [] })
    assert.deepEqual(new Set((await affirmations('a')).map(({ at }) => at)), new Set(['2026-03-04T09:00:00.000Z']))
  })

  test('a bad element is told by its index and the others are kept, as a list and as lines', async () => {
    const elements = [{ event: 'a' }, { event: 'b b' }, { event: 'a', at: 'x' }, { event: 'c' }]
    const list = await api.send<Tally>('POST', '/api/v1/affirmations', elements)
    const lines = await api.raw('/api/v1/affirmations', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${elements.map((one) => JSON.stringify(one)).join('\r\n')}\n{"event":\n\n`,
    })
    assert.deepEqual([list.body.accepted, list.body.rejected.map(({ index }) => index)], [2, [1, 2]])
    const { accepted, rejected } = lines.body as unknown as Tally
    assert.deepEqual([accepted, rejected.map(({ index }) => index)], [2, [1, 2, 4]])
    assert.equal((await affirmations('a')).length, 2)
  })

  test('one client id counts once for its event and env, in one batch and over many', async () => {
    const one = { event: 'a', id: 'run-1' }
    const first = await api.send<Tally>('POST', '/api/v1/affirmations', [
      one,
      one,
      { ...one, env: 'dev' },
      { ...one, event: 'b' },
    ])
    const again = await api.send<Tally>('POST', '/api/v1/affirmations', one)
    assert.deepEqual(first.body, { accepted: 3, duplicates: 1, rejected: [] })
    assert.deepEqual(again.body, { accepted: 0, duplicates: 1, rejected: [] })
    assert.equal((await api.get('/affirm/a?id=run-1')).status, 200)
    assert.equal((await affirmations('a', '?env=prod')).length, 1)
  })

  test('an event: registered with a key, found by both, listed, changed, deleted by its name', async () => {
    const made = await api.send<Item>('POST', '/api/v1/events', {
      name: 'etl.done',
      description: 'the ETL',
      tags: ['data', 'data'],
    })
    assert.equal(made.status, 201)
    const key = String(made.body.key)
    assert.match(key, /^af_[2-9A-HJ-NP-Za-km-z]{8}$/)
    assert.equal(made.headers.get('location'), `/api/v1/events/${key}`)
    assert.deepEqual((await api.get<Item>(`/api/v1/events/${key}`)).body, (await api.get<Item>('/api/v1/events/etl.done')).body)
    assert.deepEqual((await api.get<Item>('/api/v1/events/etl.done')).body.tags, ['data'])

    const moved = await api.send<Item>('POST', '/api/v1/events', { name: 'moved', key: 'af_ABCD1234' })
    assert.equal(moved.body.key, 'af_ABCD1234')
    await api.get('/affirm/af_ABCD1234?env=staging')
    assert.equal((await affirmations('moved')).length, 1)

    for (const [query, names] of [
      ['', ['etl.done', 'moved']],
      ['?q=ETL', ['etl.done']],
      ['?q=_', []],
      ['?tag=data', ['etl.done']],
      ['?env=staging', ['moved']],
    ] as const)
      assert.deepEqual(
        (await api.get<List>(`/api/v1/events${query}`)).body.items.map(({ name }) => name),
        names,
        query,
      )

    assert.equal((await api.send<Item>('PATCH', '/api/v1/events/moved', { name: 'renamed' })).body.name, 'renamed')
    await api.get('/affirm/af_ABCD1234')
    assert.equal((await affirmations('renamed')).length, 2, 'the key goes on')
    assert.equal((await api.send('DELETE', '/api/v1/events/renamed?confirm=renamed')).status, 204)
    assert.equal((await api.get('/api/v1/events/renamed')).status, 404)
    await api.get('/affirm/renamed')
    assert.equal((await affirmations('renamed')).length, 1, 'the name begins anew')
  })

  test('lists go on by cursor: nothing twice, nothing lost', async () => {
    for (let i = 0; i < 7; i++) await api.get(`/affirm/event_${i}`)
    const seen: unknown[] = []
    let query = '?limit=3'
    for (;;) {
      const { items, nextCursor } = (await api.get<List>(`/api/v1/events${query}`)).body
      seen.push(...items.map(({ name }) => name))
      if (nextCursor === undefined) break
      query = `?limit=3&cursor=${nextCursor}`
    }
    assert.deepEqual(seen, ['event_0', 'event_1', 'event_2', 'event_3', 'event_4', 'event_5', 'event_6'])
  })

  test('affirmations stream as lines, all of them, oldest first; and are counted by bucket', async () => {
    const all = Array.from({ length: 2_345 }, (_, i) => ({
      event: 'many',
      at: 1_772_600_000 + i,
      value: i,
      status: i % 10 === 0 ? 'fail' : 'ok',
    }))
    await api.send('POST', '/api/v1/affirmations', all)
    const answer = await api.get<string>('/api/v1/events/many/affirmations', { accept: 'application/x-ndjson' })
    assert.match(answer.type, /^application\/x-ndjson/)
    const values = answer.body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { value: number }).value)
    assert.deepEqual(
      values,
      all.map(({ value }) => value),
    )
    const { items } = (
      await api.get<List>('/api/v1/events/many/counts?bucket=1h&from=2026-03-04T04:00:00Z&to=2026-03-04T09:00:00Z')
    ).body
    assert.equal(
      items.reduce((sum, { ok }) => sum + Number(ok), 0),
      2_110,
    )
    assert.equal(
      items.reduce((sum, { fail }) => sum + Number(fail), 0),
      235,
    )
    assert.match(String(items[0]?.from), /:00:00\.000Z$/)
  })

  test('clearing asks for the name and leaves a note', async () => {
    for (let i = 0; i < 3; i++) await api.get('/affirm/noisy')
    assertProblem(await api.send('DELETE', '/api/v1/events/noisy/affirmations'), 400, /confirm/)
    world.clock.pass(1)
    assert.deepEqual((await api.send('DELETE', '/api/v1/events/noisy/affirmations?confirm=noisy')).body, { cleared: 3 })
    const [note, ...rest] = await affirmations('noisy')
    assert.deepEqual([note?.status, note?.value, rest], ['log', 'cleared 3 affirmations', []])
  })

  test('an expectation: defaults, words, changes, pause, states, verdicts, deletion', async () => {
    await api.send('POST', '/api/v1/events', { name: 'etl' })
    const made = await api.send<Item>('POST', '/api/v1/expectations', {
      event: 'etl',
      schedule: '0 1,7,16 * * 1-5',
      lookback: '20m',
    })
    assert.equal(made.status, 201)
    const { createdAt, ...rest } = made.body
    assert.equal(createdAt, '2026-03-04T09:14:12.000Z')
    assert.deepEqual(rest, {
      id: rest.id,
      event: 'etl',
      env: 'prod',
      schedule: '0 1,7,16 * * 1-5',
      timeZone: 'UTC',
      atLeast: 1,
      atMost: null,
      count: 'affirmations',
      lookback: '20m',
      grace: '0s',
      where: null,
      ignoreFailures: false,
      paused: false,
      tags: [],
      alertAfter: 1,
      recoverAfter: 1,
      severity: 'critical',
      channels: [],
      description: 'at 01:00, 07:00 and 16:00, Monday to Friday: at least 1 in the 20 minutes before',
      state: 'waiting',
      lastVerdict: null,
      nextDue: '2026-03-04T16:00:00.000Z',
      openIncident: null,
    })
    const path = `/api/v1/expectations/${rest.id}`
    const changed = await api.send<Item>('PATCH', path, { schedule: '* * * * *', lookback: '1m', tags: ['money'] })
    assert.deepEqual([changed.body.nextDue, changed.body.atLeast, changed.body.tags], ['2026-03-04T09:15:00.000Z', 1, ['money']])

    await world.passUntil('2026-03-04T09:17:05Z')
    const missed = (await api.get<Item>(path)).body
    assert.deepEqual([missed.state, typeof missed.openIncident], ['missed', 'number'])
    assert.equal((missed.lastVerdict as Item).due, '2026-03-04T09:17:00.000Z')
    for (const [query, n] of [
      ['', 1],
      ['?state=missed', 1],
      ['?state=met', 0],
      ['?tag=money', 1],
      ['?env=dev', 0],
      ['?event=etl', 1],
    ] as const)
      assert.equal((await api.get<List>(`/api/v1/expectations${query}`)).body.items.length, n, query)
    const verdicts = (await api.get<List>(`${path}/verdicts?verdict=missed&limit=1`)).body
    assert.deepEqual([verdicts.items.length, typeof verdicts.nextCursor], [1, 'string'])
    assert.equal((await api.get<List>('/api/v1/verdicts?from=2026-03-04T09:16:00Z')).body.items[0]?.event, 'etl')
    assert.equal((await api.get<List>('/api/v1/incidents?open=true')).body.items[0]?.event, 'etl')

    const paused = (await api.send<Item>('POST', `${path}/pause`)).body
    assert.deepEqual([paused.state, paused.paused, paused.nextDue], ['paused', true, null])
    const resumed = (await api.send<Item>('POST', `${path}/resume`)).body
    assert.deepEqual([resumed.paused, resumed.nextDue], [false, '2026-03-04T09:18:00.000Z'])
    assert.equal((await api.send('DELETE', path)).status, 204)
    assert.equal((await api.get(path)).status, 404)
  })

  test('a maximum of nothing alone asks for none', async () => {
    await api.send('POST', '/api/v1/events', { name: 'problems' })
    const { body } = await api.send<Item>('POST', '/api/v1/expectations', {
      event: 'problems',
      schedule: '* * * * *',
      atMost: 0,
      lookback: '1m',
    })
    assert.deepEqual([body.atLeast, body.atMost, body.description], [0, 0, 'every minute: none in the minute before'])
  })

  test('a preview says what is meant, warns, and lists instants strictly after from', async () => {
    const { status, body } = await api.send<{ description: string; warnings: string[]; next: string[] }>(
      'POST',
      '/api/v1/expectations/preview',
      {
        schedule: '* 1,7,16 * * 1-5',
        from: '2026-03-04T16:00:00Z',
        occurrences: 2,
      },
    )
    assert.equal(status, 200)
    assert.match(body.warnings.join(), /fires 180 times a day.*did you mean 0 1,7,16 \* \* 1-5/i)
    assert.deepEqual(body.next, ['2026-03-04T16:01:00.000Z', '2026-03-04T16:02:00.000Z'])
    assert.deepEqual((await api.get<List>('/api/v1/expectations')).body.items, [])
  })

  test('a preview of what never fires warns, and lists nothing', async () => {
    const { status, body } = await api.send<{ warnings: string[]; next: string[] }>('POST', '/api/v1/expectations/preview', {
      schedule: '0 0 30 2 *',
    })
    assert.equal(status, 200)
    assert.match(body.warnings.join(), /never fires/i)
    assert.deepEqual(body.next, [])
  })

  test('what was missed stays missed while the next due waits for its grace', async () => {
    await api.send('POST', '/api/v1/events', { name: 'slow' })
    const { body } = await api.send<Item>('POST', '/api/v1/expectations', {
      event: 'slow',
      schedule: '* * * * *',
      lookback: '1m',
      grace: '30s',
    })
    const state = async () => (await api.get<Item>(`/api/v1/expectations/${body.id}`)).body.state
    const count = async (wanted: string) => (await api.get<List>(`/api/v1/expectations?state=${wanted}`)).body.items.length
    await world.passUntil('2026-03-04T09:15:05Z')
    assert.deepEqual([await state(), await count('late'), await count('waiting')], ['late', 1, 0])
    await world.passUntil('2026-03-04T09:18:05Z')
    assert.deepEqual([await state(), await count('late'), await count('missed')], ['missed', 0, 1])
  })

  test('strict: an unknown name is refused with the nearest known one', async () => {
    const strict = aWorld(await engine.open(), '2026-03-04T09:14:12Z', { isStrict: true })
    const strictApi = anApi(strict)
    await strictApi.send('POST', '/api/v1/events', { name: 'backup_done' })
    assertProblem(await strictApi.get('/affirm/bakcup_done'), 404, /nearest is "backup_done"/)
    assert.equal((await strictApi.get('/affirm/backup_done')).status, 200)
    assert.equal((await strictApi.get<List>('/api/v1/events')).body.items.length, 1)
  })

  describe('when it cannot be stored', () => {
    const failing = (world: World, error: Error) => {
      world.store.append = () => Promise.reject(error)
    }

    test('the answer is 503 with Retry-After, and nothing of the inside is told', async () => {
      failing(world, Object.assign(new Error('SQLITE_FULL: /secret/path'), { code: 'SQLITE_FULL' }))
      world.restart()
      for (const answer of [
        await anApi(world).get('/affirm/a'),
        await anApi(world).send('POST', '/api/v1/affirmations', [{ event: 'a' }]),
      ]) {
        assertProblem(answer, 503, /could not be stored/)
        assert.ok(Number(answer.headers.get('retry-after')) > 0)
        assert.doesNotMatch(JSON.stringify(answer.body), /secret|SQLITE/)
      }
    })

    test('more waiting than there is room for is refused with 429 and Retry-After; single ones still find room', async () => {
      let release = () => {}
      const append = world.store.append
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      world.store.append = async (rows) => {
        await held
        return append(rows)
      }
      world.restart()
      const batch = Array.from({ length: 10_000 }, () => ({ event: 'a' }))
      const waiting = Array.from({ length: 4 }, () => anApi(world).send('POST', '/api/v1/affirmations', batch))
      while (world.affirming.waiting().ofBatches < 40_000) await nextTurn()
      const refused = await anApi(world).send('POST', '/api/v1/affirmations', batch)
      const unknown = await anApi(world).send('POST', '/api/v1/affirmations', [{ event: 'never-stored' }])
      const single = anApi(world).raw('/affirm/a', { method: 'POST' })
      release()
      assertProblem(unknown, 429, /Nothing of this request was stored/)
      assert.equal((await anApi(world).get('/api/v1/events/never-stored')).status, 404)
      assert.equal((await single).status, 200)
      assertProblem(refused, 429, /Too many/)
      assert.ok(refused.headers.has('retry-after'))
      assert.deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([200]))
    })

    test('readyz is honest: not before the first tick, not when storing fails, not when the tick is behind; healthz answers all the same', async () => {
      const ready = async () => (await api.get('/readyz')).status
      assert.equal(await ready(), 503)
      await world.tick()
      assert.equal(await ready(), 200)
      world.health.failedToStore(world.clock.now() + 1)
      assertProblem(await api.get('/readyz'), 503, /storing fails/)
      await world.listening.beat(world.clock.now() + 2)
      assert.equal(await ready(), 200)
      world.clock.pass(130_000)
      await world.listening.beat(world.clock.now())
      assertProblem(await api.get('/readyz'), 503, /two minutes behind/)
      assert.equal((await api.get('/healthz')).status, 200)
    })

    test('a bug of ours is a 500 that names only its id in the log', async () => {
      world.store.listEvents = () => Promise.reject(new Error('the secret of the house'))
      world.restart()
      const answer = await anApi(world).get('/api/v1/events')
      assertProblem(answer, 500, /in the log as/)
      assert.doesNotMatch(JSON.stringify(answer.body), /secret/)
    })
  })
})

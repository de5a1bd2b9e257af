import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Api, anApi, assertProblem, type Problem } from '../support/api.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

const expectation = { event: 'known', schedule: '* * * * *' }

describe('bad input gets a clear answer, changes nothing and loses nothing', () => {
  let engine: TestEngine
  let world: World
  let api: Api

  /** All that a mistake must leave as it was. */
  const everything = async () =>
    [
      await api.get('/api/v1/events'),
      await api.get('/api/v1/expectations'),
      await api.get('/api/v1/events/known/affirmations'),
    ].map(({ body }) => JSON.stringify(body))

  before(async () => {
    engine = await startEngine('sqlite')
    world = aWorld(await engine.open(), '2026-03-04T09:14:12Z')
    api = anApi(world)
    await api.send('POST', '/api/v1/events', { name: 'known', key: 'af_Known123' })
    await api.send('POST', '/api/v1/expectations', expectation)
    await world.affirm('known', { value: 'kept' })
  })
  after(() => engine.stop())

  const unchanged = (name: string, work: () => Promise<void>) =>
    test(name, async () => {
      const was = await everything()
      await work()
      assert.deepEqual(await everything(), was)
    })

  describe('an expectation', () => {
    const wrong: [string, Record<string, unknown>, RegExp][] = [
      ['no event', { event: undefined }, /event: is required/],
      ['no schedule', { schedule: undefined }, /schedule: is required/],
      ['a schedule that is no text', { schedule: 5 }, /schedule: must be a text/],
      ['an empty schedule', { schedule: '' }, /schedule: .*empty/],
      ['a step of zero', { schedule: '*/0 * * * *' }, /schedule: .*minute field.*step/],
      ['a minute 61', { schedule: '61 * * * *' }, /schedule: .*minute field "61"/],
      ['four fields', { schedule: '* * * *' }, /schedule: .*five fields/],
      ['six fields', { schedule: '* * * * * *' }, /schedule: .*five fields/],
      ['February 30', { schedule: '0 0 30 2 *' }, /never fires/],
      ['a wrong zone', { timeZone: 'Mars/Phobos' }, /timeZone: .*IANA/],
      ['an offset for a zone', { timeZone: '+05:30' }, /timeZone: .*IANA/],
      ['a lookback of nothing', { lookback: '0m' }, /lookback: .*too short/],
      ['a negative lookback', { lookback: '-5m' }, /lookback: .*not a duration/],
      ['an unknown unit', { lookback: '20x' }, /lookback: "20x" is not a duration/],
      ['an endless lookback', { lookback: '9999d' }, /lookback: .*too long/],
      ['a lookback that is a number', { lookback: 20 }, /lookback: must be a duration/],
      ['a wrong grace', { grace: 'soon' }, /grace: .*not a duration/],
      ['a grace longer than the interval without a lookback', { grace: '5m' }, /grace: without a lookback/],
      ['atLeast over atMost', { atLeast: 3, atMost: 1 }, /atLeast: is more than atMost/],
      ['negative counts', { atLeast: -1, atMost: -1 }, /atLeast: must be a whole number.*atMost: must be a whole number/s],
      ['half an affirmation', { atLeast: 1.5 }, /atLeast: must be a whole number/],
      ['a count in words', { atLeast: 'one' }, /atLeast: must be a whole number/],
      ['counting something else', { count: 'people' }, /count: must be one of affirmations, sources/],
      ['an env with spaces', { env: 'my prod' }, /env: /],
      ['a where that asks for nothing', { where: {} }, /where: asks for nothing/],
      ['a where with a comparison but no path', { where: { source: 'a', equals: 1 } }, /where: path goes with/],
      ['a path that is none', { where: { path: 'status', equals: 'ok' } }, /where\.path: must be a path/],
      ['an unknown word in where', { where: { path: '$', contains: 'x' } }, /where\.contains: is not a known field/],
      ['tags that are no list', { tags: 'a' }, /tags: must be a list/],
      ['a bad tag', { tags: ['a b'] }, /tags\.0: a tag is/],
      ['too many tags', { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, /tags: at most 20/],
      ['paused in words', { paused: 'yes' }, /paused: must be true or false/],
      ['an unknown field', { treshold: 4 }, /treshold: is not a known field/],
      ['a field that is ours to write', { state: 'met' }, /state: is read-only/],
    ]
    for (const [name, change, said] of wrong) {
      unchanged(`${name}: POST`, async () =>
        assertProblem(await api.send('POST', '/api/v1/expectations', { ...expectation, ...change }), 400, said),
      )
      unchanged(`${name}: preview`, async () => {
        // That it never fires is a warning of the preview.
        if ('event' in change || name === 'February 30') return
        assertProblem(await api.send('POST', '/api/v1/expectations/preview', { ...expectation, ...change }), 400, said)
      })
      unchanged(`${name}: PATCH`, async () => {
        if (change.event === undefined && 'event' in change) return
        if (change.schedule === undefined && 'schedule' in change) return
        assertProblem(await api.send('PATCH', '/api/v1/expectations/1', change), 400, said)
      })
    }

    unchanged('every wrong field is told at once', async () => {
      const { body } = await api.send<Problem>('POST', '/api/v1/expectations', {
        event: 'known',
        schedule: '61 * * * *',
        lookback: '20x',
        timeZone: 'Nowhere',
        foo: 1,
      })
      assert.deepEqual(body.errors?.map(({ path }) => path).sort(), ['foo', 'lookback', 'schedule', 'timeZone'])
    })
    unchanged('an unknown event is told with the nearest', async () =>
      assertProblem(await api.send('POST', '/api/v1/expectations', { ...expectation, event: 'knwon' }), 404, /"known"/),
    )
    unchanged('unknown ids', async () => {
      for (const path of [
        '/api/v1/expectations/999',
        '/api/v1/expectations/abc',
        '/api/v1/expectations/-1',
        '/api/v1/expectations/999/verdicts',
      ])
        assertProblem(await api.get(path), 404, /no expectation/)
      for (const act of ['pause', 'resume'])
        assertProblem(await api.send('POST', `/api/v1/expectations/999/${act}`), 404, /no expectation/)
      assertProblem(await api.send('DELETE', '/api/v1/expectations/999'), 404, /no expectation/)
      assertProblem(await api.send('PATCH', '/api/v1/expectations/999', {}), 404, /no expectation/)
    })
    unchanged('it stays with its event', async () =>
      assertProblem(await api.send('PATCH', '/api/v1/expectations/1', { event: 'other' }), 400, /stays with its event/),
    )
    unchanged('occurrences out of range', async () => {
      for (const occurrences of [0, 51, -1, 1.5, '5'])
        assertProblem(
          await api.send('POST', '/api/v1/expectations/preview', { ...expectation, occurrences }),
          400,
          /occurrences: /,
        )
    })
  })

  describe('an event', () => {
    for (const [name, body, status, said] of [
      ['no name', {}, 400, /name: is required/],
      ['a name with spaces', { name: 'my event' }, 400, /name: a name is/],
      ['a name of 200 characters', { name: 'x'.repeat(200) }, 400, /name: a name is 1 to 128/],
      ['a name with NUL', { name: 'a\0b' }, 400, /name: /],
      ['a name that is a number', { name: 5 }, 400, /name: must be a text/],
      ['an unknown field', { name: 'x', colour: 'red' }, 400, /colour: is not a known field/],
      ['a wrong key', { name: 'x', key: 'k-1' }, 400, /key: a key is/],
      ['a name that is taken', { name: 'known' }, 409, /name: .*exists already/],
      ['a key that is taken', { name: 'x', key: 'af_Known123' }, 409, /key: .*another event/],
      ['a description too long', { name: 'x', description: 'd'.repeat(2_001) }, 400, /description: at most/],
      ['a list', [], 400, /must be a JSON object/],
      ['nothing', null, 400, /must be a JSON object/],
    ] as const)
      unchanged(name, async () => assertProblem(await api.send('POST', '/api/v1/events', body), status, said))

    unchanged('unknown ones', async () => {
      for (const path of [
        '/api/v1/events/nope',
        '/api/v1/events/nope/affirmations',
        '/api/v1/events/nope/counts',
        '/api/v1/events/af_zzzzzzzz',
        '/api/v1/events/a%00b',
        `/api/v1/events/${'x'.repeat(5_000)}`,
      ])
        assertProblem(await api.get(path), 404, /No event is called/)
    })
    unchanged('a deletion without its name', async () => {
      for (const query of ['', '?confirm=', '?confirm=other'])
        assertProblem(await api.send('DELETE', `/api/v1/events/known${query}`), 400, /confirm: .*known/)
    })
    unchanged('queries', async () => {
      for (const query of [
        'limit=0',
        'limit=1001',
        'limit=x',
        'limit=-1',
        'cursor=!!',
        'foo=1',
        'limit=1&limit=2',
        `q=${'x'.repeat(300)}`,
      ])
        assertProblem(await api.get(`/api/v1/events?${query}`), 400, /limit|cursor|foo|q/)
      for (const query of ['from=yesterday', 'to=2026-02-30T00:00:00Z', 'status=good', 'env=a%20b'])
        assertProblem(await api.get(`/api/v1/events/known/affirmations?${query}`), 400, /from|to|status|env/)
      for (const query of [
        'bucket=5m',
        'bucket=1m&from=2020-01-01T00:00:00Z',
        'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z',
      ])
        assertProblem(await api.get(`/api/v1/events/known/counts?${query}`), 400, /bucket|from/)
      for (const query of ['verdict=good', 'state=met'])
        assertProblem(await api.get(`/api/v1/verdicts?${query}`), 400, /verdict|state/)
      assertProblem(await api.get('/api/v1/expectations?state=red'), 400, /state: must be one of/)
    })
  })

  describe('an affirmation', () => {
    for (const [name, element, said] of [
      ['no event', {}, /event: is required/],
      ['an event that is a number', { event: 1 }, /event: must be a text/],
      ['an event with spaces', { event: 'a b' }, /event: a name is/],
      ['a wrong status', { event: 'known', status: 'good' }, /status: must be one of/],
      ['a status of null', { event: 'known', status: null }, /status: must be one of/],
      ['an unknown field', { event: 'known', vlaue: 1 }, /vlaue: is not a known field/],
      ['a wrong instant', { event: 'known', at: 'yesterday' }, /at: write ISO-8601/],
      ['an instant without a zone', { event: 'known', at: '2026-03-04T09:00:00' }, /at: write ISO-8601/],
      ['February 30', { event: 'known', at: '2026-02-30T09:00:00Z' }, /at: write ISO-8601/],
      ['too old', { event: 'known', at: '2026-02-01T00:00:00Z' }, /at: .*more than 30 days ago/],
      ['too far ahead', { event: 'known', at: '2026-03-04T09:20:00Z' }, /at: .*ahead/],
      ['a source too long', { event: 'known', source: 's'.repeat(201) }, /source: at most 200/],
      ['an empty id', { event: 'known', id: '' }, /id: 1 to 200/],
      ['an env with spaces', { event: 'known', env: 'a b' }, /env: /],
      ['a value too large', { event: 'known', value: 'x'.repeat(66_000) }, /value: is larger than 64 KiB/],
      ['a text', 'known', /is an object/],
    ] as const) {
      unchanged(`${name}: alone`, async () => assertProblem(await api.send('POST', '/api/v1/affirmations', element), 400, said))
      unchanged(`${name}: in a list`, async () => {
        const { status, body } = await api.send<{ accepted: number; rejected: { index: number; detail: string }[] }>(
          'POST',
          '/api/v1/affirmations',
          [element],
        )
        assert.equal(status, 200)
        assert.equal(body.accepted, 0)
        assert.equal(body.rejected[0]?.index, 0)
        assert.match(body.rejected[0]?.detail ?? '', said)
      })
    }

    const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
      api.raw('/api/v1/affirmations', { method: 'POST', headers: { 'content-type': type }, body })
    unchanged('a body cut off', async () => assertProblem(await post('[{"event":"known"'), 400, /not JSON/))
    unchanged('an empty body', async () => assertProblem(await post(''), 400, /not JSON/))
    unchanged('invalid UTF-8', async () => {
      assertProblem(await post(Buffer.from([0x22, 0xff, 0xfe, 0x22])), 400, /not UTF-8/)
      assertProblem(await api.raw('/affirm/known', { method: 'POST', body: Buffer.from([0xc3, 0x28]) }), 400, /not UTF-8/)
    })
    unchanged('a NUL byte', async () =>
      assertProblem(await api.raw('/affirm/known', { method: 'POST', body: 'a\0b' }), 400, /NUL/),
    )
    unchanged('10,001 elements', async () => {
      assertProblem(await post(JSON.stringify(Array.from({ length: 10_001 }, () => ({ event: 'known' })))), 413, /10,000/)
      assertProblem(await post('{"event":"known"}\n'.repeat(10_001), 'application/x-ndjson'), 413, /10,000/)
    })
    unchanged('17 MiB', async () => assertProblem(await post('x'.repeat(17 * 1_048_576)), 413, /16 MiB/))
    unchanged('65 KiB for one value', async () =>
      assertProblem(await api.raw('/affirm/known', { method: 'POST', body: 'x'.repeat(65 * 1_024) }), 413, /64 KiB/),
    )
    unchanged('a wrong content type', async () => {
      assertProblem(await post('event=known', 'application/x-www-form-urlencoded'), 415, /application\/json/)
      assertProblem(await post('{}', 'application/json; charset=latin1'), 415, /UTF-8/)
      assertProblem(
        await api.raw('/api/v1/events', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"name":"x"}' }),
        415,
        /application\/json/,
      )
    })
    unchanged('JSON that is none', async () =>
      assertProblem(
        await api.raw('/affirm/known', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{oops' }),
        400,
        /not JSON/,
      ),
    )
    unchanged('the short form', async () => {
      assertProblem(await api.get('/affirm/known/256'), 404, /exit status/)
      assertProblem(await api.get('/affirm/known/broken'), 404, /exit status/)
      assertProblem(await api.get('/affirm/known?colour=red'), 400, /colour: is not known/)
      assertProblem(await api.get('/affirm/known?status=good'), 400, /status: must be one of/)
      assertProblem(await api.get('/affirm/known/fail?status=ok'), 400, /status: is said twice/)
      assertProblem(await api.get('/affirm/a%20b'), 400, /event: a name is/)
      assertProblem(await api.send('DELETE', '/affirm/known'), 405, /DELETE is not possible at .*GET, HEAD, POST, PUT/)
    })
  })

  unchanged('what does not exist', async () => {
    for (const path of ['/api/v1/nothing', '/api/v2/events', '/nothing']) assertProblem(await api.get(path), 404, /nothing at/)
  })
})

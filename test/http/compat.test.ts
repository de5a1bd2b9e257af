import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertProblem } from '../support/api.ts'
import { formPost } from '../support/original.ts'
import { fresh, type Item, NOW } from './fresh.ts'

type Config = Record<string, Item>

describe('the original’s URLs: affirming', () => {
  const here = fresh()
  const { store, post } = formPost(() => here.api)
  const events = async (name: string) => (await here.api.get<Item[]>(`/affirmative/events/${name}`)).body

  test('many events at once answer cool, and are read back newest first with their data', async () => {
    const sent = [
      { name: 'job', data: 'one', time: '2026-03-04T09:10:00Z' },
      { name: 'job', data: '{"rows": 1.50, "text": "ä 😀 \\" \\n"}', time: Date.parse(NOW) / 1000 },
      { name: 'other', data: 'x' },
    ]
    const answer = await store({ events: sent })
    assert.deepEqual([answer.status, answer.body], [200, 'cool'])
    assert.deepEqual(await events('job'), [
      { time: Date.parse(NOW) / 1000, name: 'job', data: sent[1]?.data },
      { time: Date.parse('2026-03-04T09:10:00Z') / 1000, name: 'job', data: 'one' },
    ])
    assert.equal((await events('other')).length, 1)
  })

  test('the simplest form stores "ok"', async () => {
    const answer = await post('simplest', { event_name: 'job' })
    assert.deepEqual([answer.status, answer.body], [200, 'cool'])
    assert.deepEqual(await events('job'), [{ time: Date.parse(NOW) / 1000, name: 'job', data: 'ok' }])
    const [affirmation] = await here.affirmations('job')
    assert.deepEqual([affirmation?.status, affirmation?.env, affirmation?.value], ['ok', 'prod', 'ok'])
  })

  test('an event is of the environment it names, else of the default one', async () => {
    await store({
      events: [
        { name: 'job', data: '', env: 'dev' },
        { name: 'job', data: '' },
        { name: 'job', data: '', env: null },
      ],
    })
    assert.deepEqual((await here.affirmations('job')).map(({ env }) => env).toSorted(), ['dev', 'prod', 'prod'])
  })

  test('time is taken as its client writes it: a number, a text of digits, or UTC without saying so', async () => {
    const at = Date.parse('2026-03-04T09:00:00.250Z')
    for (const time of [at / 1000, at, `${at / 1000}`, '2026-03-04 09:00:00.250000', '2026-03-04T10:00:00.25+01:00'])
      assert.equal((await store({ events: [{ name: 'job', data: 'x', time }] })).body, 'cool', `${time}`)
    assert.deepEqual(new Set((await events('job')).map(({ time }) => time)), new Set([at / 1000]))
  })

  test('data may be any JSON; it is read back as its text', async () => {
    await store({ events: [{ name: 'job', data: { rows: 3 } }] })
    assert.equal((await events('job'))[0]?.data, '{"rows":3}')
    await store({ events: [{ name: 'silent' }] })
    assert.equal((await events('silent'))[0]?.data, '')
  })

  test('what cannot be taken is never answered with cool: it is told by its index and field, and the others are kept', async () => {
    const wrong: [Item | string | null, RegExp][] = [
      [{ data: 'x' }, /name: is required/],
      [{ name: 'no spaces' }, /name: a name is/],
      [{ name: 5 }, /name: must be a text/],
      [{ name: 'job', env: 'b ad' }, /env: an env is/],
      [{ name: 'job', time: 'yesterday' }, /time: write ISO/],
      [{ name: 'job', time: true }, /time: write ISO/],
      [{ name: 'job', time: 1 }, /time: .*30 days ago/],
      [{ name: 'job', time: '2026-03-04T09:30:00Z' }, /time: .*ahead/],
      [{ name: 'job', data: 'x'.repeat(65_537) }, /data: is larger than 64 KiB/],
      ['job', /An event is an object/],
      [null, /An event is an object/],
    ]
    for (const [event, says] of wrong) {
      const alone = await store({ events: [event] })
      assertProblem(alone, 400, says)
      assert.match((alone.body as { detail: string }).detail, /Nothing was stored/)
      const among = await store({ events: [{ name: 'kept', data: '' }, event] })
      assertProblem(among, 400, /1 were stored: do not send those again\. events\.1: /)
      const { accepted, rejected } = among.body as unknown as { accepted: number; rejected: { index: number; detail: string }[] }
      assert.deepEqual([accepted, rejected.map(({ index }) => index)], [1, [1]])
      assert.match(rejected[0]?.detail ?? '', says)
    }
    assert.deepEqual(await events('job'), [])
    assert.equal((await events('kept')).length, wrong.length)
  })

  test('a body that is not understood leaves nothing behind', async () => {
    const raw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
      here.api.raw('/affirmative/store', { method: 'POST', headers: { 'content-type': type }, body })
    assertProblem(await raw('{"events": [{"name": "job", "data": "a"quote"}]}'), 400, /not JSON/)
    assertProblem(await raw('[{"name": "job"}]'), 400, /events: must be a list/)
    assertProblem(await raw('{"events": {"name": "job"}}'), 400, /events: must be a list/)
    assertProblem(await raw(''), 400, /not JSON/)
    assertProblem(await raw(new Uint8Array([0x7b, 0xe4, 0x7d])), 400, /not UTF-8/)
    assertProblem(await raw(new Uint8Array(Buffer.from('{"events":[]}', 'utf16le'))), 400, /NUL/)
    assertProblem(await raw('{"events":[]}', 'application/json; charset=latin1'), 415, /latin1/)
    assertProblem(await raw(`{"events":[{"name":"job","data":"${'x'.repeat(1_048_576)}"}]}`), 413, /1 MiB/)
    assertProblem(await store({ events: Array(10_001).fill({ name: 'job', data: '' }) }), 413, /10,000/)
    assertProblem(await raw(`{"events":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), 400, /An event is an object/)
    assert.deepEqual(await here.names(), [])
    assert.equal((await store({ events: [] })).body, 'cool')
  })

  test('what a body calls itself does not matter', async () => {
    const body = '{"events": [{"name": "job", "data": "ok"}]}'
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=UTF-8'])
      assert.equal(
        (await here.api.raw('/affirmative/store', { method: 'POST', headers: { 'content-type': type }, body })).status,
        200,
      )
    assert.equal((await events('job')).length, 3)
  })

  test('the simplest form says what is wrong at its field', async () => {
    assertProblem(await post('simplest', {}), 400, /event_name: is required/)
    assertProblem(await post('simplest', { event_name: 'ä' }), 400, /event_name: a name is/)
    assertProblem(await here.api.send('POST', '/affirmative/simplest', { event_name: 'job' }), 415, /urlencoded/)
    assert.deepEqual(await here.names(), [])
  })

  test('raw events are those that happened: a failure, a start and what was taken back are not among them', async () => {
    for (const status of ['ok', 'fail', 'start', 'log'] as const) await here.world.affirm('job', { status, value: status })
    assert.deepEqual(
      (await events('job')).map(({ data }) => data),
      ['ok'],
    )
    assert.deepEqual(await events('never_heard_of'), [])
    assertProblem(await here.api.get('/affirmative/events/b%20ad'), 400, /name: a name is/)
  })

  test('of raw events there are at most 10,000, the newest', async () => {
    for (const data of ['old', 'new'])
      await store({
        events: Array(10_000).fill({ name: 'job', data, ...(data === 'old' ? { time: '2026-03-04T09:00:00Z' } : {}) }),
      })
    const found = await events('job')
    assert.deepEqual([found.length, new Set(found.map(({ data }) => data))], [10_000, new Set(['new'])])
  })
})

describe('the original’s URLs: an affirming server that is strict', () => {
  const here = fresh({ isStrict: true })
  test('refuses what it does not know, and says which is nearest', async () => {
    await here.world.expects('backup_done', {})
    const { store } = formPost(() => here.api)
    assertProblem(await store({ events: [{ name: 'backup_dome', data: '' }] }), 400, /events\.0: .*backup_done/)
    assert.deepEqual(await here.names(), ['backup_done'])
  })
})

describe('the original’s URLs: who may', () => {
  const here = fresh({ auth: 'accounts' })
  const aKey = async (scope: 'affirm' | 'read' | 'write', env: string | null = null) => {
    const made = await here.world.services.keys.make(
      { name: `${scope} ${env}`, scopes: [scope], env },
      { who: 'user:ann', address: '192.0.2.7' },
      here.world.clock.now(),
    )
    return { authorization: `Bearer ${made.secret}` }
  }

  test('each asks for its scope; a key of one environment sees and changes what is of it', async () => {
    const { store, post } = formPost(() => here.api)
    await here.world.expects('job', {}, { env: 'prod' })
    const affirm = await aKey('affirm', 'staging')
    const reader = await aKey('read')
    assert.equal((await store({ events: [{ name: 'job', data: 'mine' }] })).status, 401)
    assert.equal((await store({ events: [{ name: 'job', data: 'mine' }] }, reader)).status, 403)
    assert.equal((await store({ events: [{ name: 'job', data: 'mine' }] }, affirm)).body, 'cool')
    assertProblem(await store({ events: [{ name: 'job', data: '', env: 'prod' }] }, affirm), 400, /staging alone, not for prod/)
    assert.equal((await post('simplest', { event_name: 'job' }, affirm)).body, 'cool')
    await here.world.affirm('job', { value: 'theirs' })

    const write = await aKey('write', 'staging')
    const seen = (await here.api.get<Item[]>('/affirmative/events/job', write)).body
    assert.deepEqual(seen.map(({ data }) => data).toSorted(), ['mine', 'ok'])
    assert.deepEqual((await here.api.get('/affirmative/get_event_config', write)).body, {})
    const { body: mine } = await post<Item>('register_event', { event_name: 'job' }, write)
    assert.deepEqual(Object.keys((await here.api.get<Config>('/affirmative/get_event_config', write)).body), [mine.key])
    const all = Object.keys((await here.api.get<Config>('/affirmative/get_event_config', reader)).body)
    const theirs = all.find((key) => key !== mine.key) ?? ''
    assertProblem(await post('unregister_event', { key_to_delete: theirs }, write), 403, /staging alone/)
    assertProblem(await here.api.get(`/affirmative/do_check/${theirs}`, write), 403, /staging alone/)
    assert.equal((await post('unregister_event', { key_to_delete: mine.key as string }, write)).body, 'yay')
  })
})

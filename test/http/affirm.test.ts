import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fresh } from './fresh.ts'

const METHODS = ['GET', 'POST', 'PUT', 'HEAD'] as const
const SUFFIXES = [
  ['', 'ok'],
  ['/0', 'ok'],
  ['/00', 'ok'],
  ['/1', 'fail'],
  ['/255', 'fail'],
  ['/fail', 'fail'],
  ['/start', 'start'],
  ['/log', 'log'],
  ['?status=ok', 'ok'],
  ['?status=fail', 'fail'],
  ['?status=start', 'start'],
  ['?status=log', 'log'],
] as const

describe('the short form', () => {
  const here = fresh()

  for (const method of METHODS)
    for (const [suffix, status] of SUFFIXES)
      test(`${method} /affirm/backup${suffix} affirms ${status}`, async () => {
        const answer = await here.api.raw(`/affirm/backup${suffix}`, { method })
        assert.equal(answer.status, 200)
        assert.match(answer.type, /^text\/plain/)
        assert.equal(answer.body, method === 'HEAD' ? '' : 'OK')
        assert.deepEqual(
          (await here.affirmations('backup')).map((one) => [one.status, one.value]),
          [[status, null]],
        )
      })

  for (const name of ['a', '0', 'etl:done.v-2_x', 'x'.repeat(128), 'status', 'fail', 'api'])
    test(`the name may be ${name.slice(0, 20)}`, async () => {
      assert.equal((await here.api.get(`/affirm/${name}/fail`)).body, 'OK')
      assert.deepEqual(
        (await here.affirmations(name)).map(({ event, status }) => [event, status]),
        [[name, 'fail']],
      )
    })

  test('a name nobody knows is registered with a key, and the key affirms it, too', async () => {
    await here.api.get('/affirm/newcomer')
    const { key } = (await here.api.get<{ key: string }>('/api/v1/events/newcomer')).body
    assert.match(key, /^af_[0-9A-Za-z]{8}$/)
    await here.api.get(`/affirm/${key}`)
    assert.equal((await here.affirmations('newcomer')).length, 2)
    assert.deepEqual(await here.names(), ['newcomer'])
  })

  test('the query says env, status, source, at and id', async () => {
    await here.api.get('/affirm/backup?env=staging&status=fail&source=db-1&at=2026-03-04T08:00:00.5%2B01:00&id=run%207')
    assert.deepEqual(await here.affirmations('backup'), [
      {
        event: 'backup',
        env: 'staging',
        at: '2026-03-04T07:00:00.500Z',
        status: 'fail',
        source: 'db-1',
        id: 'run 7',
        value: null,
      },
    ])
  })

  test('what is not said: the default env, ok, now, the peer, no id', async () => {
    await here.api.get('/affirm/backup')
    assert.deepEqual(await here.affirmations('backup'), [
      { event: 'backup', env: 'prod', at: '2026-03-04T09:14:12.000Z', status: 'ok', source: 'unknown', value: null },
    ])
  })

  test('an id that is sent again, by any method, answers OK and counts once', async () => {
    for (const method of METHODS) assert.equal((await here.api.raw('/affirm/backup?id=run-1', { method })).status, 200)
    assert.equal((await here.affirmations('backup')).length, 1)
  })
})

describe('the default environment is the one of the server', () => {
  const here = fresh({ env: 'edge' })

  test('of both forms', async () => {
    await here.api.get('/affirm/backup')
    await here.api.send('POST', '/api/v1/affirmations', { event: 'backup' })
    assert.deepEqual(
      (await here.affirmations('backup')).map(({ env }) => env),
      ['edge', 'edge'],
    )
  })
})

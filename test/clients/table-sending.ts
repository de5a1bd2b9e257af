import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { systemClock } from '../../src/clock.ts'
import type { Expects } from './ground.ts'

/** The good path: what is said arrives as it was said, once. */
export function sendingWorks(expects: Expects): void {
  expects('value, status, source, env and id arrive as they were given', async ({ affirm, stored, waiting }) => {
    const began = systemClock.now()
    const { status, err } = await affirm({
      event: 'sending_all',
      value: 'done',
      status: 'fail',
      source: 'etl-2',
      env: 'staging',
      id: 'run-17',
    })
    assert.deepEqual([status, err], [0, ''])
    const [kept, ...more] = await stored('sending_all')
    assert.deepEqual(more, [])
    assert.ok(kept && kept.at >= began - 1_000 && kept.at <= systemClock.now() + 1_000, `${kept?.at}`)
    const { at: _, ...rest } = kept
    assert.deepEqual(rest, {
      event: 'sending_all',
      env: 'staging',
      status: 'fail',
      source: 'etl-2',
      id: 'run-17',
      value: '"done"',
    })
    assert.deepEqual(waiting(), [])
  })

  expects('what is not given comes from the settings, then from the host', async ({ affirm, stored }) => {
    await affirm({ event: 'sending_bare' })
    await affirm({ event: 'sending_bare' }, { AFFIRMATIVE_ENV: 'dev', AFFIRMATIVE_SOURCE: 'job "7"' })
    const [first, second] = await stored('sending_bare')
    assert.deepEqual([first?.env, first?.source, first?.status, first?.value], ['prod', hostname(), 'ok', null])
    assert.deepEqual([second?.env, second?.source], ['dev', 'job "7"'])
  })

  expects('every status is sent, many from one process', async ({ affirm, stored }) => {
    const statuses = ['ok', 'fail', 'start', 'log'] as const
    await affirm(statuses.map((status) => ({ event: 'sending_statuses', status })))
    assert.deepEqual((await stored('sending_statuses')).map(({ status }) => status).sort(), [...statuses].sort())
  })

  expects('an id of one’s own is made for each, too long to be guessed', async ({ affirm, front }) => {
    await affirm([{ event: 'sending_ids' }, { event: 'sending_ids' }])
    const ids = front.seen.flatMap((seen) => seen.ids)
    assert.equal(new Set(ids).size, 2)
    for (const id of ids) assert.match(id, /^[\w-]{20,64}$/)
  })

  expects('the key is shown, and the URL may have a path and a slash at its end', async ({ affirm, front, stored }) => {
    await affirm({ event: 'sending_below' }, { AFFIRMATIVE_URL: `${front.url}/under/a/path/`, AFFIRMATIVE_API_KEY: 's3cret' })
    assert.deepEqual(
      front.seen.map(({ path, key }) => [path, key]),
      [['/under/a/path/api/v1/affirmations', 's3cret']],
    )
    assert.equal((await stored('sending_below')).length, 1)
  })

  expects('a redirect is not followed: the key does not travel', async ({ affirm, front, waiting }) => {
    front.set({ kind: 'answers', status: 307, headers: { location: `${front.url}/elsewhere/api/v1/affirmations` } })
    const { status } = await affirm({ event: 'sending_elsewhere' }, { AFFIRMATIVE_API_KEY: 's3cret' })
    assert.equal(status, 0)
    assert.deepEqual([...new Set(front.seen.map(({ path }) => path))], ['/api/v1/affirmations'])
    assert.equal(waiting().length, 1)
  })
}

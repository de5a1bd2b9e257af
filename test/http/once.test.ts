import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR } from '../../src/domain/time.ts'
import { aOnce, newFormId } from '../../src/http/pages/once.ts'
import { formIdIn, signedIn, somebody } from '../support/visitor.ts'
import { fresh } from './fresh.ts'

const made = fresh({ auth: 'accounts' })
const FORMS = [
  ['/settings/people', '/settings/people', { role: 'viewer' }],
  ['/settings/people/2', '/settings/people/2/password-link', {}],
  ['/settings/keys', '/settings/keys', { name: 'deploy', 'scope-affirm': 'on' }],
] as const

describe('a form whose answer shows a secret', () => {
  for (const [page, to, fields] of FORMS)
    test(`${to} makes it once: a reload makes no other, and the page as it is then does`, async () => {
      const { world } = made
      const ann = await signedIn(world, 'ann', 'admin')
      await somebody(world, 'ben', 'viewer')
      const count = async () => (await world.store.changes({}, { limit: 100, cursor: null })).items.length
      const before = await count()
      const form = formIdIn((await ann.get(page)).html)
      const first = await ann.post(to, { ...fields, form })
      assert.deepEqual([first.status, await count()], [200, before + 1])
      const reloaded = await ann.post(to, { ...fields, form })
      assert.deepEqual([reloaded.status, await count()], [422, before + 1])
      assert.match(reloaded.html, /id="form"[^>]*>.*This was made already/s)
      const other = 'name' in fields ? { ...fields, name: 'another' } : fields
      const again = await ann.post(to, { ...other, form: formIdIn(reloaded.html) })
      assert.deepEqual([again.status, await count()], [200, before + 2])
    })

  for (const [, to, fields] of FORMS)
    test(`${to} without an id that could be ours makes nothing`, async () => {
      const { world } = made
      const ann = await signedIn(world, 'ann', 'admin')
      await somebody(world, 'ben', 'viewer')
      const before = await world.store.changes({}, { limit: 100, cursor: null })
      for (const form of ['', 'x', 'x'.repeat(22), `${'x'.repeat(20)}<`])
        assert.equal((await ann.post(to, { ...fields, form })).status, 422, form)
      assert.equal((await ann.post(to, fields)).status, 422)
      assert.deepEqual(await world.store.changes({}, { limit: 100, cursor: null }), before)
    })
})

describe('once', () => {
  const failing = () => Promise.reject(new Error('no'))
  const works = async () => 'made'

  test('what failed may be tried again', async () => {
    const [once, id] = [aOnce(), newFormId()]
    await assert.rejects(once(id, 0, failing), /no/)
    assert.equal(await once(id, 0, works), 'made')
  })

  test('of two at the same moment one makes it', async () => {
    const [once, id] = [aOnce(), newFormId()]
    const both = await Promise.allSettled([once(id, 0, works), once(id, 0, works)])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
  })

  test('an hour is remembered, and the newest five thousand', async () => {
    const [once, id] = [aOnce(), newFormId()]
    await once(id, 0, works)
    await assert.rejects(once(id, HOUR - 1, works), /made already/)
    assert.equal(await once(id, HOUR, works), 'made')
    for (let n = 1; n < 5_000; n += 1) await once(newFormId(), HOUR, works)
    await assert.rejects(once(id, HOUR, works), /made already/)
    await once(newFormId(), HOUR, works)
    assert.equal(await once(id, HOUR, works), 'made')
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Author } from '../../src/domain/audit.ts'
import { assertProblem } from '../support/api.ts'
import { allPages, fresh, type Item, type List } from './fresh.ts'

const ANN: Author = { who: 'user:ann', address: '192.0.2.7' }
const DEPLOY: Author = { who: 'key:deploy', address: '198.51.100.1' }
const DAYS = ['2026-03-01T10:00Z', '2026-03-02T10:00Z', '2026-03-03T10:00Z'].map((day) => Date.parse(day))
const NDJSON = { accept: 'application/x-ndjson' }

describe('the audit log', () => {
  const here = fresh()
  /** Six lines: each day an event by ann, and one by the key. */
  const fill = async () => {
    for (const [i, at] of DAYS.entries())
      for (const by of [ANN, DEPLOY])
        await here.world.declaring.registerEvent({ name: `e${i}_${by.who.split(':')[1]}`, description: '', tags: [] }, at, by)
  }
  const subjects = (items: readonly Item[]) => items.map(({ subject }) => subject)
  const listed = async (query = '') => subjects((await here.api.get<List>(`/api/v1/audit${query}`)).body.items)
  const page = async (path: string) => (await here.api.get<string>(path, { accept: 'text/html' })).body

  test('lists changes newest first, each with who, from where, what, before and after', async () => {
    await fill()
    const { body } = await here.api.get<List>('/api/v1/audit?limit=1')
    const [{ id, ...change }] = body.items as [Item]
    assert.equal(typeof id, 'number')
    const { key } = await here.world.declaring.event('e2_deploy')
    const after = { name: 'e2_deploy', key, description: '', tags: [] }
    assert.deepEqual(change, {
      ...{ at: '2026-03-03T10:00:00.000Z', who: 'key:deploy', address: '198.51.100.1' },
      ...{ action: 'event.register', subject: 'e2_deploy', before: null, after },
    })
  })

  test('is filtered by who, by the full name or the short one, and by a half-open span', async () => {
    await fill()
    assert.deepEqual(await listed('?who=ann'), ['e2_ann', 'e1_ann', 'e0_ann'])
    assert.deepEqual(await listed('?who=key:deploy&from=2026-03-02T10:00Z&to=2026-03-03T10:00Z'), ['e1_deploy'])
    assert.deepEqual(await listed('?who=nobody'), [])
  })

  test('comes page by page, none twice and none lost', async () => {
    await fill()
    const all = await listed()
    assert.equal(all.length, 6)
    assert.deepEqual(subjects(await allPages(here.api, '/api/v1/audit', 2)), all)
  })

  test('as NDJSON all of it comes, oldest first', async () => {
    await fill()
    const { body, type } = await here.api.get<string>('/api/v1/audit?who=ann', NDJSON)
    assert.match(type, /^application\/x-ndjson/)
    assert.deepEqual(
      subjects(
        body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Item),
      ),
      ['e0_ann', 'e1_ann', 'e2_ann'],
    )
  })

  test('what cannot be read is refused by name', async () => {
    assertProblem(await here.api.get('/api/v1/audit?whom=ann'), 400, /whom/)
    assertProblem(await here.api.get('/api/v1/audit?from=yesterday'), 400, /from/)
    assertProblem(await here.api.get('/api/v1/audit?cursor=x'), 400, /cursor/)
  })

  test('the page filters by whole days, both included', async () => {
    await fill()
    const html = await page('/settings/audit?who=ann&from=2026-03-01&to=2026-03-02')
    const found = [...html.matchAll(/registered event (\w+)/g)].map(([, name]) => name)
    assert.deepEqual(found, ['e1_ann', 'e0_ann'])
  })

  test('a day that is none, or a last one before the first, is said at its field', async () => {
    for (const [query, said] of [
      ['from=2026-02-30', 'is no day'],
      ['to=tomorrow', 'is no day'],
      ['from=2026-03-02&to=2026-03-01', 'later than the last day'],
    ] as const) {
      const html = await page(`/settings/audit?${query}`)
      assert.match(html, new RegExp(said))
      assert.match(html, /aria-invalid="true"/)
      assertProblem(await here.api.get(`/settings/audit.csv?${query}`), 400, new RegExp(said))
    }
  })

  test('older parts are reached by a link that stays true when it is opened again', async () => {
    for (let i = 0; i < 60; i++) await here.world.declaring.registerEvent({ name: `e${i}`, description: '', tags: [] }, i, ANN)
    const older = /href="([^"]*cursor=[^"]*)">Older/.exec(await page('/settings/audit?who=ann'))?.[1]?.replaceAll('&amp;', '&')
    const [once, again] = [await page(older ?? ''), await page(older ?? '')]
    assert.equal(once, again)
    assert.match(once, /registered event e9</)
    assert.doesNotMatch(once, /registered event e10</)
  })

  test('as CSV no cell is a formula, and quotes and line breaks stay inside theirs', async () => {
    const { declaring } = here.world
    const mallory = { who: '=HYPERLINK("http://x")', address: '@x' }
    await declaring.registerEvent({ name: 'one', description: '+1,"2"\r\n-3', tags: [] }, 0, mallory)
    const { body, type, headers } = await here.api.get<string>('/settings/audit.csv')
    assert.match(type, /^text\/csv/)
    assert.equal(headers.get('content-disposition'), 'attachment; filename="affirmative-audit.csv"')
    const [head, line] = body.split('\r\n')
    assert.equal(head, 'id,at,who,address,action,subject,what,before,after')
    assert.match(
      line ?? '',
      /^\d+,1970-01-01T00:00:00\.000Z,"'=HYPERLINK\(""http:\/\/x""\)","'@x",event\.register,one,registered event one,,"\{""name""/,
    )
  })

  test('the files hold what the page is filtered by', async () => {
    await fill()
    const { body } = await here.api.get<string>('/settings/audit.ndjson?who=deploy&from=2026-03-02')
    assert.deepEqual(
      subjects(
        body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Item),
      ),
      ['e1_deploy', 'e2_deploy'],
    )
  })

  test('a long log is streamed whole', async () => {
    for (let i = 0; i < 1_101; i++) await here.world.declaring.registerEvent({ name: `e${i}`, description: '', tags: [] }, i, ANN)
    const { body } = await here.api.get<string>('/settings/audit.csv')
    assert.equal(body.trim().split('\r\n').length, 1_102)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MOST_PLACES } from '../../src/domain/place.ts'
import { assertProblem } from '../support/api.ts'
import { HOSTILE } from '../support/hostile.ts'
import { allPages, fresh, type Item, type List } from './fresh.ts'

const PATH = '/api/v1/places'
const LINK = 'https://git.example.org/shop/blob/{commit}/{path}#L{line}'
const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const at = (time: string) => `2026-03-04T${time}:00.000Z`
type Kept = { added: number; kept: number; gone: number; unknown: { index: number; detail: string }[] }

describe('places in code', () => {
  const here = fresh()
  const known = async (name: string) => (await here.api.send<{ key: string }>('POST', '/api/v1/events', { name })).body.key
  const push = (places: object[], more: object = {}) =>
    here.api.send<Kept>('POST', PATH, { repo: 'shop', commit: A, committedAt: at('08:00'), link: LINK, places, ...more })
  const pushed = async (places: object[], more: object = {}): Promise<Kept> => {
    const { status, body } = await push(places, more)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const listed = async (query = '') => (await here.api.get<List>(`${PATH}${query}`)).body.items
  const refused = async (places: object[], more: object, says: RegExp, status = 400) => {
    assertProblem(await push(places, more), status, says)
    assert.deepEqual(await listed(), [])
  }
  const page = async (event: string) => String((await here.api.get<string>(`/events/${event}`)).body)

  test('are told by key or by name, one a file, with the first line and a link to it', async () => {
    const key = await known('etl')
    const places = [
      { event: 'etl', path: 'jobs/a b.py', line: 40 },
      { event: key, path: 'jobs/a b.py', line: 12 },
      { event: key, path: 'jobs/a b.py', line: 12 },
    ]
    assert.deepEqual(await pushed(places), { added: 1, kept: 0, gone: 0, unknown: [] })
    const commit = { commit: A, at: at('08:00') }
    assert.deepEqual(await listed(), [
      {
        ...{ event: 'etl', key, repo: 'shop', path: 'jobs/a b.py', line: 12, more: 1 },
        link: `https://git.example.org/shop/blob/${A}/jobs/a%20b.py#L12`,
        ...{ first: commit, last: commit, gone: null, pushedAt: '2026-03-04T09:14:12.000Z' },
      },
    ])
  })

  test('of events that nobody knows are answered by their index, and the others are kept', async () => {
    await known('etl')
    const { added, unknown } = await pushed([
      { event: 'elt', path: 'a', line: 1 },
      { event: 'etl', path: 'a', line: 1 },
    ])
    assert.deepEqual([added, unknown], [1, [{ index: 0, detail: 'No event has the name or key "elt".' }]])
  })

  test('are replaced by the next push, and an older commit is refused with words', async () => {
    await known('etl')
    await pushed([{ event: 'etl', path: 'a', line: 1 }])
    const next = { commit: B, committedAt: at('09:00') }
    assert.deepEqual(await pushed([{ event: 'etl', path: 'b', line: 1 }], next), { added: 1, kept: 0, gone: 1, unknown: [] })
    assertProblem(await push([]), 409, /shop is of 2026-03-04T09:00:00.000Z \(commit bbbbbbbbbbbb\), later than this commit/)
    assert.deepEqual(
      (await listed('?event=etl&repo=shop')).map(({ path, gone }) => [path, gone]),
      [
        ['a', { commit: B, at: at('09:00') }],
        ['b', null],
      ],
    )
  })

  test('are listed page by page, of one event or of one repository', async () => {
    await known('etl')
    await known('backup')
    await pushed(['a', 'b', 'c'].map((path) => ({ event: 'etl', path, line: 1 })))
    await pushed([{ event: 'backup', path: 'd', line: 1 }], { repo: 'tools' })
    const paths = (items: Item[]) => items.map(({ path }) => path)
    assert.deepEqual(paths(await allPages(here.api, PATH, 2)), ['a', 'b', 'c', 'd'])
    assert.deepEqual(paths(await listed('?repo=tools')), ['d'])
    assert.deepEqual(paths(await listed('?event=backup')), ['d'])
    assertProblem(await here.api.get(`${PATH}?event=nobody`), 404, /nobody/)
  })

  test('are forgotten with their repository, once', async () => {
    await known('etl')
    await pushed([{ event: 'etl', path: 'a', line: 1 }])
    assert.equal((await here.api.send('DELETE', `${PATH}?repo=shop`)).status, 204)
    assert.deepEqual(await listed(), [])
    assertProblem(await here.api.send('DELETE', `${PATH}?repo=shop`), 404, /No places are known of "shop"/)
  })

  test('that make no sense change nothing: every wrong field is told', async () => {
    await known('etl')
    const good = { event: 'etl', path: 'a', line: 1 }
    await refused([good], { repo: 'a\nb' }, /^repo: 1 to 200 characters/)
    await refused([good], { commit: 'main' }, /^commit: a commit is 7 to 64/)
    await refused([good], { committedAt: '2026-03-06T00:00:00Z' }, /committedAt: must not be more than a day ahead/)
    for (const link of ['javascript:alert(1)', 'https://ann:secret@git.example/{path}', 'ftp://git.example/{path}', '{path}'])
      await refused([good], { link }, /^link: an http or https address without a password/)
    await refused([{ ...good, path: 'a\nb' }], {}, /^places.0.path: 1 to 1024/)
    await refused([{ ...good, line: 0 }], {}, /^places.0.line: must be a whole number/)
    await refused(
      [
        { ...good, event: 'no name' },
        { ...good, odd: 1 },
      ],
      {},
      /places.0.event.*places.1.odd/,
    )
    await refused(Array<object>(MOST_PLACES + 1).fill(good), {}, /at most 10,000 places/)
  })

  test('as many as may be are taken at once, with long paths', async () => {
    await known('etl')
    const places = Array.from({ length: MOST_PLACES }, (_, n) => ({
      event: 'etl',
      path: `${'folder/'.repeat(30)}${n}`,
      line: n + 1,
    }))
    assert.equal((await pushed(places)).added, MOST_PLACES)
  })

  test('stand on the page of their event, with a link, and mark what comes from builds that are no more', async () => {
    await known('etl')
    await pushed([{ event: 'etl', path: 'jobs/etl.py', line: 12 }])
    await here.world.affirm('etl', { at: at('09:05'), source: 'old-build' })
    const there = await page('etl')
    assert.match(
      there,
      new RegExp(`<a href="https://git.example.org/shop/blob/${A}/jobs/etl.py#L12" rel="noreferrer">jobs/etl.py:12</a>`),
    )
    assert.doesNotMatch(there, /In no code|is in no code/)
    await pushed([], { commit: B, committedAt: at('09:00') })
    await here.world.affirm('etl', { at: at('08:59'), source: 'in-time' })
    await here.world.affirm('etl', { at: at('09:06'), source: 'user:ann' })
    const gone = await page('etl')
    assert.match(gone, /In no code since <code>bbbbbbbbbb<\/code>/)
    assert.equal(gone.match(/from a build whose key is in no code/g)?.length, 1)
    assert.match(gone, /old-build\s*<div[^>]*>\s*from a build/)
  })

  test('an event of which no scan has told says how to tell', async () => {
    await known('etl')
    assert.match(await page('etl'), /Not told yet: <code>affirmative scan --push<\/code>/)
  })

  test('hostile names stay text', async () => {
    await known('etl')
    await pushed([{ event: 'etl', path: HOSTILE.replace(/[^\x20-\x7e]/g, ''), line: 1 }], { repo: '<script>alert(1)</script>' })
    const html = await page('etl')
    assert.ok(html.includes('&lt;script&gt;alert(1)'))
    assert.ok(!html.includes('<script>alert(1)'))
  })
})

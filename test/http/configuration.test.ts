import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { fresh, type Item } from './fresh.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' }
const HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script>'

describe('the table of the configuration', () => {
  // The clock rests in real time: the settings wait for the database only so long.
  const here = fresh({ sleep: systemClock.sleep })
  const page = async (query = '') => (await here.api.get<string>(`/events${query}`, { accept: 'text/html' })).body
  const shown = (html: string) => [...html.matchAll(/<a class="name" href="\/events\/(\w+)"/g)].map(([, name]) => name)
  const post = (fields: [string, string][]) =>
    here.api.raw('/expectations', { method: 'POST', headers: FORM, body: String(new URLSearchParams(fields)) })

  /** b has two expectations, c a paused one, a none. */
  const fill = async () => {
    const { world } = here
    const b = await world.expects('b', { schedule: '0 12 * * *' })
    const b2 = await world.expects('b', { schedule: '0 11 * * *' }, { tags: ['x'] })
    const c = await world.expects('c', { schedule: '0 10 * * *' })
    await world.affirm('a')
    await world.declaring.pause(c, world.clock.now())
    return { b: b.id, b2: b2.id, c: c.id }
  }

  test('is sorted by name, age, number of expectations, state or next due, in both directions', async () => {
    await fill()
    const orders = Object.fromEntries(
      await Promise.all(
        [
          '',
          '?dir=desc',
          '?sort=registered',
          '?sort=expectations&dir=desc',
          '?sort=state',
          '?sort=due',
          '?sort=due&dir=desc',
        ].map(async (query) => [query, shown(await page(query)).join('')]),
      ),
    )
    assert.deepEqual(orders, {
      '': 'abc',
      '?dir=desc': 'cba',
      '?sort=registered': 'bca',
      '?sort=expectations&dir=desc': 'bca',
      '?sort=state': 'bca',
      '?sort=due': 'bac',
      '?sort=due&dir=desc': 'bac',
    })
  })

  test('is searched by name, key, description, tag, state and by what nobody expects', async () => {
    const { world } = here
    await fill()
    await world.declaring.changeEvent(await world.declaring.event('c'), { description: 'Ledger', tags: ['night'] }, 0)
    const { key } = await world.declaring.event('b')
    for (const [query, found] of [
      ['?q=B', 'b'],
      [`?q=${key}`, 'b'],
      ['?q=ledger', 'c'],
      ['?tag=night', 'c'],
      ['?state=paused', 'c'],
      ['?state=waiting', 'b'],
      ['?without=1', 'a'],
      ['?q=nothing', ''],
    ] as const)
      assert.equal(shown(await page(query)).join(''), found, query)
  })

  test('a name seen without an expectation comes with the expected one it may be meant for', async () => {
    await here.world.expects('backup_postgres', {})
    await here.world.affirm('backup_postgers')
    assert.match(await page(), /Written wrongly\? There is.*backup_<wbr\/>postgres/s)
  })

  test('comes in parts, the place is in the address, and a place past the end says so', async () => {
    for (let i = 100; i < 221; i++) await here.world.affirm(`e${i}`)
    assert.deepEqual([shown(await page()).length, shown(await page('?page=3')).length], [50, 21])
    assert.equal(shown(await page('?page=2'))[0], 'e150')
    assert.match(await page('?page=3'), /101 to 121 of 121 events/)
    assert.match(await page('?page=9'), /ends before this part/)
    assert.equal(shown(await page('?page=-1&sort=bogus&state=bogus&dir=x'))[0], 'e100')
  })

  test('one is paused and resumed from its row, and one comes back to the same place', async () => {
    const { b } = await fill()
    const answer = await post([
      ['back', '/events?q=b&page=2&evil=1'],
      ['pause', String(b)],
    ])
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/events?q=b&page=2&done=paused'])
    assert.equal(await here.world.stateOf(b), 'paused')
    await post([['resume', String(b)]])
    assert.equal(await here.world.stateOf(b), 'waiting')
  })

  test('several are paused and resumed at once; those that are gone are passed over', async () => {
    const { b, b2, c } = await fill()
    const ticked = (act: string): [string, string][] => [
      ['do', act],
      ...[b, b2, 4_711].map((id): [string, string] => ['expectation', String(id)]),
    ]
    assert.equal((await post(ticked('pause'))).status, 303)
    assert.deepEqual(
      [await here.world.stateOf(b), await here.world.stateOf(b2), await here.world.stateOf(c)],
      ['paused', 'paused', 'paused'],
    )
    await post(ticked('resume'))
    assert.deepEqual([await here.world.stateOf(b), await here.world.stateOf(c)], ['waiting', 'paused'])
    const { items } = await here.world.store.changes({ who: 'anyone' }, { limit: 100, cursor: null })
    assert.deepEqual(items.map(({ action, subject }) => `${action} ${subject}`).reverse(), [
      `expectation.pause ${b}`,
      `expectation.pause ${b2}`,
      `expectation.resume ${b}`,
      `expectation.resume ${b2}`,
    ])
  })

  test('ticking none, or asking for neither, changes nothing and says so; nobody is sent elsewhere', async () => {
    const { b } = await fill()
    const none = await post([['do', 'pause']])
    assert.equal(none.status, 422)
    assert.match(String(none.body), /tick the expectations to pause first/)
    assert.equal((await post([['expectation', String(b)]])).status, 422)
    const away = await post([
      ['back', 'https://evil.example/?q=x'],
      ['pause', String(b)],
    ])
    assert.equal(away.headers.get('location'), '/events?q=x&done=paused')
  })

  test('a foreign page cannot pause anything', async () => {
    const { b } = await fill()
    const headers = { ...FORM, origin: 'https://evil.example' }
    const { status } = await here.api.raw('/expectations', { method: 'POST', headers, body: `pause=${b}` })
    assert.equal(status, 403)
    assert.equal(await here.world.stateOf(b), 'waiting')
  })

  test('deleting asks for the name on a page of its own', async () => {
    await fill()
    const { body } = await here.api.get<string>('/events/b/delete', { accept: 'text/html' })
    assert.match(body, /2 expectations with all verdicts/)
    assert.equal((await here.api.get('/events/nobody/delete')).status, 404)
  })

  test('the whole table as CSV: a line for each expectation, one for an event without, no formula', async () => {
    await fill()
    await here.world.declaring.registerEvent({ name: 'h', description: HOSTILE, tags: ['t', 'u'] }, 0)
    const { body, type } = await here.api.get<string>('/events.csv')
    assert.match(type, /^text\/csv/)
    const lines = body.trim().split('\r\n')
    assert.equal(lines.length, 1 + 5)
    assert.equal(new Set(lines.slice(1).map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(',').length)).size, 1)
    assert.match(
      lines[2] ?? '',
      /^b,af_\w{8},,,2026-03-04T09:14:12\.000Z,1,prod,waiting,at 12:00.*,0 12 \* \* \*,UTC,1,,affirmations,,0s,,false,false,,1,1,critical,,2026-03-04T12:00:00\.000Z$/,
    )
    assert.match(lines[5] ?? '', /,"'=cmd\|""\/c calc""!A1 <script>alert\(1\)<\/script>",t u,/)
  })

  test('the same as JSON, filtered as the table is; an empty one is an empty list', async () => {
    await fill()
    const { body } = await here.api.get<Item[]>('/events.json?state=paused')
    const [{ name, expectations }] = body as [Item & { expectations: Item[] }]
    assert.deepEqual([name, expectations[0]?.schedule, expectations[0]?.state], ['c', '0 10 * * *', 'paused'])
    assert.deepEqual((await here.api.get('/events.json?q=nothing')).body, [])
    assert.equal((await here.api.get<Item[]>('/events.json')).body.length, 3)
  })

  test('the settings say what is in which environment', async () => {
    await fill()
    await here.world.affirm('a', { env: 'staging' })
    const { body } = await here.api.get<string>('/settings', { accept: 'text/html' })
    assert.match(body, /prod.*<td>3 .*<td>1 seen.*just now.*staging.*<td>0 .*<td>1 seen/s)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertProblem } from '../support/api.ts'
import { BY } from '../support/author.ts'
import { fresh, type Item } from './fresh.ts'

const made = fresh()
const DRAFT = { event: 'etl', schedule: '0 7 * * *', lookback: '20m' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' }

async function channels(...names: string[]): Promise<void> {
  for (const name of names)
    await made.world.store.createChannel(
      {
        ...{ name, kind: 'slack', settings: {}, when: ['missed'], match: null },
        ...{ isDefault: false, remindEvery: null, isEnabled: name !== 'night' },
      },
      { at: made.world.clock.now(), by: BY },
      () => ({}),
    )
}

const make = async (more: Item = {}) => {
  await made.world.declaring.registerEvent({ name: 'etl', description: '', tags: [] }, made.world.clock.now()).catch(() => null)
  return made.api.send<Item>('POST', '/api/v1/expectations', { ...DRAFT, ...more })
}
const rulesOf = ({ alertAfter, recoverAfter, severity, channels }: Item) => [alertAfter, recoverAfter, severity, channels]

const post = async (path: string, form: [string, string][]) => {
  const response = await made.world.app.request(path, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: FORM,
  })
  return { status: response.status, html: await response.text() }
}
const page = async (path: string) => (await made.world.app.request(path, { headers: { accept: 'text/html' } })).text()

describe('how people are told of an expectation, by the API', () => {
  test('plainly where nothing is said; channels come in by name or number and go out by name', async () => {
    await channels('ops', 'db')
    assert.deepEqual(rulesOf((await make()).body), [1, 1, 'critical', []])
    const said = { alertAfter: 3, recoverAfter: 2, severity: 'warning', channels: ['OPS', 2, 'ops'] }
    assert.deepEqual(rulesOf((await make(said)).body), [3, 2, 'warning', ['ops', 'db']])
    assert.deepEqual(rulesOf((await made.api.get<Item>('/api/v1/expectations/2')).body), [3, 2, 'warning', ['ops', 'db']])
  })

  test('a change of something else leaves it, also when a channel is gone meanwhile', async () => {
    await channels('ops', 'db')
    await make({ channels: ['ops', 'db'], alertAfter: 2 })
    await made.world.store.deleteChannel(1, { at: made.world.clock.now(), by: BY }, () => ({}))
    const path = '/api/v1/expectations/1'
    assert.deepEqual(rulesOf((await made.api.send<Item>('PATCH', path, { tags: ['a'] })).body), [2, 1, 'critical', ['db']])
    assert.deepEqual(rulesOf((await made.api.send<Item>('PATCH', path, { channels: [] })).body), [2, 1, 'critical', []])
  })

  test('what makes no sense is refused by name, all of it at once, and nothing is made', async () => {
    await channels('ops')
    const wrong = await make({ alertAfter: 0, recoverAfter: 101, severity: 'fatal', channels: 'ops' })
    for (const says of [
      /alertAfter: must be a whole number from 1 to 100/,
      /recoverAfter/,
      /severity: must be one of warning, critical/,
      /channels: must be a list/,
    ])
      assertProblem(wrong, 400, says)
    const unknown = await make({ channels: ['opps', 'ops', 'nobody knows', 9] })
    for (const says of [/no channel "opps"; did you mean ops\?/, /no channel "nobody knows"/, /no channel 9/])
      assertProblem(unknown, 400, says)
    assertProblem(await make({ channels: Array.from({ length: 21 }, () => 'ops') }), 400, /channels: at most 20/)
    assertProblem(await make({ channels: [{ id: 1 }] }), 400, /channels\.0: must be the name of a channel/)
    assertProblem(await make({ channels: ['x'.repeat(101)] }), 400, /channels\.0/)
    assert.deepEqual((await made.api.get<{ items: Item[] }>('/api/v1/expectations')).body.items, [])
    await make({ channels: ['ops'] })
    assertProblem(await made.api.send('PATCH', '/api/v1/expectations/1', { channels: ['opps'] }), 400, /no channel "opps"/)
    assert.deepEqual((await made.api.get<Item>('/api/v1/expectations/1')).body.channels, ['ops'])
  })

  test('the preview takes it, and the exports hold it', async () => {
    await channels('ops')
    const said = { alertAfter: 3, recoverAfter: 2, severity: 'warning', channels: ['ops'] }
    await make(said)
    assert.equal((await made.api.send('POST', '/api/v1/expectations/preview', { ...DRAFT, ...said })).status, 200)
    assert.match(await page('/events.csv'), /alert after,recover after,severity,channels,.*\r\n.*,3,2,warning,ops,/)
    const [event] = JSON.parse(await page('/events.json')) as { expectations: Item[] }[]
    assert.deepEqual(rulesOf(event?.expectations[0] ?? {}), [3, 2, 'warning', ['ops']])
  })
})

describe('how people are told of an expectation, on pages', () => {
  const typed: [string, string][] = [
    ['schedule', '0 7 * * *'],
    ['lookback', '20m'],
    ['severity', 'warning'],
    ['alertAfter', '3'],
    ['recoverAfter', ''],
    ['channels', '1'],
    ['channels', '3'],
  ]

  test('the form says it, keeps it, and gives it back to be changed; the event says what is not as for most', async () => {
    await channels('ops', 'night', 'db')
    await make()
    assert.match(await page('/events/etl/expectations/new'), /name="channels" value="2"\/?> night, switched off/)
    assert.equal((await post('/events/etl/expectations', typed)).status, 303)
    assert.deepEqual(rulesOf((await made.api.get<Item>('/api/v1/expectations/2')).body), [3, 1, 'warning', ['ops', 'db']])
    const html = await page('/expectations/2/edit')
    const ticked = [...html.matchAll(/name="channels" value="(\d)" checked/g)].map(([, id]) => id)
    assert.deepEqual(ticked, ['1', '3'])
    assert.match(html, /<option value="warning" selected/)
    const event = (await page('/events/etl')).replace(/<[^>]*>/g, '')
    assert.match(event, /warning · an incident after 3 misses in a row · tells ops and db/)
    const none = typed.filter(([field]) => field !== 'channels')
    assert.equal((await post('/expectations/2', none)).status, 303)
    assert.deepEqual((await made.api.get<Item>('/api/v1/expectations/2')).body.channels, [])
  })

  test('a mistake stands at its field, and what was ticked stays ticked', async () => {
    await channels('ops')
    await make()
    const wrong = await post('/events/etl/expectations', [
      ...typed.slice(0, 3),
      ['alertAfter', 'three'],
      ['channels', '1'],
      ['channels', '9'],
    ])
    assert.equal(wrong.status, 422)
    assert.match(wrong.html, /id="alertAfter"[^>]*aria-invalid="true"[^>]*value="three"/)
    assert.match(wrong.html, /name="channels" value="1" checked/)
    const gone = await post('/events/etl/expectations', typed)
    assert.equal(gone.status, 422)
    assert.match(gone.html, /<fieldset id="channels">.*there is no channel 3/)
    assert.match(gone.html, /<a href="#channels">Channels<\/a>/)
  })
})

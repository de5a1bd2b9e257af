import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertProblem } from '../support/api.ts'
import { BY } from '../support/author.ts'
import { allPages, fresh, type Item, type List } from './fresh.ts'

const made = fresh()

/** What is noted of incidents. */
const ofIncidents = async () =>
  (await made.world.store.changes({}, { limit: 10, cursor: null })).items.filter(({ action }) => action.startsWith('incident.'))

/** Two open ones, of `backup` (1) and `etl` (2) in staging, and one of `pulse` (3) that is closed. */
async function anIncidentEach(): Promise<void> {
  const { world } = made
  await world.expects('backup', { schedule: '16 9 * * *', lookback: '1m' })
  await world.expects('etl', { schedule: '16 9 * * *', lookback: '1m' }, { env: 'staging' })
  await world.expects('pulse', { lookback: '1m' })
  await world.passUntil('2026-03-04T09:17:10Z')
  await world.affirm('pulse')
  await world.passUntil('2026-03-04T09:18:10Z')
}

const idOf = async (event: string): Promise<number> =>
  Number((await made.api.get<List>(`/api/v1/incidents?event=${event}`)).body.items[0]?.id)

const events = async (query: string): Promise<unknown[]> =>
  (await made.api.get<List>(`/api/v1/incidents${query}`)).body.items.map(({ event }) => event)

const page = async (path: string, init: RequestInit = {}) => {
  const response = await made.world.app.request(path, { ...init, headers: { accept: 'text/html', ...init.headers } })
  return { status: response.status, html: await response.text(), to: response.headers.get('location') }
}

const post = (path: string, form: Record<string, string>) =>
  page(path, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
  })

describe('incidents by the API', () => {
  test('are listed by state, env and event, and page by page', async () => {
    await anIncidentEach()
    assert.equal((await events('')).length, 3)
    assert.deepEqual((await events('?open=true')).toSorted(), ['backup', 'etl'])
    assert.deepEqual(await events('?open=false'), ['pulse'])
    assert.deepEqual(await events('?env=staging'), ['etl'])
    const { key } = (await made.api.get<Item>('/api/v1/events/etl')).body
    assert.deepEqual(await events(`?event=${key}`), ['etl'])
    assert.equal((await allPages(made.api, '/api/v1/incidents', 1)).length, 3)
    assertProblem(await made.api.get('/api/v1/incidents?event=nothing'), 404, /nothing/)
    assertProblem(await made.api.get('/api/v1/incidents?env=%20'), 400, /env/)
    assertProblem(await made.api.get('/api/v1/incidents?state=open'), 400, /state/)
  })

  test('one alone is acknowledged, noted and taken over', async () => {
    await anIncidentEach()
    const path = `/api/v1/incidents/${await idOf('backup')}`
    const first = await made.api.send<Item>('POST', `${path}/acknowledge`, { note: ' disk full ' })
    assert.equal(first.status, 200)
    const { timeline, ...alone } = (await made.api.get<Item>(path)).body
    assert.deepEqual(first.body, alone)
    assert.deepEqual(
      (timeline as Item[]).map(({ kind }) => kind),
      ['opened', 'acknowledged'],
    )
    assert.deepEqual(
      [first.body.event, first.body.env, first.body.acknowledgedBy, first.body.acknowledgedAt, first.body.note],
      ['backup', 'prod', 'anyone', '2026-03-04T09:18:10.000Z', 'disk full'],
    )
    assert.equal((await made.api.send<Item>('POST', `${path}/acknowledge`, {})).body.note, 'disk full')
    const change = await ofIncidents()
    assert.deepEqual(
      change.map(({ action, by: { who } }) => [action, who]),
      [['incident.acknowledge', 'anyone']],
    )
  })

  test('what somebody else has is told, and taken over when asked for', async () => {
    await anIncidentEach()
    const id = await idOf('backup')
    await post(`/incidents/${id}/acknowledge`, { act: 'acknowledge', by: 'ben' })
    const path = `/api/v1/incidents/${id}/acknowledge`
    assertProblem(await made.api.send('POST', path, { note: 'mine' }), 409, /ben has it already/)
    assert.equal((await made.api.send<Item>('POST', path, { takeOver: true })).body.acknowledgedBy, 'anyone')
  })

  test('a closed one, a missing one and a bad note are refused in words', async () => {
    await anIncidentEach()
    const [open, closed] = [await idOf('backup'), await idOf('pulse')]
    const acknowledge = (id: number | string, body: unknown) => made.api.send('POST', `/api/v1/incidents/${id}/acknowledge`, body)
    assertProblem(await acknowledge(closed, {}), 409, /has been closed/)
    assertProblem(await acknowledge(9_999, {}), 404, /no incident 9999/)
    assertProblem(await acknowledge('x', {}), 404, /no incident "x"/)
    assertProblem(await acknowledge('999999999999999', {}), 404, /no incident/)
    assertProblem(await acknowledge(open, { note: 'x'.repeat(2_001) }), 400, /note: at most 2,000 characters/)
    assertProblem(await acknowledge(open, { note: 'a\0b' }), 400, /NUL/)
    assertProblem(await acknowledge(open, { by: 'ben' }), 400, /by/)
    assertProblem(await made.api.get('/api/v1/incidents/9999'), 404, /no incident 9999/)
    assert.deepEqual(await ofIncidents(), [])
  })
})

describe('incidents on pages', () => {
  test('open ones come first, then closed ones; the filter stays in the address', async () => {
    const empty = await page('/incidents')
    assert.match(empty.html, /Nothing is open/)
    assert.match(empty.html, /There has been none yet/)
    await anIncidentEach()
    const { html } = await page('/incidents')
    assert.match(html, /2 open/)
    const order = [...html.matchAll(/<tr id="incident-\d+">.*?<\/span>\d+ (\w+)<\/a>/g)].map(([, name]) => name)
    assert.deepEqual([order.slice(0, 2).toSorted(), order.slice(2)], [['backup', 'etl'], ['pulse']])
    const filtered = (await page('/incidents?q=ETL&env=staging&open=true')).html
    assert.match(filtered, /value="ETL"/)
    assert.match(filtered, /\/incidents\/export\.csv\?q=ETL&amp;env=staging&amp;open=true/)
    assert.doesNotMatch(filtered, /\d backup</)
    assert.match((await page('/incidents?q=nothing')).html, /No incident matches/)
    assert.equal((await page('/incidents?open=maybe')).status, 400)
    assert.equal((await page('/incidents?cursor=x')).status, 400)
  })

  test('when nothing is open it says since when', async () => {
    const { world } = made
    await world.expects('pulse', { lookback: '1m' })
    await world.passUntil('2026-03-04T09:17:10Z')
    await world.affirm('pulse')
    await world.passUntil('2026-03-04T09:18:10Z')
    await world.declaring.pause(await world.declaring.expectation(1), world.clock.now())
    world.clock.set(world.clock.now() + 3 * 86_400_000)
    assert.match((await page('/incidents')).html, /The last incident closed <time[^>]*>3 days ago/)
  })

  test('somebody has it, adds a note, and another one takes it over', async () => {
    await anIncidentEach()
    const path = `/incidents/${await idOf('backup')}`
    assert.match((await page(path)).html, /Nobody has it yet/)
    const taken = await post(`${path}/acknowledge`, { act: 'acknowledge', by: 'ben', note: 'line one\r\nline two' })
    assert.deepEqual([taken.status, taken.to], [303, path])
    await post(`${path}/acknowledge`, { act: 'note', by: 'cy', note: 'seen' })
    await post(`${path}/acknowledge`, { act: 'take', by: 'ann', over: 'user:ben' })
    const { html } = await page(path)
    for (const words of [
      'Missed, and opened',
      'Acknowledged by ben',
      'line one\nline two',
      'Note by cy',
      'Taken over by ann from ben',
    ])
      assert.ok(html.includes(words), words)
    assert.match(html, /ann has it/)
    assert.match((await page('/')).html, new RegExp(`href="${path}">Incident \\d+</a>, open for`))
    assert.match((await page('/events/backup')).html, new RegExp(`href="${path}"`))
  })

  test('two at once: the second is told who has it, keeps what was typed, and may take it over', async () => {
    await anIncidentEach()
    const path = `/incidents/${await idOf('backup')}`
    await post(`${path}/acknowledge`, { act: 'acknowledge', by: 'ben' })
    const second = await post(`${path}/acknowledge`, { act: 'acknowledge', by: 'ann', note: 'half a thought', over: '' })
    assert.equal(second.status, 422)
    for (const words of ['ben has it already', 'half a thought', 'Take it over', 'value="user:ben"'])
      assert.ok(second.html.includes(words), words)
  })

  test('an empty or too long note, or a closed incident, changes nothing and says why', async () => {
    await anIncidentEach()
    const path = `/incidents/${await idOf('backup')}/acknowledge`
    assert.match((await post(path, { act: 'note', note: ' ' })).html, /write something first/)
    const long = await post(path, { act: 'acknowledge', note: 'x'.repeat(2_001) })
    assert.equal(long.status, 422)
    assert.match(long.html, /at most 2,000 characters/)
    assert.match((await post(path, { act: 'acknowledge', by: 'x'.repeat(201) })).html, /at most 200 characters/)
    const closed = await post(`/incidents/${await idOf('pulse')}/acknowledge`, { act: 'acknowledge' })
    assert.equal(closed.status, 422)
    assert.match(closed.html, /has been closed, so it cannot be acknowledged any more/)
    assert.deepEqual(await ofIncidents(), [])
    assert.equal((await page('/incidents/9999')).status, 404)
  })

  test('of a deleted expectation it says so, and cannot be acknowledged', async () => {
    await anIncidentEach()
    const id = await idOf('backup')
    await post(`/incidents/${id}/acknowledge`, { act: 'acknowledge', by: 'ben' })
    await made.world.declaring.deleteEvent(await made.world.declaring.event('backup'), 'backup', made.world.clock.now(), BY)
    const { status, html } = await page(`/incidents/${id}`)
    assert.equal(status, 200)
    assert.match(html, /Its expectation was deleted/)
    assert.match(html, /Acknowledged by ben/)
    assert.doesNotMatch(html, /<textarea/)
    const refused = await post(`/incidents/${id}/acknowledge`, { act: 'acknowledge' })
    assert.match(refused.html, /The expectation of incident \d+ was deleted/)
    assertProblem(await made.api.send('POST', `/api/v1/incidents/${id}/acknowledge`, {}), 409, /was deleted/)
    assert.equal((await made.api.get<Item>(`/api/v1/incidents/${id}`)).body.event, null)
    assert.doesNotMatch((await page('/incidents')).html, />backup</)
  })

  test('when its verdicts are cleared away it still tells what is left', async () => {
    await anIncidentEach()
    const id = await idOf('backup')
    while (await made.world.store.prune({ affirmations: 0, verdicts: Number.MAX_SAFE_INTEGER }, 500));
    const { status, html } = await page(`/incidents/${id}`)
    assert.equal(status, 200)
    assert.match(html, /Its verdict is not kept any more/)
    assert.match(html, /missed what was expected of it at/)
  })

  test('days of misses are one mark, and the page stays small', async () => {
    const { world } = made
    await world.expects('pulse', { lookback: '1m' })
    const span = await world.store.openSpan('another', world.clock.now())
    await world.store.extendSpan(span, world.clock.now() + 3 * 86_400_000)
    world.clock.pass(2 * 86_400_000)
    await world.tick()
    const { html } = await page(`/incidents/${await idOf('pulse')}`)
    assert.match(html, /Missed 2,000 more times/)
    assert.match(html, /Too many verdicts to tell/)
    assert.ok(html.length < 30_000, `${html.length}`)
  })

  test('the export holds what the filter shows, as CSV and as lines of JSON', async () => {
    await anIncidentEach()
    const id = await idOf('backup')
    await post(`/incidents/${id}/acknowledge`, { act: 'acknowledge', by: 'ben', note: '=1+1, "quoted"' })
    const csv = await made.world.app.request('/incidents/export.csv?q=backup')
    assert.match(csv.headers.get('content-type') ?? '', /text\/csv/)
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment/)
    const [head, row, end] = (await csv.text()).split('\r\n')
    assert.equal(
      head,
      'id,event,env,expectation,openedAt,openedDue,closedAt,closedDue,acknowledgedAt,acknowledgedBy,note,assignedTo,snoozedUntil',
    )
    assert.ok(row?.startsWith(`${id},backup,prod,`) && row.endsWith(`,user:ben,"'=1+1, ""quoted""",,`), row)
    assert.equal(end, '')
    const lines = (await (await made.world.app.request('/incidents/export.ndjson?open=true')).text()).trim().split('\n')
    assert.deepEqual(lines.map((line) => (JSON.parse(line) as Item).event).toSorted(), ['backup', 'etl'])
    assert.equal((await made.world.app.request('/incidents/export.csv?open=maybe')).status, 400)
  })
})

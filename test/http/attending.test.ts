import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChannelDraft } from '../../src/store/store.ts'
import { assertProblem } from '../support/api.ts'
import { BY } from '../support/author.ts'
import { type Fresh, fresh, type Item } from './fresh.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' }

/** Of `backup`, open since 09:16. */
async function anIncident({ world }: Fresh): Promise<void> {
  await world.expects('backup', { schedule: '16 9 * * *', lookback: '1m' })
  await world.passUntil('2026-03-04T09:17:10Z')
}

const aChannel = ({ world }: Fresh, name: string, more: Partial<ChannelDraft> = {}) =>
  world.store.createChannel(
    {
      ...{ name, kind: 'slack', settings: {}, when: ['missed', 'recovered'], match: null },
      ...{ isDefault: false, remindEvery: null, isEnabled: true },
      ...more,
    },
    { at: world.clock.now(), by: BY },
    () => ({}),
  )

const asked = async ({ world }: Fresh, path: string, init: RequestInit = {}) => {
  const response = await world.app.request(path, { ...init, headers: { accept: 'text/html', ...init.headers } })
  const html = await response.text()
  return { status: response.status, html, words: html.replace(/<[^>]*>/g, ''), to: response.headers.get('location') }
}
const post = (made: Fresh, path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  asked(made, path, { method: 'POST', body: new URLSearchParams(form).toString(), headers: { ...FORM, ...headers } })

describe('an incident is attended to by the API', () => {
  const made = fresh()
  const send = (path: string, body: unknown) => made.api.send<Item>('POST', `/api/v1/incidents/1/${path}`, body)
  const timeline = async () => (await made.api.get<{ timeline: Item[] }>('/api/v1/incidents/1')).body.timeline

  test('it is given to somebody, and to nobody any more', async () => {
    await anIncident(made)
    const given = await send('assign', { to: 'Ben' })
    assert.deepEqual([given.status, given.body.assignedTo], [200, 'Ben'])
    assert.equal((await send('assign', { to: null })).body.assignedTo, null)
    const steps = (await timeline()).filter(({ kind }) => kind === 'assigned')
    assert.deepEqual(
      steps.map(({ by, to }) => [by, to]),
      [
        ['anyone', 'Ben'],
        ['anyone', null],
      ],
    )
  })

  test('it can wait until an instant, or for a while, or not any more', async () => {
    await anIncident(made)
    assert.equal((await send('snooze', { for: '4h' })).body.snoozedUntil, '2026-03-04T13:17:10.000Z')
    assert.equal((await send('snooze', { until: '2026-03-05T08:00:00Z' })).body.snoozedUntil, '2026-03-05T08:00:00.000Z')
    assert.equal((await send('snooze', { until: null })).body.snoozedUntil, null)
    assert.equal((await send('snooze', { for: '30d' })).status, 200)
    assert.equal((await send('snooze', { for: null })).body.snoozedUntil, null)
    const steps = (await timeline()).filter(({ kind }) => kind === 'snoozed')
    assert.equal(steps.length, 5)
    assert.deepEqual(steps[0], {
      at: '2026-03-04T09:17:10.000Z',
      kind: 'snoozed',
      by: 'anyone',
      until: '2026-03-04T13:17:10.000Z',
    })
  })

  test('something is said of it', async () => {
    await anIncident(made)
    assert.equal((await send('comments', { comment: ' looked at it ' })).status, 200)
    const [, said] = await timeline()
    assert.deepEqual(said, { at: '2026-03-04T09:17:10.000Z', kind: 'noted', by: 'anyone', note: 'looked at it' })
  })

  test('its timeline says who was told and how that went', async () => {
    await aChannel(made, 'ops')
    await anIncident(made)
    const [, told] = await timeline()
    const [delivery] = (told?.deliveries ?? []) as Item[]
    assert.deepEqual([told?.kind, delivery?.channelName, delivery?.kind, delivery?.state], ['told', 'ops', 'missed', 'waiting'])
    assert.equal('about' in (delivery ?? {}), false)
  })

  test('what makes no sense is refused in words, and changes nothing', async () => {
    await anIncident(made)
    for (const [path, body, says] of [
      ['assign', {}, /to/],
      ['assign', { to: '' }, /to: must be 1 to 64 characters/],
      ['assign', { to: 'x'.repeat(65) }, /to: must be 1 to 64 characters/],
      ['assign', { to: 'ann\u202e' }, /to: must be/],
      ['assign', { to: 7 }, /to/],
      ['assign', { to: 'ann', by: 'ben' }, /by: is not a known field/],
      ['snooze', {}, /write \{"until"/],
      ['snooze', { for: '1h', until: '2026-03-05T08:00:00Z' }, /write \{"until"/],
      ['snooze', { for: '31d' }, /for: at most 30 days/],
      ['snooze', { for: '0s' }, /for: .*too short/],
      ['snooze', { for: 'a while' }, /for: .*is not a duration/],
      ['snooze', { until: '2026-03-04T09:00:00Z' }, /until: must end in the future/],
      ['snooze', { until: '2026-05-04T09:00:00Z' }, /until: at most 30 days/],
      ['snooze', { until: 'tomorrow' }, /until: .*is not an instant/],
      ['comments', { comment: '  ' }, /comment: write something first/],
      ['comments', { comment: 'x'.repeat(2_001) }, /comment: at most 2,000 characters/],
      ['comments', { note: 'x' }, /comment: is required/],
    ] as const)
      assertProblem(await send(path, body), 400, says)
    for (const path of ['assign', 'snooze', 'comments'])
      assertProblem(
        await made.api.send('POST', `/api/v1/incidents/9/${path}`, { to: null, for: null, comment: 'x' }),
        400,
        /known field/,
      )
    assertProblem(await made.api.send('POST', '/api/v1/incidents/9/assign', { to: 'ann' }), 404, /no incident 9/)
    assert.deepEqual(
      (await timeline()).map(({ kind }) => kind),
      ['opened'],
    )
  })

  test('a closed one cannot be given to anybody, nor wait, nor be commented', async () => {
    const { world } = made
    await world.expects('pulse', { lookback: '1m' })
    await world.passUntil('2026-03-04T09:17:10Z')
    await world.affirm('pulse')
    await world.passUntil('2026-03-04T09:18:10Z')
    assertProblem(await send('assign', { to: 'ann' }), 409, /closed, so it cannot be assigned any more/)
    assertProblem(await send('snooze', { for: '1h' }), 409, /closed, so it cannot be snoozed any more/)
    assertProblem(await send('comments', { comment: 'x' }), 409, /closed, so it cannot be noted any more/)
  })

  test('a key of one environment attends to incidents of no other', async () => {
    await anIncident(made)
    const draft = { name: 'stage', scopes: ['write'], env: 'staging' }
    const { secret } = (await made.api.send<{ secret: string }>('POST', '/api/v1/keys', draft)).body
    const headers = { authorization: `Bearer ${secret}` }
    for (const [path, body] of [
      ['assign', { to: 'ann' }],
      ['snooze', { for: '1h' }],
      ['comments', { comment: 'x' }],
    ] as const)
      assertProblem(await made.api.send('POST', `/api/v1/incidents/1/${path}`, body, headers), 403, /staging alone, not for prod/)
  })
})

describe('where people are known, an incident is given to one of them', () => {
  const made = fresh({ auth: 'accounts' })

  test('in the spelling of who is called so; others are refused with the name that may be meant', async () => {
    await anIncident(made)
    const { store, services, clock } = made.world
    const stamp = { at: clock.now(), by: BY }
    await store.identified({ name: 'Benedict', role: 'signer', identity: 'ben@example' }, stamp)
    const gone = await store.identified({ name: 'Cyrus', role: 'signer', identity: 'cy@example' }, stamp)
    await store.endPerson(gone.id, stamp)
    const { secret } = await services.keys.make({ name: 'deploy', scopes: ['write'], env: null }, BY, clock.now())
    const assign = (to: string) =>
      made.api.send<Item>('POST', '/api/v1/incidents/1/assign', { to }, { authorization: `Bearer ${secret}` })
    assert.equal((await assign('benedict')).body.assignedTo, 'Benedict')
    assertProblem(await assign('Benedikt'), 400, /nobody here is called "Benedikt"; did you mean Benedict\?/)
    assertProblem(await assign('Cyrus'), 400, /nobody here is called "Cyrus"$/m)
    assert.equal((await store.findIncident(1))?.assignedTo, 'Benedict')
  })
})

describe('an incident is attended to on its page', () => {
  const made = fresh()

  test('it is given to somebody and can wait; page and list say so, and who did it', async () => {
    await anIncident(made)
    await post(made, '/incidents/1/acknowledge', { act: 'note', by: 'ann', note: 'x' })
    const cookie = 'affirmative_name=ann'
    const given = await post(made, '/incidents/1/assign', { to: ' ben ' }, { cookie })
    assert.deepEqual([given.status, given.to], [303, '/incidents/1'])
    await post(made, '/incidents/1/snooze', { for: '4h' })
    const { words, html } = await asked(made, '/incidents/1')
    for (const said of [
      'Assigned to ben by ann',
      'Assigned to ben.',
      'Snoozed until 13:17:10 by somebody',
      'Snoozed until 13:17',
    ])
      assert.ok(words.includes(said), said)
    assert.match(html, /name="to"[^>]*value="ben"/)
    const list = (await asked(made, '/incidents')).words
    assert.match(list, /assigned to ben.*snoozed until 13:17/)
    await post(made, '/incidents/1/snooze', { for: '' })
    await post(made, '/incidents/1/assign', { to: '' })
    const after = (await asked(made, '/incidents/1')).words
    assert.ok(after.includes('Snooze ended by somebody') && after.includes('Assigned to nobody any more, by somebody'))
    assert.doesNotMatch((await asked(made, '/incidents')).words, /assigned to|snoozed/)
  })

  test('who said a name once need not say it again', async () => {
    await anIncident(made)
    const said = await made.world.app.request('/incidents/1/acknowledge', {
      method: 'POST',
      body: 'act=acknowledge&by=ann',
      headers: FORM,
    })
    const cookie = said.headers.get('set-cookie')?.split(';')[0] ?? ''
    assert.match((await asked(made, '/incidents/1', { headers: { cookie } })).html, /name="by"[^>]*value="ann"/)
  })

  test('a mistake stands at its field, keeps what was typed and changes nothing', async () => {
    await anIncident(made)
    const long = await post(made, '/incidents/1/snooze', { for: '31d' })
    assert.equal(long.status, 422)
    assert.match(long.html, /id="attend-for"[^>]*aria-invalid="true"[^>]*value="31d"/)
    assert.match(long.words, /at most 30 days/)
    assert.match(long.html, /<details open(="")?>\s*<summary>Assign or snooze/)
    const wrong = await post(made, '/incidents/1/assign', { to: 'x'.repeat(65) })
    assert.equal(wrong.status, 422)
    assert.match(wrong.words, /must be 1 to 64 characters/)
    assert.equal((await post(made, '/incidents/9/assign', { to: 'ann' })).status, 404)
    assert.deepEqual((await made.world.store.findIncident(1))?.snoozedUntil, null)
  })

  test('that no channel is told of it is said, and why', async () => {
    await anIncident(made)
    const why = async () => /No channel is told of this: ([^<]*)\./.exec((await asked(made, '/incidents/1')).html)?.[1]
    assert.equal(await why(), 'there is none yet')
    await aChannel(made, 'night', { isEnabled: false })
    assert.equal(await why(), 'all of them are switched off')
    await aChannel(made, 'stage', { match: { envs: ['staging'] } })
    assert.equal(await why(), 'it names none, the rules of none fit it, and there is no default one for it')
    await aChannel(made, 'metrics', { when: ['met'] })
    assert.equal(await why(), 'metrics would be, but not of what is missed')
    await aChannel(made, 'ops')
    assert.equal(await why(), undefined)
  })

  test('who is told of it stands in what happened', async () => {
    await aChannel(made, 'ops')
    await anIncident(made)
    const { words } = await asked(made, '/incidents/1')
    assert.match(words, /To tell ops by SlackNext try at 09:16/)
    assert.doesNotMatch(words, /No channel is told/)
  })
})

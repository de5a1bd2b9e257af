import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Sent } from '../../src/domain/message.ts'
import { assertProblem, type Problem } from '../support/api.ts'
import { aListener } from '../support/told.ts'
import { fresh, type Item, type List, NOW } from './fresh.ts'

const AT = new Date(NOW).toISOString()
const NTFY = { name: 'ops', kind: 'ntfy', settings: { url: 'https://ntfy.example/ops', token: 'tk_secret' } }
const MAIL = { name: 'mail', kind: 'email', settings: { to: ['ops@example.org'] } }
const HERE = '/api/v1/channels'

describe('channels', () => {
  const listener = aListener()
  const here = fresh({ tell: listener.tell })
  const send = (method: string, path: string, body?: unknown) => here.api.send<Item>(method, path, body)
  const make = async (draft: object = NTFY): Promise<Item> => {
    const answer = await send('POST', HERE, draft)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body
  }
  const listed = async () => (await here.api.get<List>(HERE)).body.items
  const stored = async (id: unknown) => (await here.world.store.findChannel(Number(id)))?.settings

  test('are made with defaults, read, listed and deleted', async () => {
    const answer = await send('POST', HERE, NTFY)
    const made = answer.body
    assert.equal(answer.headers.get('location'), `${HERE}/${made.id}`)
    assert.deepEqual(made, {
      id: made.id,
      name: 'ops',
      kind: 'ntfy',
      settings: { url: 'https://ntfy.example/ops', token: '••••' },
      when: ['missed', 'recovered'],
      match: null,
      default: false,
      remindEvery: null,
      enabled: true,
      failingSince: null,
      createdAt: AT,
      warnings: [],
    })
    const { warnings, ...kept } = made
    assert.deepEqual(warnings, [])
    assert.deepEqual((await here.api.get(`${HERE}/${made.id}`)).body, kept)
    assert.deepEqual(await listed(), [kept])
    assert.equal((await send('DELETE', `${HERE}/${made.id}`)).status, 204)
    assertProblem(await send('DELETE', `${HERE}/${made.id}`), 404, /no channel/)
    assertProblem(await here.api.get(`${HERE}/${made.id}`), 404, /no channel/)
    assertProblem(await here.api.get(`${HERE}/x`), 404, /no channel "x"/)
    assert.deepEqual(await listed(), [])
  })

  test('say when, of what and how often they are told; each list once and in one order', async () => {
    const match = { events: ['etl_*', 'etl_*'], tags: ['money'], envs: ['prod'], severities: ['critical'] }
    const made = await make({ ...MAIL, when: ['reminder', 'missed', 'missed'], match, default: true, enabled: false })
    assert.deepEqual(made.when, ['missed', 'reminder'])
    assert.deepEqual(made.match, { ...match, events: ['etl_*'] })
    assert.deepEqual([made.default, made.enabled, made.remindEvery], [true, false, '4h'])
    assert.equal((await make({ ...MAIL, name: 'b', when: ['missed', 'reminder'], remindEvery: '30m' })).remindEvery, '30m')
    assert.equal((await make({ ...MAIL, name: 'c', when: ['missed', 'reminder'], remindEvery: null })).remindEvery, null)
    assert.equal((await make({ ...MAIL, name: 'd', match: { events: [] } })).match, null, 'what asks for nothing is null')
    assert.equal((await make({ ...MAIL, name: 'e', match: {} })).match, null)
  })

  test('are reminded only of what they were told', async () => {
    for (const when of [['reminder'], ['recovered', 'reminder', 'met']])
      assertProblem(await send('POST', HERE, { ...MAIL, when }), 400, /when: reminder needs missed/)
    assert.deepEqual(await listed(), [])
  })

  test('a secret is sealed, never told again, kept by its mask and replaced by another one', async () => {
    const { id } = await make({ ...NTFY, settings: { ...NTFY.settings, headers: { authorization: 'Bearer x' } } })
    const sealed = { url: NTFY.settings.url, token: 'sealed:tk_secret', headers: { authorization: 'sealed:Bearer x' } }
    assert.deepEqual(await stored(id), sealed)
    const kept = await send('PATCH', `${HERE}/${id}`, { name: 'night', settings: { token: '••••' } })
    assert.deepEqual(kept.body.settings, { url: NTFY.settings.url, token: '••••', headers: { authorization: '••••' } })
    assert.deepEqual(await stored(id), sealed)
    await send('PATCH', `${HERE}/${id}`, { settings: { token: 'tk_other', headers: null } })
    assert.deepEqual(await stored(id), { url: NTFY.settings.url, token: 'sealed:tk_other' })
    const log = JSON.stringify((await here.api.get<List>('/api/v1/audit')).body)
    assert.ok(!log.includes('tk_') && !log.includes('Bearer x'), log)
    assert.match(log, /"newSecrets":\["token"\]/)
  })

  test('a kept secret goes to no other address: whoever changes that writes the secret again', async () => {
    const { id } = await make()
    const url = 'https://elsewhere.example'
    assertProblem(await send('PATCH', `${HERE}/${id}`, { settings: { url } }), 400, /settings\.token: the address is another one/)
    assert.equal((await send('PATCH', `${HERE}/${id}`, { settings: { url, token: 'tk_new' } })).status, 200)
    assert.deepEqual(await stored(id), { url, token: 'sealed:tk_new' })
  })

  test('may name a secret that is kept elsewhere, whatever it looks like', async () => {
    assert.equal((await make({ ...NTFY, settings: { ...NTFY.settings, token: 'env:AFFIRMATIVE_SECRET_NTFY' } })).name, 'ops')
  })

  test('what keeps one from being of use here is told when it is saved, and it is kept', async () => {
    const address = '10.0.0.1 is a private address: nothing is sent there unless AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES lists it'
    const made = await make({ ...NTFY, settings: { url: 'http://10.0.0.1/ops' } })
    assert.deepEqual(made.warnings, [{ path: 'settings.url', detail: address }])
    const changed = await send('PATCH', `${HERE}/${made.id}`, {
      settings: { url: 'https://ntfy.example', token: 'env:AFFIRMATIVE_SECRET_X' },
    })
    assert.match(
      JSON.stringify(changed.body.warnings),
      /^\[\{"path":"settings\.token","detail":"the variable AFFIRMATIVE_SECRET_X is not set/,
    )
    assertProblem(await send('PATCH', `${HERE}/${made.id}`, { warnings: [] }), 400, /warnings: is read-only/)
  })

  test('a change lays what was sent over what is there; the kind stays', async () => {
    const { id } = await make(MAIL)
    const change = async (to: object) => (await send('PATCH', `${HERE}/${id}`, to)).body
    assert.equal((await change({ when: ['missed', 'reminder'] })).remindEvery, '4h', 'reminders that begin come as usual')
    assert.equal((await change({ remindEvery: null })).remindEvery, null)
    assert.equal((await change({ enabled: false })).remindEvery, null)
    assertProblem(await send('PATCH', `${HERE}/${id}`, { kind: 'ntfy' }), 400, /kind: a channel stays what it is, email/)
    assertProblem(await send('PATCH', `${HERE}/${id}`, { settings: { to: null } }), 400, /settings\.to: is required/)
    assertProblem(await send('PATCH', `${HERE}/${id}`, []), 400, /object/)
    assertProblem(await send('PATCH', `${HERE}/${id}`, { failingSince: null }), 400, /failingSince: is read-only/)
    assertProblem(await send('PATCH', `${HERE}/999`, {}), 404, /no channel/)
  })

  test('every wrong field is told at once, and nothing is made', async () => {
    const draft = {
      name: '',
      kind: 'ntfy',
      settings: { url: 'nowhere', token: 'x', headers: { host: 'a', b: 7 }, colour: 'red' },
      when: [],
      match: { events: ['a*b*c*d*e'], envs: ['a b'], severities: ['bad'], people: [] },
      default: 'yes',
      remindEvery: '1s',
      enabled: 1,
      more: true,
    }
    const answer = await send('POST', HERE, draft)
    assertProblem(answer, 400, /name/)
    const paths = (answer.body as unknown as Problem).errors?.map(({ path }) => path) ?? []
    assert.deepEqual(
      paths.toSorted(),
      [
        ...['default', 'enabled', 'match.envs.0', 'match.events.0', 'match.people', 'match.severities.0', 'more', 'name'],
        ...[
          'remindEvery',
          'settings.colour',
          'settings.headers.b',
          'settings.headers.host',
          'settings.token',
          'settings.url',
          'when',
        ],
      ].toSorted(),
    )
    assert.deepEqual(await listed(), [])
  })

  const refused: Record<string, [draft: unknown, says: RegExp]> = {
    'no fields': [{}, /name: .*kind: .*settings: /s],
    'a list': [[NTFY], /JSON object/],
    'a kind that there is not': [{ ...NTFY, kind: 'pigeon' }, /kind: must be one of webhook/],
    'a kind of another type': [{ ...NTFY, kind: 7 }, /kind/],
    'a kind named like what every object has': [{ ...NTFY, kind: 'constructor' }, /kind/],
    'settings that are a list': [{ ...NTFY, settings: [] }, /settings/],
    'settings that are a text': [{ ...NTFY, settings: 'url' }, /settings: must be an object/],
    'a setting of another type': [{ ...NTFY, settings: { url: 7 } }, /settings\.url: must be a text/],
    'a setting that is too long': [{ ...NTFY, settings: { url: `https://a/${'x'.repeat(200)}` } }, /at most 200 characters/],
    'a setting of two lines': [{ ...NTFY, settings: { url: 'https://a/\nb' } }, /settings\.url: must be one line/],
    'a setting with NUL': [{ ...MAIL, settings: { to: ['a@b'], body: 'a\0b' } }, /settings\.body: must not hold a NUL/],
    'half of a pair': [{ ...MAIL, settings: { to: ['a@b'], body: 'a\ud800' } }, /settings\.body: must not hold/],
    'an empty list': [{ ...MAIL, settings: { to: [] } }, /settings\.to: at least one/],
    'a list that is none': [{ ...MAIL, settings: { to: 'a@b' } }, /settings\.to: must be a list/],
    'one wrong in a list': [
      { ...MAIL, settings: { to: ['a@b', '', 'c'] } },
      /settings\.to\.1: is empty; settings\.to\.2: has to be an address/,
    ],
    'a long list': [{ ...MAIL, settings: { to: Array(51).fill('a@b') } }, /settings\.to: at most 50/],
    'a header that is there twice': [
      { ...NTFY, settings: { url: 'https://a', headers: { Cookie: 'a', cookie: 'b' } } },
      /settings\.headers\.cookie: is there already, written another way/,
    ],
    'pairs that are none': [{ ...NTFY, settings: { url: 'https://a', headers: ['a'] } }, /settings\.headers: must be an object/],
    'many pairs': [
      {
        ...NTFY,
        settings: { url: 'https://a', headers: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`h${i}`, ''])) },
      },
      /settings\.headers: at most 50/,
    ],
    'a name with a line break': [{ ...NTFY, name: 'a\nb' }, /name/],
    'a name that is too long': [{ ...NTFY, name: 'x'.repeat(101) }, /name: 1 to 100/],
    'a pattern of other signs': [{ ...NTFY, match: { events: ['a b'] } }, /match\.events\.0/],
    'too many names': [
      { ...NTFY, match: { events: Array.from({ length: 101 }, (_, i) => `e${i}`) } },
      /match\.events: at most 100/,
    ],
  }
  for (const [what, [draft, says]] of Object.entries(refused))
    test(`is refused: ${what}`, async () => {
      assertProblem(await send('POST', HERE, draft), 400, says)
      assert.deepEqual(await listed(), [])
    })

  test('a name in any spelling is one of them', async () => {
    await make()
    assertProblem(await send('POST', HERE, { ...MAIL, name: 'OPS' }), 409, /name: another channel is called "OPS" already/)
    const { id } = await make(MAIL)
    assertProblem(await send('PATCH', `${HERE}/${id}`, { name: 'Ops' }), 409, /name/)
  })

  const row = async (id: unknown) => (await here.api.get<Item>(`/api/v1/deliveries/${id}`)).body

  test('a test is sent at once, answers what came back and leaves a delivery', async () => {
    const { id } = await make()
    listener.told.length = 0
    const { status, body } = await send('POST', `${HERE}/${id}/test`)
    assert.deepEqual([status, body.ok, body.said], [200, true, '200 ok'])
    const [told] = listener.told
    assert.equal(told?.channel, 'ops')
    assert.deepEqual(
      [told?.message.kind, told?.message.title, told?.message.url],
      ['test', 'test: this reaches ops', `http://localhost/channels/${id}`],
    )
    assert.deepEqual(await row(body.delivery), {
      id: body.delivery,
      key: told?.message.id,
      channel: id,
      channelName: 'ops',
      kind: 'test',
      event: null,
      env: null,
      expectation: null,
      incident: null,
      state: 'sent',
      reason: null,
      attempts: 0,
      createdAt: AT,
      nextTry: null,
      settledAt: AT,
      said: '200 ok',
    })
  })

  test('a test that does not arrive is an error of whoever was told, and tried once', async () => {
    const { id } = await make()
    for (const sent of [
      { kind: 'never', said: '404 no_team' },
      { kind: 'again', said: '500 sorry', after: null },
    ] satisfies Sent[]) {
      listener.answers(() => sent)
      const { status, body } = await send('POST', `${HERE}/${id}/test`)
      assert.deepEqual([status, body.ok, body.said], [502, false, sent.said])
      const { state, said, nextTry } = await row(body.delivery)
      assert.deepEqual([state, said, nextTry], ['failed', sent.said, null])
    }
  })
})

describe('a test that takes its time', () => {
  const waiting: ((sent: Sent) => void)[] = []
  const here = fresh({ tell: () => new Promise((resolve) => waiting.push(resolve)) })
  const make = async (draft: object) => (await here.api.send<{ id: number }>('POST', HERE, draft)).body.id
  const ask = (id: number) => here.api.send<Item>('POST', `${HERE}/${id}/test`)
  const asked = async (count: number) => {
    while (waiting.length < count) await new Promise(setImmediate)
  }

  test('is the only one of its channel, and in nobody else’s hands meanwhile', async () => {
    const [one, other] = [await make(NTFY), await make(MAIL)]
    const first = ask(one)
    await asked(1)
    assertProblem(await ask(one), 409, /under way/)
    const second = ask(other)
    await asked(2)
    const now = here.world.clock.now()
    assert.deepEqual(await here.world.store.claimDeliveries(now, now + 60_000, 10, []), [])
    for (const answer of waiting) answer({ kind: 'sent', said: 'late' })
    assert.deepEqual([(await first).body.said, (await second).body.said], ['late', 'late'])
    const third = ask(one)
    await asked(3)
    waiting.at(-1)?.({ kind: 'sent', said: 'again' })
    assert.equal((await third).body.said, 'again')
    assertProblem(await ask(999), 404, /no channel/)
  })
})

describe('deliveries', () => {
  const here = fresh()
  const list = async (query = '') => (await here.api.get<List>(`/api/v1/deliveries${query}`)).body
  const ids = async (query: string) => (await list(query)).items.map(({ id }) => id)

  test('are listed newest first, by channel, incident, state, kind and time', async () => {
    const { store, clock } = here.world
    const [ops, mail] = await Promise.all(
      [NTFY, MAIL].map(async (draft) => (await here.api.send<{ id: number }>('POST', HERE, draft)).body.id),
    )
    const at = clock.now()
    const about = { event: 'etl', env: 'prod' }
    const one = await store.addDelivery({ channel: ops ?? 0, kind: 'missed', about, expectation: 3, incident: 7 }, at)
    const two = await store.addDelivery({ channel: mail ?? 0, kind: 'test', about: {} }, at + 60_000, at + 90_000)
    await store.settleDelivery(two, { state: 'withheld', reason: 'the channel was switched off' }, at + 61_000)
    const [second, first] = (await list()).items
    assert.deepEqual([first?.event, first?.env, first?.expectation, first?.incident, first?.nextTry], ['etl', 'prod', 3, 7, AT])
    assert.deepEqual([second?.state, second?.reason, second?.event], ['withheld', 'the channel was switched off', null])
    assert.deepEqual(await ids(`?channel=${ops}`), [one.id])
    assert.deepEqual(await ids('?incident=7'), [one.id])
    assert.deepEqual(await ids('?state=withheld'), [two.id])
    assert.deepEqual(await ids('?kind=missed'), [one.id])
    assert.deepEqual(await ids(`?from=${at + 1}`), [two.id])
    assert.deepEqual(await ids(`?to=${at + 60_000}`), [one.id])
    const { nextCursor } = await list('?limit=1')
    assert.deepEqual(await ids(`?limit=1&cursor=${nextCursor}`), [one.id])
  })

  test('bad questions are refused', async () => {
    for (const [query, says] of [
      ['?state=lost', /state: must be one of waiting, sent, withheld, failed/],
      ['?kind=pigeon', /kind: must be one of/],
      ['?channel=x&incident=-1', /channel: .*incident: /s],
      ['?from=yesterday', /from: .* is not an instant/],
      ['?colour=red', /colour/],
      ['?cursor=x', /cursor/],
    ] as const)
      assertProblem(await here.api.get(`/api/v1/deliveries${query}`), 400, says)
    assertProblem(await here.api.get('/api/v1/deliveries/12'), 404, /no delivery 12/)
    assertProblem(await here.api.get('/api/v1/channels?limit=1'), 400, /limit/)
  })
})

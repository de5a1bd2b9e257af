import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Sent } from '../../src/domain/message.ts'
import { HOSTILE } from '../support/hostile.ts'
import { aListener } from '../support/told.ts'
import { aVisitor, type Seen, signedIn, type Visitor } from '../support/visitor.ts'
import { fresh } from './fresh.ts'

const NTFY = {
  kind: 'ntfy',
  name: 'ops',
  'settings-url': 'https://ntfy.example/ops',
  'settings-token': 'tk_secret',
  'settings-headers': 'authorization: Bearer a:b\nx-team: ops',
  'when-missed': 'on',
}
const MAIL = { kind: 'email', name: 'mail', 'settings-to': 'ops@example.org\n\nnight@example.org', 'when-missed': 'on' }

describe('the pages of channels', () => {
  const listener = aListener()
  const here = fresh({ tell: listener.tell })
  const visitor = () => aVisitor(here.world)
  const add = async (fields: Record<string, string> = NTFY): Promise<string> => {
    const answer = await visitor().post('/channels', fields)
    assert.equal(answer.status, 303, answer.html)
    return (answer.to ?? '').replace(/\?.*/, '')
  }
  const [only] = [async () => (await here.world.store.channels())[0]]
  const refused = ({ status, html }: Seen, ...says: RegExp[]): void => {
    assert.equal(status, 422)
    for (const said of says) assert.match(html, said)
  }

  test('a kind is chosen, then its own fields are asked for', async () => {
    const choice = (await visitor().get('/channels/new')).html
    assert.match(choice, /<a href="\/channels\/new\?kind=slack">Slack<\/a>/)
    assert.ok(!choice.includes('kind=pagerduty'), 'only those that there are')
    const form = (await visitor().get('/channels/new?kind=ntfy')).html
    for (const name of ['name', 'settings-url', 'settings-token', 'settings-headers'])
      assert.ok(form.includes(`name="${name}"`), name)
    assert.match(form, /<input[^>]*name="settings-token"[^>]*type="password"/)
    assert.match((await visitor().get('/channels/new?kind=pigeon')).html, /How are people told/)
  })

  test('a channel is added as it was typed, shown, and leads to its page', async () => {
    const path = await add({
      ...NTFY,
      events: 'etl_*, sync',
      envs: 'prod',
      severity: 'critical',
      'when-reminder': 'on',
      default: 'on',
    })
    const channel = await only()
    assert.deepEqual(channel?.settings, {
      url: 'https://ntfy.example/ops',
      token: 'sealed:tk_secret',
      headers: { authorization: 'sealed:Bearer a:b', 'x-team': 'sealed:ops' },
    })
    assert.deepEqual(channel?.match, { events: ['etl_*', 'sync'], envs: ['prod'], severities: ['critical'] })
    assert.deepEqual([channel?.when, channel?.isDefault, channel?.remindEvery], [['missed', 'reminder'], true, 14_400_000])
    const { html } = await visitor().get(path)
    assert.match(html, /missed and reminder, of what no other channel is for, etl_\* and sync, in prod, critical only/)
    assert.match((await visitor().get('/channels')).html, new RegExp(`<a class="name" href="${path}">ops</a>`))
  })

  test('no page ever holds a secret: not when it is kept, nor when it was typed beside a mistake', async () => {
    const path = await add()
    for (const page of [path, '/channels', '/deliveries']) {
      const { html } = await visitor().get(page)
      assert.ok(!/tk_secret|Bearer a:b|sealed:/.test(html), page)
    }
    assert.match((await visitor().get(path)).html, /Stored: <code>••••<\/code>/)
    assert.match((await visitor().get(path)).html, /authorization: ••••, x-team: ••••/)
    const answer = await visitor().post(path, { ...NTFY, name: '', 'settings-token': 'tk_typed' })
    refused(answer, /id="name-error"/, /id="settings-token-error"/, /write it again/)
    assert.ok(!answer.html.includes('tk_typed'))
  })

  test('what keeps a channel from being of use stands on its page, and nothing where all is well', async () => {
    const url = 'http://10.0.0.9/ops'
    const path = await add({ ...NTFY, name: 'here', 'settings-url': url })
    const { html } = await visitor().get(path)
    assert.match(html, /10\.0\.0\.9 is a private address: nothing is sent there unless/)
    assert.doesNotMatch((await visitor().get(await add())).html, /is a private address/)
  })

  test('an empty secret stays as it was, one that is to be taken away goes', async () => {
    const path = await add()
    const { 'settings-token': _, 'settings-headers': __, ...rest } = NTFY
    assert.equal((await visitor().post(path, { ...rest, name: 'night' })).status, 303)
    assert.equal((await only())?.settings.token, 'sealed:tk_secret')
    assert.equal((await visitor().post(path, { ...rest, name: 'night', 'forget-headers': 'on' })).status, 303)
    assert.deepEqual(Object.keys((await only())?.settings ?? {}), ['url', 'token'])
    refused(await visitor().post(path, { ...rest, 'settings-url': 'https://elsewhere.example' }), /write the secret again/)
  })

  test('mistakes stand at their fields, what was typed stays, and nothing is changed', async () => {
    const answer = await visitor().post('/channels', {
      kind: 'email',
      name: 'mail',
      'settings-to': 'nobody',
      events: 'a b? c',
      envs: '!',
      tags: '?',
      severity: 'bad',
      remindEvery: 'often',
    })
    refused(answer, /Nothing was saved: 7 fields need a look/)
    for (const name of ['settings-to', 'when', 'events', 'envs', 'tags', 'severity', 'remindEvery'])
      assert.ok(answer.html.includes(`id="${name}-error"`), name)
    assert.match(answer.html, /<textarea[^>]*>nobody<\/textarea>/)
    assert.match(answer.html, /value="a b\? c"/)
    refused(await visitor().post('/channels', { ...NTFY, 'settings-headers': 'no pair' }), /name: value, one a line/)
    refused(await visitor().post('/channels', { ...NTFY, kind: 'pigeon' }), /How are people told/)
    assert.equal(await only(), undefined)
    await add()
    refused(await visitor().post('/channels', { ...NTFY, name: 'OPS' }), /another channel is called/)
  })

  test('a list is one a line, and stands there so', async () => {
    const path = await add(MAIL)
    assert.deepEqual((await only())?.settings, { to: ['ops@example.org', 'night@example.org'] })
    assert.match((await visitor().get(path)).html, />ops@example\.org\nnight@example\.org<\/textarea>/)
  })

  test('a test is sent by its button, and the page says what came back', async () => {
    const path = await add()
    const press = async (sent: Sent) => {
      listener.answers(() => sent)
      const { status, to } = await visitor().post(`${path}/test`)
      assert.equal(status, 303)
      return (await visitor().get(to ?? '')).html
    }
    assert.match(await press({ kind: 'sent', said: '200 fine' }), /The test arrived: 200 fine/)
    const html = await press({ kind: 'never', said: `404 ${HOSTILE}` })
    assert.match(html, /The test did not arrive: 404/)
    assert.ok(!html.includes(HOSTILE))
    assert.match(html, /a test is tried once/)
    assert.ok(!(await visitor().get(`${path}?tested=x`)).html.includes('The test'))
  })

  test('is switched off and on again', async () => {
    const path = await add()
    const turn = (to: string) => visitor().post(`${path}/switch`, { to })
    assert.equal((await turn('off')).status, 303)
    assert.match((await visitor().get(path)).html, /switched off/)
    assert.equal((await only())?.isEnabled, false)
    await visitor().post(path, { ...NTFY, name: 'night' })
    assert.equal((await only())?.isEnabled, false, 'an edit leaves it off')
    await turn('on')
    assert.equal((await only())?.isEnabled, true)
    refused(await turn('perhaps'), /Nothing was changed/)
  })

  test('is deleted by typing its name', async () => {
    const path = await add()
    refused(await visitor().post(`${path}/delete`, { confirm: 'op' }), /id="remove-confirm-error"/)
    assert.equal((await visitor().post(`${path}/delete`, { confirm: 'ops' })).to, '/channels?done=deleted')
    assert.equal((await visitor().get(path)).status, 404)
    assert.equal(await only(), undefined)
  })

  test('deliveries say what became of them and why, filtered by channel and state', async () => {
    const [ops, mail] = [await add(), await add(MAIL)].map((path) => Number(path.split('/').at(-1)))
    const { store, clock } = here.world
    const at = clock.now()
    const owe = (channel = 0, event = 'etl') =>
      store.addDelivery({ channel, kind: 'missed', about: { event, env: 'prod' }, incident: 7 }, at, at + 60_000)
    await store.settleDelivery(await owe(ops), { state: 'waiting', nextAt: at + 300_000, said: '500 later' }, at)
    await store.settleDelivery(await owe(ops), { state: 'withheld', reason: 'in maintenance' }, at)
    await store.settleDelivery(await owe(mail, HOSTILE), { state: 'failed', reason: 'refused for ever', said: '550 nobody' }, at)
    const page = async (query: string) => (await visitor().get(`/deliveries${query}`)).html
    const all = await page('')
    for (const said of [/next try <time[^>]*>in 5 min<\/time>: 500 later/, /in maintenance/, /refused for ever: 550 nobody/])
      assert.match(all, said)
    assert.ok(!all.includes(HOSTILE))
    assert.match(all, /<a href="\/incidents\/7">incident 7<\/a>/)
    const failed = await page('?state=failed')
    assert.ok(failed.includes('refused for ever') && !failed.includes('in maintenance'))
    assert.ok(!(await page(`?channel=${ops}`)).includes('refused for ever'))
    assert.match(await page('?channel=99'), /No delivery matches/)
    assert.match(await page('?kind=met'), /No delivery matches/)
    assert.ok((await page('?kind=missed')).includes('refused for ever'))
    await store.joinFlood(ops ?? 0, [await owe(ops, 'one_of_many')], at)
    const [digest] = (await store.deliveries({ kind: 'flood' }, { limit: 1, cursor: null })).items
    const flood = await page(`?flood=${digest?.flood}`)
    assert.ok(flood.includes(`id="delivery-${digest?.id}"`) && !flood.includes('one_of_many'))
    assert.match(flood, /<a href="\/deliveries">Show all of them<\/a>/)
    assert.equal((await visitor().get('/deliveries?flood=x')).status, 400)
    assert.equal((await visitor().get('/deliveries?state=lost')).status, 400)
    assert.equal((await visitor().get('/deliveries?kind=lost')).status, 400)
    assert.match((await visitor().get('/channels')).html, /failing for/)
  })
})

describe('who may', () => {
  const here = fresh({ auth: 'accounts' })

  test('an editor sees channels and deliveries; an admin changes them', async () => {
    const admin = await signedIn(here.world, 'ann', 'admin')
    const editor = await signedIn(here.world, 'eve', 'editor')
    const path = ((await admin.post('/channels', NTFY)).to ?? '').replace(/\?.*/, '')
    const statusOf = async (who: Visitor) => [
      (await who.get('/channels')).status,
      (await who.get(path)).status,
      (await who.get('/deliveries')).status,
      (await who.get('/channels/new')).status,
      (await who.post(path, NTFY)).status,
      (await who.post(`${path}/test`)).status,
      (await who.post(`${path}/switch`, { to: 'off' })).status,
      (await who.post(`${path}/delete`, { confirm: 'ops' })).status,
    ]
    assert.deepEqual(await statusOf(editor), [200, 200, 200, 403, 403, 403, 403, 403])
    assert.ok(!(await editor.get(path)).html.includes('<h2 id="edit-h">'))
    assert.deepEqual(await statusOf(admin), [200, 200, 200, 200, 303, 303, 303, 303])
  })
})

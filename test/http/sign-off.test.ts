import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Hono } from 'hono'
import type { Role } from '../../src/domain/access.ts'
import { MINUTE, SECOND } from '../../src/domain/time.ts'
import { answerTo } from '../../src/http/answer.ts'
import { signOffRoutes } from '../../src/http/pages/sign-off.ts'
import { fresh } from './fresh.ts'

type Fields = Record<string, string>
type Page = { status: number; html: string; location: string | null; cookie: string | null }
const MODEL = 'model_under_control'
const DAILY = { schedule: '0 15 * * *', lookback: '24h' }

const form = (fields: Fields, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost', ...headers },
  body: new URLSearchParams(fields).toString(),
})

async function pageOf(answer: Response | Promise<Response>): Promise<Page> {
  const response = await answer
  const { status, headers } = response
  return { status, html: await response.text(), location: headers.get('location'), cookie: headers.get('set-cookie') }
}

/** The hidden fields of a form on the page, by its action. */
function hiddenIn(html: string, action: string): Fields {
  const from = html.indexOf(`action="${action}"`)
  assert.ok(from > 0, `no form goes to ${action}`)
  const inputs = html.slice(from, html.indexOf('</form>', from)).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, value]))
}

describe('the sign-off page', () => {
  const made = fresh()

  const register = async (name: string, terms: object = DAILY, more: { env?: string } = {}) => {
    const { world } = made
    await world.declaring.registerEvent({ name, description: '', tags: ['person'] }, world.clock.now())
    return world.expects(name, terms, more)
  }
  const get = (path = '/sign-off', headers = {}) => pageOf(made.world.app.request(path, { headers }))
  const post = (path: string, fields: Fields, headers = {}) => pageOf(made.world.app.request(path, form(fields, headers)))
  const sign = async (fields: Fields, event = MODEL): Promise<Page> => {
    const asked = await post(`/sign-off/${event}`, { by: 'ann', env: 'prod', note: '', ...fields })
    assert.equal(asked.status, 200)
    return post(`/sign-off/${event}`, hiddenIn(asked.html, `/sign-off/${event}`))
  }
  /** As the routes are for somebody who is signed in. */
  const as = (name: string, role: Role = 'signer') => {
    const app = new Hono<{ Variables: { actor: object } }>()
    app.use(async (c, next) => {
      c.set('actor', { kind: 'person', id: 1, name, role })
      await next()
    })
    app.onError((error, c) => answerTo(error, c.req.method, c.req.path, made.world.services))
    app.route('/', signOffRoutes(made.world.services))
    return {
      get: () => pageOf(app.request('/sign-off')),
      post: (path: string, fields: Fields) => pageOf(app.request(path, form(fields))),
    }
  }

  test('without anything to sign it says so, and how an event comes to stand here', async () => {
    const { status, html } = await get()
    assert.equal(status, 200)
    assert.match(html, /Nothing waits for a person/)
    assert.match(html, /<code>person<\/code>/)
  })

  test('asked once and confirmed once: the first step says it in words and stores nothing', async () => {
    await register(MODEL)
    assert.match((await get()).html, /<h1>1 waits for a person<\/h1>/)
    const asked = await post(`/sign-off/${MODEL}`, { by: ' ann ', env: 'prod', note: 'drift 0.8 %' })
    assert.equal(asked.status, 200)
    assert.match(asked.html, /<b>ann<\/b> says: model under control\./)
    assert.match(asked.html, /With the note “drift 0.8 %”/)
    assert.deepEqual(await made.affirmations(MODEL), [])

    const done = await post(`/sign-off/${MODEL}`, hiddenIn(asked.html, `/sign-off/${MODEL}`))
    assert.deepEqual([done.status, done.location], [303, '/sign-off'])
    assert.match(done.cookie ?? '', /^affirmative_name=ann; .*HttpOnly; SameSite=Lax/)
    const [row] = await made.affirmations(MODEL)
    assert.deepEqual([row?.source, row?.value, row?.status, row?.env], ['user:ann', 'drift 0.8 %', 'ok', 'prod'])
    const { html } = await get('/sign-off', { cookie: 'affirmative_name=ann' })
    assert.match(html, /You signed off/)
    assert.match(html, /Nothing waits for a person/)
  })

  test('a double click signs once', async () => {
    await register(MODEL)
    const { html } = await post(`/sign-off/${MODEL}`, { by: 'ann', env: 'prod' })
    const fields = hiddenIn(html, `/sign-off/${MODEL}`)
    const answers = await Promise.all([0, 1, 2].map(() => post(`/sign-off/${MODEL}`, fields)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303, 303],
    )
    assert.equal((await made.affirmations(MODEL)).length, 1)
  })

  test('a mistake stands beside its field, what was typed is kept, and nothing is stored', async () => {
    await register(MODEL)
    const long = 'x'.repeat(2_001)
    const mistakes: [Fields, RegExp][] = [
      [{ by: '  ', note: 'kept' }, /Say who you are[\s\S]*kept/],
      [{ by: 'a\nb', note: 'kept' }, /none of them a control character[\s\S]*kept/],
      [{ by: 'b'.repeat(101), note: 'kept' }, /at most 100 characters/],
      [{ by: 'ann', note: long }, /at most 2,000 characters; this one has 2001/],
      [{ by: 'ann', env: '../etc' }, /an env is 1 to 64/],
      [{ by: 'ann', env: 'a\0b' }, /an env is 1 to 64/],
    ]
    for (const [fields, said] of mistakes)
      for (const sure of ['', 'yes']) {
        const { status, html } = await post(`/sign-off/${MODEL}`, { env: 'prod', sure, ...fields })
        assert.equal(status, 422, JSON.stringify(fields).slice(0, 60))
        assert.match(html, said)
      }
    assert.equal((await post('/sign-off/nobody_knows_it', { by: 'ann', env: 'prod' })).status, 404)
    assert.deepEqual(await made.affirmations(MODEL), [])
    assert.deepEqual(await made.names(), [MODEL])
    assert.equal((await post(`/sign-off/${MODEL}`, { by: 'ann', note: 'x'.repeat(2_000), env: 'prod' })).status, 200)
  })

  test('taken back within ten minutes it counts no more, stays listed, and says by whom', async () => {
    const { world, api } = made
    await register(MODEL)
    await sign({ note: 'wrong one' })
    world.clock.pass(10 * MINUTE)
    const cookie = { cookie: 'affirmative_name=ann' }
    const { html } = await get('/sign-off', cookie)
    const undo = `/sign-off/${MODEL}/undo`
    const taken = await post(undo, hiddenIn(html, undo), cookie)
    assert.deepEqual([taken.status, taken.location], [303, '/sign-off?done=taken-back'])
    const after = await get('/sign-off?done=taken-back', cookie)
    assert.match(after.html, /Taken back: it counts no more/)
    assert.match(after.html, /1 waits for a person/)
    assert.doesNotMatch(after.html, /Undo,/)
    const [row] = await made.affirmations(MODEL)
    assert.deepEqual([row?.status, row?.withdrawn], ['ok', { by: 'user:ann', at: '2026-03-04T09:24:12.000Z' }])
    const lines = await api.get<string>(`/api/v1/events/${MODEL}/affirmations`, { accept: 'application/x-ndjson' })
    assert.match(lines.body, /"withdrawn":\{"by":"user:ann"/)
    assert.match((await get(`/events/${MODEL}`)).html, /withdrawn by ann/)
    assert.equal((await post(undo, hiddenIn(html, undo), cookie)).status, 303, 'a double click changes nothing more')
    const { items } = await world.store.changes({}, { limit: 9, cursor: null })
    assert.deepEqual(
      items.slice(0, 2).map(({ action, subject }) => [action, subject]),
      [
        ['affirmation.withdraw', MODEL],
        ['expectation.make', '1'],
      ],
    )
  })

  test('later it is told in words, and what is no sign-off, or not there, is not taken back', async () => {
    const { world } = made
    await register(MODEL)
    await sign({})
    const undo = `/sign-off/${MODEL}/undo`
    const fields = hiddenIn((await get()).html, undo)
    world.clock.pass(10 * MINUTE + 1)
    assert.doesNotMatch((await get()).html, /Undo,/)
    const late = await post(undo, fields)
    assert.equal(late.status, 409)
    assert.match(late.html, /more than 10 minutes ago: it cannot be taken back any more/)
    await world.affirm(MODEL, { source: 'web-1' })
    const [row] = (await world.store.affirmations(await world.declaring.event(MODEL), {}, { limit: 1, cursor: null })).items
    assert.equal((await post(undo, { env: 'prod', at: `${row?.at}`, id: `${row?.id}` })).status, 400)
    for (const wrong of [{}, { ...fields, id: '0' }, { ...fields, env: 'a\0b' }, { ...fields, at: 'x' }, { ...fields, env: 'x' }])
      assert.equal((await post(undo, wrong)).status, 404)
    assert.ok((await made.affirmations(MODEL)).every(({ withdrawn }) => withdrawn === undefined))
  })

  test('who is signed in signs as nobody else, and takes back only their own; an admin anybody’s', async () => {
    await register(MODEL)
    const [ann, ben, admin] = [as('ann'), as('ben'), as('root', 'admin')]
    assert.doesNotMatch((await ann.get()).html, /name="by"/)
    const asked = await ann.post(`/sign-off/${MODEL}`, { by: 'ben', env: 'prod' })
    assert.match(asked.html, /<b>ann<\/b> says/)
    const done = await ann.post(`/sign-off/${MODEL}`, { ...hiddenIn(asked.html, `/sign-off/${MODEL}`), by: 'ben' })
    assert.deepEqual([done.status, done.cookie], [303, null])
    assert.equal((await made.affirmations(MODEL))[0]?.source, 'user:ann')

    const undo = `/sign-off/${MODEL}/undo`
    const fields = hiddenIn((await ann.get()).html, undo)
    assert.doesNotMatch((await ben.get()).html, /Undo,/)
    assert.equal((await ben.post(undo, fields)).status, 403)
    assert.match((await admin.get()).html, /ann signed off/)
    assert.equal((await admin.post(undo, fields)).status, 303)
    assert.deepEqual((await made.affirmations(MODEL))[0]?.withdrawn, { by: 'user:root', at: '2026-03-04T09:14:12.000Z' })
  })

  test('where two people are wanted, the first one is told to leave it to another', async () => {
    await register(MODEL, { ...DAILY, count: 'sources', atLeast: 2 })
    await sign({})
    assert.match((await get()).html, /One more person is needed/)
    const ann = await as('ann').get()
    assert.match(ann.html, /somebody else’s turn/)
    assert.doesNotMatch(ann.html, /name="note"/)
    assert.match((await as('ben').get()).html, /name="note"/)
    await sign({ by: 'ben' })
    assert.match((await get()).html, /Nothing waits for a person/)
  })

  test('missed first, then late, then due soonest; then what is not open yet; last what is done', async () => {
    const { world } = made
    await register('done_one')
    await register('due_later', { schedule: '0 18 * * *', lookback: '24h' })
    await register('due_soon', { schedule: '0 10 * * *', lookback: '2h' })
    await register('not_open_yet', { schedule: '0 20 * * *', lookback: '1h' })
    await register('late_one', { schedule: '20 9 * * *', lookback: '1m', grace: '1h' })
    await register('missed_one', { schedule: '*/5 * * * *', lookback: '1m' })
    await world.passUntil('2026-03-04T09:19:30Z')
    await sign({}, 'done_one')
    await world.passUntil('2026-03-04T09:24:10Z')
    const { html } = await get()
    const order = [...html.matchAll(/<article class="ask" id="for-(\w+)-prod"/g)].map(([, name]) => name)
    assert.deepEqual(order, ['missed_one', 'late_one', 'due_soon', 'due_later', 'not_open_yet', 'done_one'])
    assert.match(html, /Late: was due at 09:20, counts until 10:20/)
    assert.match(html, /Not before 19:00; due at 20:00/)
    assert.match(html, /<h1>4 wait for a person<\/h1>/)
  })

  test('one environment alone, and a sign-off goes where it was asked for', async () => {
    await register(MODEL, DAILY, { env: 'staging' })
    await register('other')
    const { html } = await get('/sign-off?env=staging')
    assert.match(html, new RegExp(MODEL))
    assert.doesNotMatch(html, /for-other/)
    const asked = await post(`/sign-off/${MODEL}?env=staging`, { by: 'ann', env: 'staging' })
    const done = await post(`/sign-off/${MODEL}?env=staging`, hiddenIn(asked.html, `/sign-off/${MODEL}?env=staging`))
    assert.equal(done.location, '/sign-off?env=staging')
    assert.equal((await made.affirmations(MODEL))[0]?.env, 'staging')
  })

  test('how many wait is known to every page, and asked of the database no more than every five seconds', async () => {
    const { world } = made
    const { signingOff } = world.services
    await register(MODEL)
    const now = world.clock.now()
    assert.equal(await signingOff.waiting(now), 1)
    await world.affirm(MODEL, { source: 'user:ann' })
    assert.equal(await signingOff.waiting(now + 5 * SECOND - 1), 1)
    assert.equal(await signingOff.waiting(now + 5 * SECOND), 0)
    await register('other')
    assert.equal(await signingOff.waiting(now + 9 * SECOND), 0)
    await sign({}, 'other')
    await register('third')
    assert.equal(await signingOff.waiting(now + 9 * SECOND), 1, 'signing off asks anew')
  })

  test('the form on the page of an event signs by the same rules, and takes back there', async () => {
    await register(MODEL)
    const nameless = await post(`/events/${MODEL}/sign-off`, { by: '', env: 'prod', note: 'kept' })
    assert.equal(nameless.status, 422)
    assert.match(nameless.html, /Say who you are/)
    const done = await post(`/events/${MODEL}/sign-off`, { by: 'ann', env: 'prod', note: 'x' })
    assert.equal(done.location, `/events/${MODEL}?done=signed-off`)
    const undo = `/sign-off/${MODEL}/undo`
    const { html } = await get(`/events/${MODEL}`, { cookie: 'affirmative_name=ann' })
    const taken = await post(undo, hiddenIn(html, undo))
    assert.equal(taken.location, `/events/${MODEL}?done=taken-back`)
    assert.ok((await made.affirmations(MODEL))[0]?.withdrawn)
  })

  test('a form of a foreign page signs nothing and takes nothing back', async () => {
    await register(MODEL)
    await sign({})
    const foreign = { origin: 'http://evil.example' }
    assert.equal((await post(`/sign-off/${MODEL}`, { by: 'ann', env: 'prod', sure: 'yes' }, foreign)).status, 403)
    const undo = `/sign-off/${MODEL}/undo`
    assert.equal((await post(undo, hiddenIn((await get()).html, undo), foreign)).status, 403)
    const rows = await made.affirmations(MODEL)
    assert.deepEqual([rows.length, rows[0]?.withdrawn], [1, undefined])
  })
})

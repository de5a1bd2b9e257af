import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BY_SELF, failingEventOf, NEVER } from '../../src/domain/self.ts'
import { assertProblem } from '../support/api.ts'
import { aVisitor } from '../support/visitor.ts'
import { fresh, type Tally } from './fresh.ts'

const OURS = failingEventOf(7)
const BATCH = '/api/v1/affirmations'
const EXPECTED = { event: OURS, schedule: '* * * * *', atLeast: 0, atMost: 0, lookback: '1m' }

describe('the event of a channel that fails is affirmed by this server alone', () => {
  const here = fresh()
  /** As this server does itself; the key of the event. */
  const affirmed = async (): Promise<string> => {
    const { affirming, declaring } = here.world.services
    const now = here.world.clock.now()
    const asked = { event: OURS, env: 'prod', status: 'ok', at: now, source: 'self:a', value: null, id: `${now}` } as const
    const event = await declaring.registerEvent({ name: OURS, description: '', tags: ['self'] }, now, BY_SELF)
    await affirming.affirmOwn(asked, now)
    return event.key
  }

  test('nobody else registers it by affirming it', async () => {
    for (const method of ['GET', 'POST'])
      for (const path of [`/affirm/${OURS}`, `/affirm/${OURS}/fail`])
        assert.equal((await here.api.raw(path, { method })).status, 400)
    assertProblem(await here.api.send('POST', BATCH, { event: OURS }), 400, /channel-failing:7" is affirmed by this server alone/)
    assert.deepEqual(await here.names(), [])
  })

  test('nor affirms it by its name or key, once we have', async () => {
    const key = await affirmed()
    for (let i = 0; i < 2; i++)
      for (const name of [OURS, key])
        assertProblem(await here.api.send('POST', BATCH, { event: name }), 400, /event: .*by this server alone/)
    assert.equal((await here.affirmations(OURS)).length, 1)
  })

  test('in a batch it is told by its index, and the others are kept', async () => {
    const key = await affirmed()
    const { body } = await here.api.send<Tally>('POST', BATCH, [{ event: 'a' }, { event: OURS }, { event: key }, { event: 'a' }])
    assert.equal(body.accepted, 2)
    assert.deepEqual(
      body.rejected.map(({ index, detail }) => [index, /by this server alone/.test(detail)]),
      [
        [1, true],
        [2, true],
      ],
    )
  })

  test('its affirmations can be cleared, which is noted as ever', async () => {
    await affirmed()
    here.world.clock.pass(1)
    assert.equal((await here.api.send('DELETE', `/api/v1/events/${OURS}/affirmations?confirm=${OURS}`)).status, 200)
    assert.deepEqual(
      (await here.affirmations(OURS)).map(({ status }) => status),
      ['log'],
    )
  })

  test('nobody else expects something of it, by the API or by the form', async () => {
    await affirmed()
    assertProblem(await here.api.send('POST', '/api/v1/expectations', EXPECTED), 403, /nothing else can be expected of it/)
    const visitor = aVisitor(here.world)
    const form = { schedule: '* * * * *', timeZone: 'UTC', atLeast: '0', atMost: '0', lookback: '1m', env: 'prod' }
    assert.equal((await visitor.post(`/events/${OURS}/expectations`, form)).status, 403)
    const { store, services, clock } = here.world
    assert.deepEqual((await store.listExpectations({}, { limit: 1, cursor: null })).items, [])
    const draft = { event: OURS, env: 'prod', tags: [], paused: false, terms: NEVER }
    assert.equal((await services.declaring.expect(draft, clock.now(), BY_SELF)).event, OURS)
  })

  test('nor calls another event so', async () => {
    await here.api.get('/affirm/mine')
    assertProblem(await here.api.send('PATCH', '/api/v1/events/mine', { name: OURS }), 403, /no other event can be called so/)
    assertProblem(await here.api.send('POST', '/api/v1/events', { name: OURS }), 403, /no other event can be called so/)
    assert.deepEqual(await here.names(), ['mine'])
  })

  test('what only looks like it, and what else we affirm, is anybody’s', async () => {
    for (const name of ['affirmative:channel-failing:x', 'x-affirmative:channel-failing:7', 'affirmative:tick-late'])
      assert.equal((await here.api.get(`/affirm/${name}`)).status, 200, name)
  })
})

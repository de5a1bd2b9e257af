import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fresh } from './fresh.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' }

describe('every change of the configuration is noted, whichever way it comes', () => {
  const here = fresh()
  const noted = async () => {
    const { items } = await here.world.store.changes({}, { limit: 100, cursor: null })
    return items.reverse().map(({ action, subject, by }) => `${by.who} ${action} ${subject}`)
  }
  const post = (path: string, form: Record<string, string> = {}) =>
    here.api.raw(path, { method: 'POST', headers: FORM, body: String(new URLSearchParams(form)) })

  test('by the API', async () => {
    const { api } = here
    await api.send('POST', '/api/v1/events', { name: 'etl' })
    await api.send('PATCH', '/api/v1/events/etl', { description: 'the nightly one' })
    const draft = { event: 'etl', schedule: '0 3 * * *', lookback: '20m' }
    const { body } = await api.send<{ id: number }>('POST', '/api/v1/expectations', draft)
    const path = `/api/v1/expectations/${body.id}`
    await api.send('PATCH', path, { lookback: '30m', paused: true })
    await api.send('POST', `${path}/resume`)
    await api.send('POST', `${path}/pause`)
    await api.send('POST', `${path}/pause`)
    await api.send('DELETE', path)
    await here.world.affirm('etl')
    here.world.clock.pass(1_000)
    await api.send('DELETE', '/api/v1/events/etl/affirmations?confirm=etl')
    await api.send('DELETE', '/api/v1/events/etl?confirm=etl')
    assert.deepEqual(await noted(), [
      'anyone event.register etl',
      'anyone event.change etl',
      `anyone expectation.make ${body.id}`,
      `anyone expectation.change ${body.id}`,
      `anyone expectation.pause ${body.id}`,
      `anyone expectation.resume ${body.id}`,
      `anyone expectation.pause ${body.id}`,
      `anyone expectation.delete ${body.id}`,
      'anyone event.clear etl',
      'anyone event.delete etl',
    ])
  })

  test('by the pages', async () => {
    await post('/events', { name: 'etl' })
    await post('/events/etl', { description: 'the nightly one', tags: 'night' })
    await post('/events/etl', { description: 'the nightly one', tags: 'night' })
    await post('/events/etl/expectations', { schedule: '0 3 * * *', lookback: '20m' })
    await post('/expectations/1', { schedule: '0 4 * * *', lookback: '20m' })
    await post('/expectations/1/pause')
    await post('/expectations/1/resume')
    await post('/expectations/1/delete')
    await post('/events/etl/delete', { confirm: 'etl' })
    assert.deepEqual(await noted(), [
      'anyone event.register etl',
      'anyone event.change etl',
      'anyone expectation.make 1',
      'anyone expectation.change 1',
      'anyone expectation.pause 1',
      'anyone expectation.resume 1',
      'anyone expectation.delete 1',
      'anyone event.delete etl',
    ])
  })

  test('what is refused is not, and affirming is none', async () => {
    await here.world.affirm('seen_first')
    await post('/events', { name: 'no name' })
    await post('/events/seen_first/delete', { confirm: 'another' })
    await here.api.send('POST', '/api/v1/expectations', { event: 'nobody', schedule: '0 3 * * *' })
    assert.deepEqual(await noted(), [])
  })
})

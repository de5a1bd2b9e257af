import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Maintenance } from '../../src/domain/maintenance.ts'
import { HOUR } from '../../src/domain/time.ts'
import { aVisitor, type Visitor } from '../support/visitor.ts'
import { fresh } from './fresh.ts'

const ONCE = { name: 'new disks', kind: 'once', from: '2026-03-04T22:00', to: '2026-03-05 02:00', timeZone: 'Europe/Berlin' }
const AGAIN = { name: 'reboots', kind: 'again', schedule: '0 2 * * 0', lasts: '2h', timeZone: '' }

describe('the page of maintenance', () => {
  const here = fresh({ timeZone: 'Europe/Berlin' })
  let visitor: Visitor
  beforeEach(() => {
    visitor = aVisitor(here.world)
  })

  const all = () => here.world.store.maintenanceWindows(here.world.clock.now())
  const only = async (): Promise<Maintenance> => (await all())[0] ?? assert.fail('none')
  const given = (html: string, field: string) => new RegExp(`name="${field}"[^>]*value="([^"]*)"`).exec(html)?.[1]
  const wrongAt = (html: string, field: string) => new RegExp(`id="${field}-error".*?<span>([^<]*)`, 's').exec(html)?.[1]

  test('plans one of one time, in the zone that was typed', async () => {
    const answer = await visitor.post('/maintenance', { ...ONCE, events: 'backup_* etl', tags: 'money', envs: 'prod, staging' })
    assert.deepEqual([answer.status, answer.to], [303, '/maintenance?done=planned'])
    const { plan, match } = await only()
    assert.deepEqual(plan, { kind: 'once', from: Date.parse('2026-03-04T21:00Z'), to: Date.parse('2026-03-05T01:00Z') })
    assert.deepEqual(match, { events: ['backup_*', 'etl'], tags: ['money'], envs: ['prod', 'staging'] })
    assert.match((await visitor.get('/maintenance?done=planned')).html, /Planned\..*new disks/s)
  })

  test('plans one by a schedule; an empty zone is the server’s', async () => {
    assert.equal((await visitor.post('/maintenance', AGAIN)).status, 303)
    const { plan, match } = await only()
    assert.deepEqual(
      [plan, match],
      [{ kind: 'again', expression: '0 2 * * 0', timeZone: 'Europe/Berlin', lasts: 2 * HOUR }, null],
    )
  })

  test('what is wrong is told at its field, what was typed stays, nothing is planned', async () => {
    const typed = { ...ONCE, name: '', from: 'tonight', timeZone: 'UTC', events: 'a?' }
    const { status, html } = await visitor.post('/maintenance', typed)
    assert.equal(status, 422)
    assert.match(wrongAt(html, 'from') ?? '', /a day and a time, like/)
    assert.match(wrongAt(html, 'name') ?? '', /1 to 100 characters/)
    assert.deepEqual([given(html, 'from'), given(html, 'to')], ['tonight', '2026-03-05 02:00'])
    const refused = async (fields: Record<string, string>, field: string, says: RegExp) =>
      assert.match(wrongAt((await visitor.post('/maintenance', fields)).html, field) ?? `nothing at ${field}`, says)
    await refused({ ...ONCE, events: 'a?' }, 'events', /a name of an event/)
    await refused({ ...ONCE, timeZone: 'Mars' }, 'timeZone', /IANA/)
    await refused({ ...ONCE, to: '2026-03-04T09:00' }, 'to', /later than from/)
    await refused({ ...ONCE, from: '2026-03-04T08:00', to: '2026-03-04T09:00' }, 'to', /in the past/)
    await refused({ ...AGAIN, lasts: '' }, 'lasts', /is required/)
    await refused({ ...AGAIN, schedule: '' }, 'schedule', /empty/)
    await refused({ ...AGAIN, schedule: '@hourly' }, 'lasts', /shorter than/)
    await refused({}, 'name', /1 to 100/)
    assert.deepEqual(await all(), [])
  })

  test('the form begins with what the address asks for, in the zone of the server', async () => {
    const { html } = await visitor.get('/maintenance?event=etl_ran&for=1h')
    const values = ['name', 'from', 'to', 'timeZone', 'events'].map((field) => given(html, field))
    assert.deepEqual(values, ['etl_ran', '2026-03-04T10:14', '2026-03-04T11:14', 'Europe/Berlin', 'etl_ran'])
    const now = (await visitor.get('/maintenance?for=30m')).html
    assert.deepEqual([given(now, 'name'), given(now, 'to')], ['Maintenance', '2026-03-04T10:44'])
    assert.equal(given((await visitor.get('/maintenance?for=soon')).html, 'to'), '2026-03-04T11:14')
    const plain = (await visitor.get('/maintenance?plan=again')).html
    assert.deepEqual([given(plain, 'kind'), given(plain, 'name'), given(plain, 'schedule')], ['again', '', ''])
  })

  test('one is changed in a form that shows it as it is', async () => {
    await visitor.post('/maintenance', { ...ONCE, events: 'a' })
    const { id } = await only()
    const { html } = await visitor.get(`/maintenance/${id}`)
    assert.deepEqual(
      [given(html, 'from'), given(html, 'to'), given(html, 'events')],
      ['2026-03-04T22:00', '2026-03-05T02:00', 'a'],
    )
    assert.equal((await visitor.post(`/maintenance/${id}`, { ...ONCE, to: 'x' })).status, 422)
    const answer = await visitor.post(`/maintenance/${id}`, { ...AGAIN, name: 'other' })
    assert.deepEqual([answer.status, answer.to], [303, '/maintenance?done=saved'])
    const changed = await only()
    assert.deepEqual([changed.id, changed.name, changed.match], [id, 'other', null])
    assert.equal(given((await visitor.get(`/maintenance/${id}`)).html, 'lasts'), '2h')
  })

  test('one is ended early, once; then it is among those that are over and stays as it was', async () => {
    await visitor.post('/maintenance', { ...ONCE, from: '2026-03-04T10:00' })
    const { id } = await only()
    assert.match((await visitor.get('/maintenance')).html, /End it now/)
    assert.equal((await visitor.post(`/maintenance/${id}/end`)).to, '/maintenance?done=ended')
    assert.deepEqual(await all(), [])
    assert.match((await visitor.get('/maintenance')).html, /id="past-h".*new disks/s)
    assert.equal((await visitor.post(`/maintenance/${id}/end`)).status, 409)
    const late = await visitor.post(`/maintenance/${id}`, ONCE)
    assert.deepEqual([late.status, /is over: it stays as it was/.test(late.html)], [422, true])
    assert.equal((await visitor.get('/maintenance/77')).status, 404)
  })

  test('what it holds is marked on the board and on its event, as long as it is on', async () => {
    const { world } = here
    await world.expects('backup', { lookback: '1m' }, { tags: ['money'] })
    await world.expects('other', { lookback: '1m' })
    await visitor.post('/maintenance', { ...ONCE, from: '2026-03-04T10:00', to: '2026-03-04T11:00', tags: 'money' })
    const marks = async (path: string) =>
      ((await visitor.get(path)).html.match(/in maintenance until <time[^>]*>[^<]*/g) ?? []).map((mark) => mark.slice(-5))
    assert.deepEqual([await marks('/'), await marks('/?wall')], [['10:00'], []], 'nothing is on the wall but trouble')
    assert.deepEqual([await marks('/events/backup'), await marks('/events/other')], [['10:00'], []])
    await world.passUntil('2026-03-04T09:16:10Z')
    assert.deepEqual(await marks('/?wall'), ['10:00'], 'it is judged all the same')
    world.clock.set(Date.parse('2026-03-04T10:00Z'))
    assert.deepEqual([await marks('/'), await marks('/events/backup')], [[], []])
  })

  test('the tags of an event hold its expectations, too', async () => {
    const { world } = here
    await world.declaring.registerEvent({ name: 'backup', description: '', tags: ['money'] }, world.clock.now())
    await world.expects('backup', { lookback: '1m' })
    await visitor.post('/maintenance', { ...ONCE, from: '2026-03-04T10:00', tags: 'money' })
    for (const path of ['/', '/events/backup']) assert.match((await visitor.get(path)).html, /in maintenance/, path)
  })
})

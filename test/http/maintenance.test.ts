import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MOST_MAINTENANCE } from '../../src/domain/maintenance.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { assertProblem } from '../support/api.ts'
import { allPages, fresh, type Item, type List } from './fresh.ts'

type Told = Item & { id: number; active: boolean; next: { from: string; to: string }[]; description: string }
const PATH = '/api/v1/maintenance'
const NIGHT = { name: 'new disks', from: '2026-03-04T22:00:00Z', to: '2026-03-05T02:00:00Z' }
const SUNDAYS = { name: 'reboots', schedule: '0 2 * * 0', timeZone: 'Europe/Berlin', lasts: '2h' }

describe('maintenance windows', () => {
  const here = fresh({ timeZone: 'Europe/Berlin' })
  const plan = async (draft: object): Promise<Told> => {
    const answer = await here.api.send<Told>('POST', PATH, draft)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    assert.equal(answer.headers.get('location'), `${PATH}/${answer.body.id}`)
    return answer.body
  }
  const refused = async (draft: unknown, says: RegExp, status = 400) => {
    assertProblem(await here.api.send('POST', PATH, draft), status, says)
    assert.deepEqual(await names(), [])
  }
  const names = async (query = '') => (await here.api.get<List>(`${PATH}${query}`)).body.items.map(({ name }) => name)
  const look = async (id: number) => (await here.api.get<Told>(`${PATH}/${id}`)).body
  const change = (id: number, to: unknown) => here.api.send<Told>('PATCH', `${PATH}/${id}`, to)

  test('one of one time is told as it was planned, on from its beginning to its end', async () => {
    const match = { events: ['backup_*'], tags: ['money'], envs: ['prod'] }
    const made = await plan({ ...NIGHT, match })
    const window = { from: '2026-03-04T22:00:00.000Z', to: '2026-03-05T02:00:00.000Z' }
    assert.deepEqual(made, {
      ...{ id: made.id, name: 'new disks', ...window, match, active: false, next: [window] },
      description: '2026-03-04 22:00 to 2026-03-05 02:00 UTC: backup_* tagged money in prod',
      ...{ createdBy: 'anyone', createdAt: '2026-03-04T09:14:12.000Z', endedAt: null },
    })
    here.world.clock.set(Date.parse(NIGHT.from))
    assert.deepEqual(await look(made.id), { ...made, active: true, next: [] })
    here.world.clock.set(Date.parse(NIGHT.to))
    assert.equal((await look(made.id)).active, false)
  })

  test('one by a schedule tells the next five, in the zone of the server where it names none', async () => {
    const made = await plan({ ...SUNDAYS, timeZone: undefined })
    assert.equal(made.description, 'every Sunday at 02:00 for 2 hours (Europe/Berlin): everything')
    assert.deepEqual(
      made.next.map(({ from, to }) => [from.slice(5, 16), to.slice(5, 16)]),
      [
        ['03-08T01:00', '03-08T03:00'],
        ['03-15T01:00', '03-15T03:00'],
        ['03-22T01:00', '03-22T03:00'],
        ['03-29T01:00', '03-29T03:00'],
        ['04-05T00:00', '04-05T02:00'],
      ],
      'on March 29 the clock goes from 02:00 to 03:00',
    )
    assert.deepEqual([made.timeZone, made.lasts, made.match], ['Europe/Berlin', '2h', null])
  })

  test('lists hold what is on or to come, or what is over, page by page', async () => {
    for (let i = 0; i < 3; i += 1) await plan({ ...NIGHT, name: `night ${i}` })
    const reboots = await plan(SUNDAYS)
    assert.deepEqual(
      (await allPages(here.api, PATH, 2)).map(({ name }) => name),
      ['reboots', 'night 2', 'night 1', 'night 0'],
    )
    here.world.clock.set(Date.parse(NIGHT.to) + HOUR)
    assert.equal((await here.api.send('DELETE', `${PATH}/${reboots.id}`)).status, 204)
    assert.deepEqual(await names(), [])
    assert.deepEqual(
      (await allPages(here.api, `${PATH}?past=true`, 2)).map(({ name }) => name),
      ['reboots', 'night 2', 'night 1', 'night 0'],
    )
    assertProblem(await here.api.get(`${PATH}?past=perhaps`), 400, /past: must be one of true, false/)
  })

  test('what is ended is over at once, and only once', async () => {
    const { id } = await plan({ ...NIGHT, from: '2026-03-04T09:00:00Z' })
    assert.equal((await look(id)).active, true)
    assert.equal((await here.api.send('DELETE', `${PATH}/${id}`)).status, 204)
    const ended = await look(id)
    assert.deepEqual([ended.active, ended.next, ended.endedAt], [false, [], '2026-03-04T09:14:12.000Z'])
    assertProblem(await here.api.send('DELETE', `${PATH}/${id}`), 409, /"new disks" is over/)
    assertProblem(await change(id, { name: 'again' }), 409, /"new disks" is over/)
    assertProblem(await here.api.send('DELETE', `${PATH}/77`), 404, /no maintenance 77/)
    assertProblem(await here.api.get(`${PATH}/x`), 404, /no maintenance "x"/)
  })

  test('a change says only what differs, also from one time to a schedule and back', async () => {
    const { id } = await plan({ ...NIGHT, match: { envs: ['prod'] } })
    assert.equal((await change(id, { to: '2026-03-05T03:00:00Z' })).body.to, '2026-03-05T03:00:00.000Z')
    const again = (await change(id, { schedule: '0 2 * * 0', lasts: '1h' })).body
    assert.deepEqual([again.from, again.schedule, again.lasts, again.match], [undefined, '0 2 * * 0', '1h', { envs: ['prod'] }])
    assert.equal(
      (await change(id, { lasts: '90m', match: null })).body.description,
      'every Sunday at 02:00 for 1 hour 30 minutes (Europe/Berlin): everything',
    )
    const once = (await change(id, { from: NIGHT.from, to: NIGHT.to })).body
    assert.deepEqual([once.from, once.schedule], ['2026-03-04T22:00:00.000Z', undefined])
    assertProblem(await change(id, { to: '2026-03-04T21:00:00Z' }), 400, /to: must be later than from/)
    assertProblem(await change(id, { schedule: '@daily' }), 400, /lasts: is required/)
    assertProblem(await change(id, [1]), 400, /object/)
    assert.deepEqual(await look(id), once)
  })

  test('wrong drafts are refused, every wrong field at once, and nothing is planned', async () => {
    await refused(
      { name: ' ', schedule: '61 * * * *', lasts: 'long', timeZone: 'Mars' },
      /name: 1 to 100.*schedule: .*minute.*timeZone: .*IANA.*lasts: /s,
    )
    await refused({ name: 'n', from: 'soon', to: '2026-02-30T00:00:00Z' }, /from: .*not an instant.*to: .*not an instant/)
    await refused(
      { ...NIGHT, match: { events: ['a b'], tags: [7], envs: ['*'], severities: ['critical'] } },
      /match\.severities: is not a known field.*/s,
    )
    await refused(
      { ...NIGHT, match: { events: ['a b'], tags: [7], envs: ['*'] } },
      /match\.events\.0: .*match\.tags\.0: .*match\.envs\.0: /s,
    )
    await refused({ ...NIGHT, match: { events: Array.from({ length: 21 }, (_, i) => `e${i}`) } }, /match\.events: at most 20/)
    await refused({ ...NIGHT, match: 'all' }, /match: must be an object/)
    await refused({ ...NIGHT, active: true, id: 7 }, /active: is read-only.*id: is read-only/)
    await refused([NIGHT], /JSON object/)
  })

  test('when it is has to be said, and in one way only', async () => {
    await refused({ name: 'n' }, /from: is required.*to: is required/)
    await refused({ name: 'n', from: NIGHT.from }, /to: is required/)
    await refused({ name: 'n', schedule: '@daily' }, /lasts: is required/)
    await refused({ ...NIGHT, lasts: '1h' }, /lasts: does not go with the others/)
    await refused({ ...NIGHT, timeZone: 'UTC' }, /timeZone: does not go with the others/)
    await refused({ ...NIGHT, ...SUNDAYS }, /from: does not go with the others.*to: /)
  })

  test('it ends: not in the past, at most 30 days later, and before it begins again', async () => {
    await refused({ ...NIGHT, to: NIGHT.from }, /to: must be later than from/)
    await refused(
      { name: 'n', from: '2026-03-01T00:00:00Z', to: '2026-03-04T09:14:12Z' },
      /to: must not be in the past; it is 2026-03-04T09:14:12/,
    )
    await refused({ ...NIGHT, to: '2026-04-03T22:00:01Z' }, /to: at most 30 days after from/)
    await refused({ ...SUNDAYS, lasts: '31d' }, /lasts: at most 30 days/)
    await refused({ ...SUNDAYS, lasts: '59s' }, /lasts: at least 1 minute/)
    await refused(
      { ...SUNDAYS, schedule: '*/5 * * * *', lasts: '5m' },
      /lasts: must be shorter than .* two beginnings, 5 minutes/,
    )
    await refused({ ...SUNDAYS, schedule: '@daily', timeZone: 'UTC', lasts: '1d' }, /lasts: must be shorter .* 1 day/)
    await refused({ ...SUNDAYS, schedule: '0 0 30 2 *' }, /schedule: .*never fires/)
    await plan({ ...NIGHT, to: '2026-04-03T22:00:00Z' })
    await plan({ ...SUNDAYS, schedule: '*/5 * * * *', lasts: '4m59s' })
    await plan({ name: 'far away', from: '9999-12-30T00:00:00Z', to: '9999-12-31T00:00:00Z' })
  })

  test('what is said twice counts once', async () =>
    assert.deepEqual((await plan({ ...NIGHT, match: { events: ['a', 'a'] } })).match, { events: ['a'] }))

  test('everything is held only by who says so: a list that came out empty is refused', async () => {
    await refused({ ...NIGHT, match: {} }, /match: an empty object asks for nothing: .*null, for everything/)
    await refused({ ...NIGHT, match: { events: [], tags: [] } }, /match\.events: an empty list .*match\.tags: an empty list/)
    await refused({ ...NIGHT, match: { events: ['a'], envs: [] } }, /match\.envs: an empty list fits nothing/)
    const { id, match } = await plan({ ...NIGHT, match: { events: ['a'] } })
    assertProblem(await change(id, { match: { events: [] } }), 400, /match\.events: an empty list/)
    assertProblem(await change(id, { match: {} }), 400, /match: an empty object/)
    assert.deepEqual((await look(id)).match, match)
    assert.equal((await change(id, { match: null })).body.match, null)
  })

  test(`there are never more than ${MOST_MAINTENANCE} on or to come`, async () => {
    const now = here.world.clock.now()
    const draft = { name: 'n', match: null, plan: { kind: 'once', from: now, to: now + MINUTE } } as const
    for (let i = 0; i < MOST_MAINTENANCE; i += 1)
      await here.world.services.maintaining.plan(draft, now, { who: 'test', address: '' })
    assertProblem(await here.api.send('POST', PATH, NIGHT), 409, /200 maintenance windows/)
    here.world.clock.pass(MINUTE)
    await plan(NIGHT)
  })

  test('who planned, changed and ended it is in the audit log, in words', async () => {
    const { id } = await plan(SUNDAYS)
    await change(id, { lasts: '1h' })
    await here.api.send('DELETE', `${PATH}/${id}`)
    const html = (await here.api.get<string>('/settings/audit', { accept: 'text/html' })).body
    assert.match(html, /ended maintenance reboots.*changed maintenance reboots: lasts 2h → 1h.*planned maintenance reboots/s)
  })

  test('a key of one environment has nothing to do here', async () => {
    const draft = { name: 'stage', scopes: ['write'], env: 'staging' }
    const { body } = await here.api.send<{ secret: string }>('POST', '/api/v1/keys', draft)
    const answer = await here.api.send('POST', PATH, NIGHT, { authorization: `Bearer ${body.secret}` })
    assertProblem(answer, 403, /concerns all of them/)
  })
})

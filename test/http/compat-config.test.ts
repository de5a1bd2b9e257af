import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertProblem } from '../support/api.ts'
import { formPost } from '../support/original.ts'
import { fresh, type Item, type List } from './fresh.ts'

type Config = Record<string, Item>

const FIRST = {
  min_allowed: 0,
  max_allowed: 9_999_999,
  lookback_string: '1000d',
  cron_minutes: '1',
  cron_hours: '1',
  cron_days_of_month: '1',
  cron_months: '1',
  cron_days_of_week: '1',
}
const WEEKDAYS = {
  min_allowed: '1',
  max_allowed: '3',
  lookback_string: '20m',
  cron_minutes: '0',
  cron_hours: '1,7,16',
  cron_days_of_month: '*',
  cron_months: '*',
  cron_days_of_week: '1-5',
}

describe('the original’s URLs: what is expected', () => {
  const here = fresh()
  const { post } = formPost(() => here.api)
  const config = async () => (await here.api.get<Config>('/affirmative/get_event_config')).body
  const register = async (name: string) => (await post<Item>('register_event', { event_name: name })).body.key as string
  const expectations = async () => (await here.api.get<List>('/api/v1/expectations')).body.items
  const update = (key: string, fields: Record<string, string>) => post('update_event_config', { key, ...fields })

  test('registering answers with the new key, and begins as the original does', async () => {
    const { status, body } = await post<Item>('register_event', { event_name: 'etl' })
    assert.equal(status, 200)
    assert.deepEqual(body, { name: 'etl', key: body.key, ...FIRST })
    assert.deepEqual(await config(), { [body.key as string]: body })
    const [made] = await expectations()
    assert.deepEqual(
      [made?.event, made?.env, made?.schedule, made?.atLeast, made?.atMost, made?.lookback],
      ['etl', 'prod', '1 1 1 1 1', 0, null, '366d'],
    )
    assert.deepEqual(body.key, `${(await here.api.get<Item>('/api/v1/events/etl')).body.key}~${made?.id}`)
  })

  test('several of one event have a key each, and are changed one by one', async () => {
    await here.world.affirm('etl')
    const [first, second] = [await register('etl'), await register('etl')]
    assert.notEqual(first, second)
    assert.equal((await update(first, WEEKDAYS)).body, 'yay')
    const now = await config()
    assert.equal(now[first]?.cron_hours, '1,7,16')
    assert.equal(now[second]?.cron_hours, '1')
    assert.deepEqual(await here.names(), ['etl'])
  })

  test('a name that can be none is refused', async () => {
    for (const name of ['', 'two words', 'é'])
      assertProblem(await post('register_event', { event_name: name }), 400, /event_name: a name is/)
    assertProblem(await post('register_event', {}), 400, /event_name: is required/)
    assert.deepEqual([await config(), await here.names()], [{}, []])
  })

  test('an update says all of it in the original’s words, with day 1 to 5 as Monday to Friday', async () => {
    const key = await register('etl')
    const answer = await update(key, WEEKDAYS)
    assert.deepEqual([answer.status, answer.body], [200, 'yay'])
    const { min_allowed, max_allowed, ...rest } = WEEKDAYS
    assert.deepEqual((await config())[key], { name: 'etl', key, ...rest, min_allowed: 1, max_allowed: 3 })
    const [expectation] = await expectations()
    assert.deepEqual(
      [expectation?.schedule, expectation?.atLeast, expectation?.atMost, expectation?.lookback],
      ['0 1,7,16 * * 1-5', 1, 3, '20m'],
    )
    assert.match(expectation?.description as string, /Monday to Friday/)
  })

  test('what the original crashed on is understood', async () => {
    const key = await register('app_xyz_health_check_good')
    for (const minutes of ['*/5', '1-5/2', '1,3-5']) {
      assert.equal((await update(key, { ...WEEKDAYS, cron_minutes: minutes, cron_days_of_week: 'mon' })).body, 'yay', minutes)
      assert.equal((await config())[key]?.cron_minutes, minutes)
    }
  })

  const wrong: [field: string, value: string, says: RegExp][] = [
    ['lookback_string', '20x', /lookback_string: must be digits followed by m, h, or d/],
    ['lookback_string', '', /lookback_string: must be digits/],
    ['lookback_string', '0m', /lookback_string: must be at least 1m/],
    ['lookback_string', '400d', /lookback_string: must be at most 366d; 1000d stands for just that/],
    ['min_allowed', '-1', /min_allowed: must be a whole number from 0/],
    ['min_allowed', 'one', /min_allowed: must be a whole number from 0/],
    ['min_allowed', '4', /min_allowed: is more than max_allowed/],
    ['max_allowed', '1.5', /max_allowed: must be a whole number from 0/],
    ['max_allowed', '99999999999', /max_allowed: must be a whole number from 0/],
    ['cron_minutes', '60', /cron_minutes: The minute field "60" is out of range/],
    ['cron_minutes', '*/0', /cron_minutes: The minute field.*step/],
    ['cron_minutes', '', /cron_minutes: The minute field/],
    ['cron_minutes', '1 2', /cron_minutes: The minute field/],
    ['cron_hours', '30', /cron_hours: The hour field "30" is out of range/],
    ['cron_days_of_month', '32', /cron_days_of_month: The day of month field "32" is out of range/],
    ['cron_months', '13', /cron_months: The month field "13" is out of range/],
    ['cron_days_of_week', '9', /cron_days_of_week: The day of week field "9" is out of range/],
    ['cron_days_of_week', '5-1', /cron_days_of_week: .*runs backwards/],
  ]
  test('each wrong field has its own sentence, and nothing is changed', async () => {
    const key = await register('etl')
    await update(key, WEEKDAYS)
    const was = await config()
    for (const [field, value, says] of wrong) assertProblem(await update(key, { ...WEEKDAYS, [field]: value }), 400, says)
    const { lookback_string, ...missing } = WEEKDAYS
    assertProblem(await update(key, missing), 400, /lookback_string: is required/)
    const never = { ...WEEKDAYS, cron_days_of_month: '30', cron_months: '2', cron_days_of_week: '*' }
    assertProblem(await update(key, never), 400, /never fires/)
    const all = await update(key, Object.fromEntries(Object.keys(WEEKDAYS).map((field) => [field, '?'])))
    assert.equal(all.body.errors?.length, Object.keys(WEEKDAYS).length)
    assert.deepEqual(await config(), was)
  })

  test('a key that is not there is told, and changes nothing', async () => {
    const key = await register('etl')
    const other = await register('other')
    const was = await config()
    const mixed = `${key.split('~')[0]}~${other.split('~')[1]}`
    for (const unknown of ['abc123', '', `${key}9`, key.split('~')[0] ?? '', mixed, 'etl']) {
      assertProblem(await update(unknown, WEEKDAYS), 404, /no event configuration for the key/)
      assertProblem(await post('unregister_event', { key_to_delete: unknown }), 404, /no event configuration for the key/)
    }
    assert.deepEqual(await config(), was)
  })

  test('unregistering takes it out of the config, the board and the schedule; what happened stays', async () => {
    const key = await register('etl')
    await here.world.affirm('etl', { value: 'ok' })
    const answer = await post('unregister_event', { key_to_delete: key })
    assert.deepEqual([answer.status, answer.body], [200, 'yay'])
    assert.deepEqual([await config(), await expectations()], [{}, []])
    assert.equal((await here.api.get<Item[]>('/affirmative/events/etl')).body.length, 1)
    assertProblem(await post('unregister_event', { key_to_delete: key }), 404, /no event configuration/)
  })

  test('what the original cannot say is shown as near as it gets, and stays as it was when its form comes back', async () => {
    await here.world.expects('etl', {
      schedule: '@hourly',
      lookback: null,
      grace: '5m',
      where: { source: 'web-*' },
      atMost: 20_000_000,
    })
    await here.world.expects('slow', { schedule: '0 7 * * MON-FRI', lookback: '1h30m', timeZone: 'Europe/Berlin' })
    await here.world.expects('quick', { lookback: '90s' })
    const was = await expectations()
    const rows = Object.values(await config())
    assert.deepEqual(
      rows.map(({ lookback_string }) => lookback_string),
      ['', '90m', '1m30s'],
    )
    assert.deepEqual([rows[0]?.cron_minutes, rows[0]?.max_allowed, rows[1]?.cron_days_of_week], ['0', 20_000_000, 'MON-FRI'])
    for (const { name, key, ...row } of rows) {
      const typed = Object.fromEntries(Object.entries(row).map(([field, value]) => [field, `${value}`]))
      assert.equal((await update(key as string, typed)).body, 'yay')
    }
    assert.deepEqual(await expectations(), was)
    const { name, key, ...row } = rows[1] ?? {}
    await update(key as string, { ...(row as Record<string, string>), min_allowed: '2', max_allowed: '9999999' })
    const [, slow] = await expectations()
    assert.deepEqual(
      [slow?.atLeast, slow?.schedule, slow?.timeZone, slow?.lookback],
      [2, '0 7 * * MON-FRI', 'Europe/Berlin', '1h30m'],
    )
  })
})

describe('the original’s URLs: what was judged', () => {
  const here = fresh()
  const { post } = formPost(() => here.api)
  const history = async () => (await here.api.get<Record<string, Item[]>>('/affirmative/get_check_history')).body
  const everyMinute = { ...WEEKDAYS, lookback_string: '1m', cron_minutes: '*', cron_hours: '*', cron_days_of_week: '*' }
  const registered = async (name: string, more: Partial<typeof WEEKDAYS> = {}) => {
    const key = (await post<Item>('register_event', { event_name: name })).body.key as string
    assert.equal((await post('update_event_config', { key, ...everyMinute, ...more })).body, 'yay')
    return key
  }

  test('history is oldest first, with the limits that it was judged by, in seconds', async () => {
    const key = await registered('job')
    await here.world.passUntil('2026-03-04T09:16:30Z')
    await here.world.affirm('job')
    await here.world.affirm('job')
    await here.world.passUntil('2026-03-04T09:17:10Z')
    await post('update_event_config', { key, ...everyMinute, min_allowed: '3', max_allowed: '9999999' })
    await here.world.passUntil('2026-03-04T09:18:10Z')
    const row = (time: string, observed: number, least = 1, most = 3) => ({
      time: Date.parse(time) / 1000,
      key,
      min_allowed: least,
      max_allowed: most,
      num_observed: observed,
    })
    // 09:15 has none: the expectation was younger than its window, so nobody can say.
    assert.deepEqual(await history(), {
      [key]: [row('2026-03-04T09:16:00Z', 0), row('2026-03-04T09:17:00Z', 2), row('2026-03-04T09:18:00Z', 0, 3, 9_999_999)],
    })
    assert.deepEqual((await here.api.get<Item>(`/affirmative/do_check/${key}`)).body, {
      count: 0,
      met_required: false,
      time: Date.parse('2026-03-04T09:18:00Z') / 1000,
      min_allowed: 3,
      max_allowed: 9_999_999,
      verdict: 'missed',
    })
  })

  test('an event that must not happen is missed when it does', async () => {
    const key = await registered('problems_with_my_app', { min_allowed: '0', max_allowed: '0' })
    await here.world.passUntil('2026-03-04T09:16:30Z')
    await post('simplest', { event_name: 'problems_with_my_app' })
    await here.world.passUntil('2026-03-04T09:17:10Z')
    assert.deepEqual(
      (await history())[key]?.map(({ num_observed }) => num_observed),
      [0, 1],
    )
    assert.equal((await here.api.get<Item>(`/affirmative/do_check/${key}`)).body.met_required, false)
  })

  test('what nobody could judge and a reported failure have no row: their numbers would lie', async () => {
    const key = await registered('job')
    await here.world.passUntil('2026-03-04T09:16:10Z')
    here.world.sleepUntil('2026-03-04T09:26:00Z')
    await here.world.passUntil('2026-03-04T09:30:10Z')
    await here.world.affirm('job')
    await here.world.affirm('job', { status: 'fail' })
    await here.world.passUntil('2026-03-04T09:31:10Z')
    const all = (await here.api.get<{ items: Item[] }>('/api/v1/verdicts')).body.items
    assert.ok(all.some(({ verdict }) => verdict === 'unknown') && all.some(({ reported }) => reported === true))
    const rows = (await history())[key] ?? []
    assert.equal(rows.length, all.filter(({ verdict, reported }) => verdict !== 'unknown' && reported !== true).length)
    assert.equal(rows.at(-1)?.num_observed, 1)
  })

  test('history goes back five days, and holds only what is still registered', async () => {
    const old = await registered('old', { cron_minutes: '0', cron_hours: '10', lookback_string: '10m' })
    const gone = await registered('gone', { cron_minutes: '0', cron_hours: '10', lookback_string: '10m' })
    for (let day = 4; day <= 11; day++) {
      here.world.sleepUntil(`2026-03-${`${day}`.padStart(2, '0')}T09:45:00Z`)
      await here.world.passUntil(`2026-03-${`${day}`.padStart(2, '0')}T10:01:00Z`)
    }
    assert.deepEqual((await history())[old]?.length, 5)
    await post('unregister_event', { key_to_delete: gone })
    assert.deepEqual(Object.keys(await history()), [old])
  })

  test('the outer cron is answered and does nothing: each due is judged once, by itself', async () => {
    const key = await registered('job')
    await here.world.passUntil('2026-03-04T09:16:10Z')
    const was = (await here.world.verdictsOf(Number(key.split('~')[1]))).length
    for (const path of ['do_minutely_cron', 'do_minutely_cron_dont_touch_this']) {
      const { status, body } = await here.api.get(`/affirmative/${path}`)
      assert.deepEqual([status, body], [200, 'yay'])
    }
    assert.deepEqual((await here.api.get('/affirmative/check_all')).body, {})
    assert.equal((await here.world.verdictsOf(Number(key.split('~')[1]))).length, was)
  })

  test('asking for one that has no verdict yet says so; one that is not there is an error', async () => {
    const key = (await post<Item>('register_event', { event_name: 'job' })).body.key as string
    assert.deepEqual((await here.api.get(`/affirmative/do_check/${key}`)).body, { message: 'not time for check yet' })
    assertProblem(await here.api.get('/affirmative/do_check/Xy12ab'), 404, /no event configuration for the key "Xy12ab"/)
    assert.deepEqual(await history(), {})
  })

  test('what is asked for in a browser is the same: no page, and no other method', async () => {
    const page = await here.api.get('/affirmative/get_event_config', { accept: 'text/html' })
    assert.match(page.type, /^application\/json/)
    assertProblem(await here.api.send('POST', '/affirmative/get_event_config'), 405, /GET/)
    assertProblem(await here.api.get('/affirmative/nowhere', { accept: 'text/html' }), 404, /nothing at/)
  })
})

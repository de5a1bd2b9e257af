import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Maintenance, MOST_MAINTENANCE, type Plan } from '../../../src/domain/maintenance.ts'
import { HOUR } from '../../../src/domain/time.ts'
import type { MaintenanceDraft, Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { at, noted, type Open, readAll, START, times } from './steps.ts'

const once = (from: string, to: string): Plan => ({ kind: 'once', from: at(from), to: at(to) })
const NIGHTLY: Plan = { kind: 'again', expression: '0 2 * * *', timeZone: 'Europe/Berlin', lasts: 2 * HOUR }
const draft = (name: string, plan: Plan, match: Maintenance['match'] = null): MaintenanceDraft => ({ name, plan, match })

async function planned(store: Store, name: string, plan: Plan, match: Maintenance['match'] = null): Promise<Maintenance> {
  const made = await store.createMaintenance(draft(name, plan, match), START, BY)
  return typeof made === 'string' ? assert.fail(made) : made
}
const namesAt = async (store: Store, time: string) => (await store.maintenanceWindows(at(time))).map(({ name }) => name)
const pastAt = async (store: Store, time: string, limit?: number) =>
  (await readAll((page) => store.pastMaintenance(at(time), page), limit)).map(({ name }) => name)

export function maintenance(open: Open): void {
  test('a window is given back as it was planned, of either kind', async (t) => {
    const store = await open(t)
    const match = { events: ['backup_*'], tags: ['money'], envs: ['prod'] }
    for (const plan of [once('01:00', '02:00'), NIGHTLY]) {
      const made = await planned(store, 'upgrade', plan, match)
      const rest = { createdBy: BY.who, createdAt: START, endedAt: null }
      assert.deepEqual(made, { id: made.id, name: 'upgrade', plan, match, ...rest })
      assert.deepEqual(await store.findMaintenance(made.id), made)
    }
    assert.equal(await store.findMaintenance(99), null)
  })

  test('those that are on or to come are listed until they are over or ended', async (t) => {
    const store = await open(t)
    const short = await planned(store, 'short', once('01:00', '02:00'))
    const nightly = await planned(store, 'nightly', NIGHTLY)
    assert.deepEqual(await namesAt(store, '00:30'), ['short', 'nightly'])
    assert.deepEqual(await namesAt(store, '01:59:59.999'), ['short', 'nightly'])
    assert.deepEqual(await namesAt(store, '02:00'), ['nightly'])
    assert.deepEqual(await pastAt(store, '02:00'), ['short'])
    assert.equal(await store.endMaintenance(short.id, at('02:00'), BY), false, 'it was over by itself')
    assert.equal(await store.endMaintenance(nightly.id, at('03:00'), BY), true)
    assert.equal(await store.endMaintenance(nightly.id, at('03:30'), BY), false)
    assert.deepEqual([await namesAt(store, '03:00'), await pastAt(store, '03:00')], [[], ['nightly', 'short']])
    assert.equal((await store.findMaintenance(nightly.id))?.endedAt, at('03:00'))
  })

  test('lists come page by page: living ones newest first, past ones by when they were over', async (t) => {
    const store = await open(t)
    for (const [name, to] of [
      ['a', '05:00'],
      ['b', '03:00'],
      ['c', '05:00'],
      ['d', '04:00'],
    ] as const)
      await planned(store, name, once('01:00', to))
    const living = await readAll((page) => store.livingMaintenance(at('01:00'), page), 3)
    assert.deepEqual(
      living.map(({ name }) => name),
      ['d', 'c', 'b', 'a'],
    )
    assert.deepEqual(await pastAt(store, '06:00', 1), ['c', 'a', 'd', 'b'])
    assert.deepEqual(await pastAt(store, '04:00', 1), ['d', 'b'])
  })

  test('a change holds at once; what is over, ended or gone is not changed', async (t) => {
    const store = await open(t)
    const { id } = await planned(store, 'upgrade', once('01:00', '02:00'))
    const changed = await store.changeMaintenance(id, draft('longer', NIGHTLY, { envs: ['prod'] }), at('01:30'), BY)
    assert.deepEqual(changed, { ...(await store.findMaintenance(id)), name: 'longer', plan: NIGHTLY, match: { envs: ['prod'] } })
    const back = draft('longer', once('01:00', '02:00'))
    assert.equal((await store.changeMaintenance(id, back, at('01:40'), BY))?.match, null)
    assert.equal(await store.changeMaintenance(id, draft('late', NIGHTLY), at('02:00'), BY), null)
    assert.equal(await store.changeMaintenance(99, draft('none', NIGHTLY), at('01:00'), BY), null)
    assert.equal((await store.findMaintenance(id))?.name, 'longer')
  })

  test('planning, changing and ending are noted with what differs; what changes nothing is not', async (t) => {
    const store = await open(t)
    const { id } = await planned(store, 'nightly', NIGHTLY)
    await store.changeMaintenance(id, draft('nightly', NIGHTLY), at('01:00'), BY)
    await store.changeMaintenance(id, draft('nightly', { ...NIGHTLY, lasts: HOUR } as Plan), at('02:00'), BY)
    await store.endMaintenance(id, at('03:00'), BY)
    await store.endMaintenance(id, at('04:00'), BY)
    const whole = { id, name: 'nightly', schedule: '0 2 * * *', timeZone: 'Europe/Berlin', match: null }
    const changes = await noted(store, 'maintenance')
    assert.deepEqual(
      changes.map(({ id: _, by: __, subject: ___, ...change }) => change),
      [
        { at: at('03:00'), action: 'maintenance.end', before: { ...whole, lasts: '1h' }, after: null },
        {
          ...{ at: at('02:00'), action: 'maintenance.change' },
          ...{ before: { id, name: 'nightly', lasts: '2h' }, after: { id, name: 'nightly', lasts: '1h' } },
        },
        { at: START, action: 'maintenance.plan', before: null, after: { ...whole, lasts: '2h' } },
      ],
    )
  })

  test('of many who end one at the same moment one does', async (t) => {
    const store = await open(t)
    const { id } = await planned(store, 'nightly', NIGHTLY)
    const answers = await Promise.all(times(5, () => store.endMaintenance(id, at('01:00'), BY)))
    assert.equal(answers.filter(Boolean).length, 1)
    assert.equal((await noted(store, 'maintenance')).length, 2)
  })

  test(`never are more than ${MOST_MAINTENANCE} on or to come, though many are planned at the same moment`, async (t) => {
    const store = await open(t)
    const plan = (i: number) => store.createMaintenance(draft(`${i}`, once('01:00', '02:00')), START, BY)
    await Promise.all(times(MOST_MAINTENANCE - 5, plan))
    const answers = await Promise.all(times(8, plan))
    assert.equal(answers.filter((answer) => answer === 'too-many').length, 3)
    assert.equal(typeof (await store.createMaintenance(draft('later', NIGHTLY), at('02:00'), BY)), 'object', 'those are over')
  })

  test('what is long over is cleared away, what is on or to come is not', async (t) => {
    const store = await open(t)
    const { id } = await planned(store, 'short', once('01:00', '02:00'))
    const nightly = await planned(store, 'nightly', NIGHTLY)
    while (await store.prune({ affirmations: START, verdicts: at('02:00') }, 100));
    assert.notEqual(await store.findMaintenance(id), null)
    while (await store.prune({ affirmations: START, verdicts: at('02:01') }, 100));
    assert.equal(await store.findMaintenance(id), null)
    assert.notEqual(await store.findMaintenance(nightly.id), null)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlaceDraft } from '../../../src/domain/place.ts'
import type { Millis } from '../../../src/domain/time.ts'
import type { PushAnswer, Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { anEvent, at, type Named, noted, type Open, readAll, START } from './steps.ts'

const commitAt = (time: string) => ({ commit: time.replace(':', '').padEnd(40, '0'), at: at(time) })
const place = (event: Named, path: string, line = 1, more: Partial<PlaceDraft> = {}): PlaceDraft => ({
  ...{ eventId: event.id, path, line, more: 0, link: null },
  ...more,
})
const push = (
  store: Store,
  time: string,
  places: PlaceDraft[],
  { repo = 'shop', now = START as Millis } = {},
): Promise<PushAnswer> => store.pushPlaces({ repo, at: commitAt(time), places }, now, BY)
const pushed = (added: number, kept: number, gone: number): PushAnswer => ({ kind: 'pushed', added, kept, gone })
/** `path:line`, those that are gone in brackets. */
const told = async (store: Store, event: Named, limit = 100) =>
  (await store.placesOf(event.id, limit)).items.map(({ path, line, gone }) =>
    gone === null ? `${path}:${line}` : `(${path}:${line})`,
  )

export function places(open: Open): void {
  test('a place is known since the commit that brought it, wherever its line is by now', async (t) => {
    const store = await open(t)
    const etl = await anEvent(store, 'etl')
    assert.deepEqual(await push(store, '01:00', [place(etl, 'a.py', 3)]), pushed(1, 0, 0))
    const later = place(etl, 'a.py', 9, { more: 2, link: 'https://git.example/a.py#L9' })
    assert.deepEqual(await push(store, '02:00', [later], { now: at('02:30') }), pushed(0, 1, 0))
    const { items, total } = await store.placesOf(etl.id, 10)
    const known = { repo: 'shop', first: commitAt('01:00'), last: commitAt('02:00'), gone: null, pushedAt: at('02:30') }
    assert.deepEqual([items, total], [[{ id: items[0]?.id, ...later, ...known }], 1])
  })

  test('what a push does not have is gone since its commit, and new again when it comes back', async (t) => {
    const store = await open(t)
    const etl = await anEvent(store, 'etl')
    await push(store, '01:00', [place(etl, 'a.py'), place(etl, 'b.py')])
    assert.deepEqual(await push(store, '02:00', [place(etl, 'b.py')]), pushed(0, 1, 1))
    assert.deepEqual(await told(store, etl), ['b.py:1', '(a.py:1)'])
    assert.deepEqual((await store.placesOf(etl.id, 10)).items[1]?.gone, commitAt('02:00'))
    assert.deepEqual(await push(store, '03:00', [place(etl, 'b.py')]), pushed(0, 1, 0))
    assert.deepEqual((await store.placesOf(etl.id, 10)).items[1]?.gone, commitAt('02:00'), 'it stays gone since then')
    assert.deepEqual(await push(store, '04:00', [place(etl, 'a.py')]), pushed(1, 0, 1))
    assert.deepEqual((await store.placesOf(etl.id, 10)).items[0]?.first, commitAt('04:00'))
  })

  test('an older commit than the last changes nothing, also where nothing is left', async (t) => {
    const store = await open(t)
    const etl = await anEvent(store, 'etl')
    await push(store, '02:00', [place(etl, 'a.py')])
    await push(store, '03:00', [])
    await push(store, '04:00', [])
    const answer = await push(store, '03:30', [place(etl, 'b.py')])
    assert.deepEqual(answer, { kind: 'older', newest: commitAt('04:00') })
    assert.deepEqual(await told(store, etl), ['(a.py:1)'])
    assert.deepEqual(await push(store, '04:00', [place(etl, 'b.py')]), pushed(1, 0, 0), 'the same one can be told again')
  })

  test('repositories do not touch each other, and two pushes at once end as the later commit says', async (t) => {
    const store = await open(t)
    const etl = await anEvent(store, 'etl')
    await push(store, '01:00', [place(etl, 'x.py')], { repo: 'tools' })
    await Promise.all([push(store, '02:00', [place(etl, 'a.py')]), push(store, '03:00', [place(etl, 'b.py')])])
    const there = (await told(store, etl)).filter((one) => !one.startsWith('('))
    assert.deepEqual(there.sort(), ['b.py:1', 'x.py:1'])
    assert.ok((await store.forgetPlaces('shop', START, BY)) > 0)
    assert.equal(await store.forgetPlaces('shop', START, BY), 0)
    assert.deepEqual(await told(store, etl), ['x.py:1'])
  })

  test('thousands of places come and go at once, and are listed page by page with the names of their events', async (t) => {
    const store = await open(t)
    const [etl, backup] = [await anEvent(store, 'etl'), await anEvent(store, 'backup')]
    const many = Array.from({ length: 1_203 }, (_, n) => place(n % 2 === 0 ? etl : backup, `src/${n}.ts`, n + 1))
    assert.deepEqual(await push(store, '01:00', many), pushed(1_203, 0, 0))
    assert.deepEqual(await push(store, '02:00', many.slice(0, 2)), pushed(0, 2, 1_201))
    const listed = await readAll((page) => store.listPlaces({ repo: 'shop' }, page), 500)
    assert.equal(listed.length, 1_203)
    assert.deepEqual(
      [listed[1]?.event, listed[1]?.key, listed[1]?.path, listed[1]?.gone],
      ['backup', backup.key, 'src/1.ts', null],
    )
    assert.equal((await readAll((page) => store.listPlaces({ eventId: etl.id }, page))).length, 602)
    assert.deepEqual(await told(store, etl, 2), ['src/0.ts:1', '(src/2.ts:3)'])
    assert.equal((await store.placesOf(etl.id, 2)).total, 602)
  })

  test('events are found by name and by key, each once', async (t) => {
    const store = await open(t)
    const [etl, backup] = [await anEvent(store, 'etl'), await anEvent(store, 'backup')]
    await anEvent(store, 'other')
    const asked = ['etl', etl.key, backup.key, 'nobody', ...Array.from({ length: 1_000 }, (_, n) => `no_${n}`)]
    assert.deepEqual((await store.eventsCalled(asked)).map(({ name }) => name).sort(), ['backup', 'etl'])
    assert.deepEqual(await store.eventsCalled([]), [])
  })

  test('they go with their event, and long after they are gone', async (t) => {
    const store = await open(t)
    const [etl, backup] = [await anEvent(store, 'etl'), await anEvent(store, 'backup')]
    await push(store, '01:00', [place(etl, 'a.py'), place(backup, 'a.py'), place(backup, 'b.py')])
    await push(store, '02:00', [place(etl, 'a.py'), place(backup, 'b.py')])
    await store.deleteEvent(etl.id, START, BY)
    const listed = async () => (await readAll((page) => store.listPlaces({}, page))).map(({ event, path }) => `${event} ${path}`)
    assert.deepEqual(await listed(), ['backup a.py', 'backup b.py'])
    const prune = async (time: string) => {
      while (await store.prune({ affirmations: START, verdicts: at(time) }, 10));
    }
    await prune('02:00')
    assert.equal((await listed()).length, 2)
    await prune('02:01')
    assert.deepEqual(await listed(), ['backup b.py'])
  })

  test('what comes or goes is noted, and what leaves all as it was is not', async (t) => {
    const store = await open(t)
    const etl = await anEvent(store, 'etl')
    await push(store, '01:00', [place(etl, 'a.py')])
    await push(store, '02:00', [place(etl, 'a.py', 2)])
    await push(store, '03:00', [])
    await store.forgetPlaces('shop', START, BY)
    await store.forgetPlaces('shop', START, BY)
    assert.deepEqual(
      (await noted(store, 'places')).reverse().map(({ action, after }) => [action, after]),
      [
        ['places.push', { repo: 'shop', commit: commitAt('01:00').commit, added: 1, kept: 0, gone: 0 }],
        ['places.push', { repo: 'shop', commit: commitAt('03:00').commit, added: 0, kept: 0, gone: 1 }],
        ['places.forget', { repo: 'shop', places: 1 }],
      ],
    )
  })
}

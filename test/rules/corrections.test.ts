import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import pg from 'pg'
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { openStore } from '../../src/store/open.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { instant, type World } from '../support/world.ts'

const RUNS = { sqlite: 15, postgresql: 4 }
const START = instant('2026-03-02T10:00:00Z')
const today = (time: string): string => `2026-03-02T${time}Z`
const short = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ due, verdict }) => `${new Date(due).toISOString().slice(11, 16)} ${verdict}`)

async function change(world: World, id: number, terms: object): Promise<void> {
  const old = await world.declaring.expectation(id)
  await world.declaring.change(old, { ...old, paused: false, terms: { ...old.terms, ...terms } }, world.clock.now())
}

/** Straight from the database: the store does not list incidents that are over. */
async function rows(url: string, query: string): Promise<unknown[]> {
  if (url.startsWith('file:')) return new Database(url.slice('file:'.length), { readonly: true }).prepare(query).all()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const found = await client.query<object>(query)
  await client.end()
  return found.rows.map((row) => ({ ...row }))
}

for (const name of ENGINES)
  describe(`corrections on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())
    const aWorldNow = async () => aQuickWorld(await engine.open(), START)
    const isOpen = async (world: World, id: number) => (await world.store.openIncidents([id])).length === 1

    describe('late news corrects the record (rule 8)', () => {
      test('a spool that comes late turns missed into met, and the row says when and why', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('11:01:00'))
        assert.equal(await world.stateOf(id), 'missed')
        assert.ok(await isOpen(world, id))
        await world.passUntil(today('11:20:30'))
        await world.affirm('e', { at: today('10:59:00') })
        await world.passUntil(today('11:21:03'))
        const [verdict] = await world.verdictsOf(id)
        assert.equal(verdict?.verdict, 'met')
        assert.equal(verdict?.observed, 1)
        const reason = 'late news: 1 instead of 0'
        assert.deepEqual(verdict?.amended, { from: 'missed', at: instant(today('11:21:02')), reason })
        assert.equal(verdict?.decidedAt, instant(today('11:00:02')))
        assert.equal(await world.stateOf(id), 'met')
        assert.equal(await isOpen(world, id), false)
      })

      test('it turns met with a maximum into missed, and opens the incident', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('problems', { schedule: '0 * * * *', atLeast: 0, atMost: 0 })
        await world.passUntil(today('11:30:00'))
        assert.equal(await world.stateOf(id), 'met')
        await world.affirm('problems', { at: today('10:59:59.999') })
        await world.passUntil(today('11:31:03'))
        assert.equal(await world.stateOf(id), 'missed')
        assert.ok(await isOpen(world, id))
      })

      test('it turns what we were blind for into met', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('10:30:00'))
        world.sleepUntil(today('11:10:00'))
        await world.tick()
        assert.equal(await world.stateOf(id), 'unknown')
        await world.affirm('e', { at: today('10:50:00') })
        await world.passUntil(today('11:12:00'))
        assert.equal(await world.stateOf(id), 'met')
      })

      test('an older verdict corrected leaves the incident to the latest one', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('12:01:00'))
        await world.affirm('e', { at: today('10:59:00') })
        await world.passUntil(today('12:03:00'))
        assert.deepEqual(short(await world.verdictsOf(id)), ['11:00 met', '12:00 missed'])
        assert.ok(await isOpen(world, id))
      })

      test('an affirmation exactly at the end of a judged window changes nothing', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('11:20:00'))
        await world.affirm('e', { at: today('11:00:00') })
        await world.affirm('e', { at: today('10:39:59.999') })
        await world.passUntil(today('11:22:00'))
        assert.deepEqual(short(await world.verdictsOf(id)), ['11:00 missed'])
      })

      test('whichever order they come in, before or after the verdict, the final verdicts are the same', async () => {
        const happening = fc.record({
          at: fc.integer({ min: 0, max: 3 * 3_600 }).map((s) => START + s * SECOND),
          delay: fc.constantFrom(0, 0, 0, 90 * SECOND, HOUR),
          twice: fc.boolean(),
        })
        const terms = fc.record({
          schedule: fc.constantFrom('0 * * * *', '*/30 * * * *'),
          lookback: fc.constantFrom(null, '40m', '2h'),
          atLeast: fc.nat(3),
          atMost: fc.constantFrom(null, 3),
        })
        await fc.assert(
          fc.asyncProperty(fc.array(happening, { maxLength: 15 }), terms, async (happenings, terms) => {
            const live = async (delayOf: (one: { delay: number }) => number) => {
              const world = await aWorldNow()
              const { id } = await world.expects('e', terms)
              const sent = happenings.flatMap((one, n) => {
                const told = { at: one.at, id: `${n}`, when: one.at + delayOf(one) }
                return one.twice ? [told, { ...told, when: told.when + 20 * MINUTE }] : [told]
              })
              for (const { when, ...one } of sent.toSorted((a, b) => a.when - b.when)) {
                await world.passUntil(when)
                await world.affirm('e', one)
              }
              await world.passUntil(START + 5 * HOUR)
              const isMissed = (await world.verdictsOf(id)).findLast(({ verdict }) => verdict !== 'unknown')?.verdict === 'missed'
              assert.equal(await isOpen(world, id), isMissed, 'the incident follows the latest decided verdict')
              return short(await world.verdictsOf(id))
            }
            assert.deepEqual(await live(({ delay }) => delay), await live(() => 0))
          }),
          { numRuns: RUNS[name] },
        )
      })

      test('an incident says which met verdict closed it, though an unknown one came after', async () => {
        const url = await engine.url()
        const store = await openStore(url, (error) => assert.fail(error))
        const world = aQuickWorld(store, START)
        await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('11:30:00'))
        world.sleepUntil(today('12:30:00'))
        await world.tick()
        await world.affirm('e', { at: today('10:59:00') })
        await world.passUntil(today('12:32:00'))
        await store.close()
        assert.deepEqual(await rows(url, 'select opened_due, closed_due from incidents'), [
          { opened_due: instant(today('11:00:00')), closed_due: instant(today('11:00:00')) },
        ])
      })

      test('affirmations cleared away since do not count against a verdict', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', atLeast: 2, atMost: 5 })
        for (let n = 0; n < 3; n++) await world.affirm('e')
        await world.passUntil(today('11:10:00'))
        assert.equal(await world.stateOf(id), 'met')
        await world.declaring.clearAffirmations(await world.declaring.event('e'), 'e', world.clock.now())
        await world.affirm('e', { at: today('10:50:00') })
        await world.passUntil(today('11:12:00'))
        assert.equal(await world.stateOf(id), 'met')
        assert.equal(await isOpen(world, id), false)
      })
    })

    describe('history never rewrites (rule 9)', () => {
      test('a verdict keeps the limits it was judged by', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('10:50:00'))
        await world.affirm('e')
        await world.passUntil(today('11:10:00'))
        await change(world, id, { atLeast: 3, atMost: 7 })
        await world.passUntil(today('12:01:00'))
        const verdicts = await world.verdictsOf(id)
        assert.deepEqual(
          verdicts.map(({ verdict, atLeast, atMost }) => [verdict, atLeast, atMost]),
          [
            ['met', 1, null],
            ['missed', 3, 7],
          ],
        )
      })

      test('late news is judged by the limits of its verdict, not by those of today', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        await world.passUntil(today('11:10:00'))
        await change(world, id, { atLeast: 3 })
        await world.affirm('e', { at: today('10:50:00') })
        await world.passUntil(today('11:12:00'))
        assert.deepEqual(short(await world.verdictsOf(id)), ['11:00 met'])
      })

      test('an edit resets no timer: edited every few minutes it is due all the same', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m' })
        for (let minute = 5; minute < 130; minute += 7) {
          await world.passUntil(START + minute * MINUTE)
          await change(world, id, { atLeast: 1 + (minute % 2) })
        }
        assert.deepEqual(short(await world.verdictsOf(id)), ['11:00 missed', '12:00 missed'])
      })

      test('an edit in the grace: the due is judged by the old terms, the next one by the new', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '20m', grace: '10m', atLeast: 1 })
        await world.passUntil(today('11:05:00'))
        assert.equal(await world.stateOf(id), 'late')
        await change(world, id, { expression: '*/30 * * * *', atLeast: 2, grace: 0 })
        assert.equal(await world.stateOf(id), 'late')
        await world.affirm('e')
        await world.passUntil(today('11:31:00'))
        const verdicts = await world.verdictsOf(id)
        assert.deepEqual(
          verdicts.map(({ verdict, atLeast, window }) => [verdict, atLeast, window.to - START]),
          [
            ['met', 1, 70 * MINUTE],
            ['missed', 2, 90 * MINUTE],
          ],
        )
      })
    })

    describe('a reported failure is not silence (rule 10)', () => {
      test('it gives an extra verdict at its own instant at the next tick, and the next met closes the incident', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '1h' })
        const deaf = await world.expects('e', { schedule: '0 * * * *', lookback: '1h', ignoreFailures: true })
        await world.passUntil(today('10:20:30.123'))
        await world.affirm('e', { status: 'fail' })
        await world.affirm('e')
        await world.passUntil(today('10:21:03'))
        const [verdict] = await world.verdictsOf(id)
        assert.equal(verdict?.reason, 'reported-failure')
        assert.equal(verdict?.due, instant(today('10:20:30.123')))
        assert.equal(await world.stateOf(id), 'missed')
        assert.ok(await isOpen(world, id))
        assert.deepEqual(await world.verdictsOf(deaf.id), [])
        await world.passUntil(today('11:01:00'))
        assert.equal(await world.stateOf(id), 'met')
        assert.equal(await isOpen(world, id), false)
      })

      test('reported in the very millisecond of a due that is met, the failure has the last word, late news or not', async () => {
        const world = await aWorldNow()
        const { id } = await world.expects('e', { schedule: '0 * * * *', lookback: '1h', atMost: 2 })
        await world.affirm('e')
        await world.passUntil(today('11:00:01'))
        await world.affirm('e', { status: 'fail', at: today('11:00:00') })
        await world.passUntil(today('11:01:03'))
        assert.deepEqual(
          (await world.verdictsOf(id)).map(({ verdict, reported }) => [verdict, reported]),
          [
            ['met', false],
            ['missed', true],
          ],
        )
        assert.equal(await world.stateOf(id), 'missed')
        assert.ok(await isOpen(world, id))
        for (const _ of [1, 2]) await world.affirm('e', { at: today('10:30:00') })
        await world.passUntil(today('11:03:00'))
        assert.equal(await world.stateOf(id), 'missed')
        assert.ok(await isOpen(world, id))
      })

      test('every failure is told once for every expectation that hears it, however often it is sent and whenever it comes', async () => {
        const failure = fc.record({
          at: fc.integer({ min: 0, max: 2 * 3_600 }).map((s) => START + s * SECOND),
          delay: fc.constantFrom(0, 30 * SECOND, HOUR),
          env: fc.constantFrom('prod', 'staging'),
          times: fc.integer({ min: 1, max: 3 }),
        })
        await fc.assert(
          fc.asyncProperty(fc.array(failure, { maxLength: 10 }), async (failures) => {
            const world = await aWorldNow()
            const hears = await world.expects('e', { schedule: '0 * * * *', atLeast: 0 })
            const deaf = await world.expects('e', { schedule: '0 * * * *', atLeast: 0, ignoreFailures: true })
            for (const [n, { at, delay, env, times }] of [...failures.entries()].sort(
              ([, a], [, b]) => a.at + a.delay - b.at - b.delay,
            )) {
              await world.passUntil(at + delay)
              for (let i = 0; i < times; i++) await world.affirm('e', { status: 'fail', at, env, id: `${n}` })
              if (times === 2) world.restart()
            }
            await world.passUntil(START + 4 * HOUR)
            const reported = (await world.verdictsOf(hears.id)).filter(({ reported }) => reported).map(({ due }) => due)
            const expected = new Set(failures.filter(({ env }) => env === 'prod').map(({ at }) => at))
            assert.deepEqual(
              reported,
              [...expected].sort((a, b) => a - b),
            )
            assert.equal(
              (await world.verdictsOf(deaf.id)).some(({ reported }) => reported),
              false,
            )
            assert.equal(await isOpen(world, hears.id), false, 'the verdict of the hour closed it')
          }),
          { numRuns: RUNS[name] },
        )
      })
    })
  })

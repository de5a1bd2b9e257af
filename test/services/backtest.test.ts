import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Backtest } from '../../src/domain/backtest.ts'
import { Fault } from '../../src/domain/fault.ts'
import { DAY, HOUR, iso, MINUTE, type Millis } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { aBacktesting } from '../../src/services/backtest.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, instant, someTerms, type World } from '../support/world.ts'

/** Nobody listens for half an hour from then on. */
const OUTAGE = 8 * HOUR
type Draft = Parameters<typeof someTerms>[0]
/** The day on whose night Berlin's clocks go forward. */
const START = instant('2026-03-28T12:10:00Z')

const duration = (least: number, most: number) => fc.integer({ min: least, max: most }).map((n) => `${n}m`)
const schedule = fc.constantFrom('*/20 * * * *', '5,50 * * * *', '0 * * * *', '30 2,9,16 * * *', '0 */3 * * *', '0 3 * * 0')
const someDraft: fc.Arbitrary<NonNullable<Draft>> = fc.record({
  schedule,
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
  atLeast: fc.integer({ min: 0, max: 3 }),
  atMost: fc.option(fc.integer({ min: 3, max: 5 }), { nil: null }),
  count: fc.constantFrom('affirmations' as const, 'sources' as const),
  lookback: fc.oneof(fc.constant(null), duration(5, 90), fc.constant('90s')),
  grace: fc.oneof(fc.constant('0s'), fc.constant('45s'), duration(1, 15)),
  where: fc.constantFrom(null, { source: 'web-*' }, { path: '$', equals: 1 }),
  ignoreFailures: fc.boolean(),
})

type Deed = { minute: number; second: number; source: string; value: number; status: 'ok' | 'fail' | 'log' }
const deed: fc.Arbitrary<Deed> = fc.record({
  minute: fc.integer({ min: 0, max: 20 * 60 }),
  second: fc.constantFrom(0, 0, 17, 45, 59),
  source: fc.constantFrom('web-1', 'web-2', 'db-1'),
  value: fc.constantFrom(1, 1, 2),
  status: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'fail', 'log'),
})

const tally = (verdicts: readonly Verdict[], of: Verdict['verdict']) => verdicts.filter(({ verdict }) => verdict === of)
/** As the backtest counts: windows that began before anything was known are left out. */
const whole = (verdicts: readonly Verdict[], since: Millis) =>
  verdicts.filter(({ window, reported, due }) => (reported ? due >= since : window.from >= since))

const plainly = ({ met, missed, unknown, wouldHaveMissed }: Backtest) => ({
  met,
  missed,
  unknown,
  wouldHaveMissed: wouldHaveMissed.map(iso),
})

async function live(world: World, deeds: readonly Deed[]): Promise<void> {
  for (const { minute, second, source, value, status } of [...deeds].sort((a, b) => a.minute - b.minute || a.second - b.second)) {
    const at = START + minute * MINUTE + second * 1_000
    if (at >= START + OUTAGE && at < START + OUTAGE + 31 * MINUTE) continue
    if (at >= START + OUTAGE && world.clock.now() < START + OUTAGE) await pause(world)
    await world.passUntil(at)
    await world.affirm('job', { source, value, status })
  }
  if (world.clock.now() < START + OUTAGE) await pause(world)
  await world.passUntil(START + 21 * HOUR + 30_000)
}

async function pause(world: World): Promise<void> {
  await world.passUntil(START + OUTAGE)
  world.sleepUntil(START + OUTAGE + 31 * MINUTE)
  world.restart()
}

for (const name of ENGINES)
  describe(`a backtest on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    const open = async (t: TestContext) => {
      const store = await engine.open()
      t.after(() => store.close())
      return store
    }
    const backtestOf = async (world: World, draft: Draft, env = 'prod'): Promise<Backtest> =>
      world.services.backtesting.backtest(await world.declaring.event('job'), env, someTerms(draft), world.clock.now())

    test('says what the evaluator said, whatever the terms', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(someDraft, { minLength: 6, maxLength: 12 }),
          fc.array(deed, { minLength: 20, maxLength: 150 }),
          async (drafts, deeds) => {
            const world = aQuickWorld(await engine.open(), START)
            await world.listening.tick(START)
            const ids: [number, Draft][] = []
            for (const draft of drafts) ids.push([(await world.expects('job', draft)).id, draft])
            await live(world, deeds)
            for (const [id, draft] of ids) {
              const verdicts = whole(await world.verdictsOf(id), START)
              const missed = tally(verdicts, 'missed').map(({ due }) => due)
              assert.deepEqual(
                plainly(await backtestOf(world, draft)),
                {
                  met: tally(verdicts, 'met').length,
                  missed: missed.length,
                  unknown: tally(verdicts, 'unknown').length,
                  wouldHaveMissed: missed
                    .sort((a, b) => b - a)
                    .slice(0, 50)
                    .map(iso),
                },
                JSON.stringify(draft),
              )
            }
            assert.deepEqual(world.errors, [])
            await world.store.close()
          },
        ),
        { numRuns: name === 'sqlite' ? 6 : 2, endOnFailure: true },
      )
    })

    test('what came within the grace of one due is not counted for the next one', async (t) => {
      const world = aWorld(await open(t), '2026-03-01T00:00Z')
      const draft = { schedule: '0 * * * *', grace: '15m' }
      const { id } = await world.expects('job', draft)
      await world.passUntil('2026-03-01T01:10Z')
      await world.affirm('job')
      await world.passUntil('2026-03-01T02:30Z')
      const verdicts = (await world.verdictsOf(id)).map(({ verdict }) => verdict)
      assert.deepEqual(verdicts, ['met', 'missed'])
      const { met, wouldHaveMissed } = await backtestOf(world, draft)
      assert.deepEqual([met, wouldHaveMissed.map(iso)], [1, ['2026-03-01T02:00:00.000Z']])
    })

    test('only counts dues whose whole window is known, and days that are', async (t) => {
      const world = aWorld(await open(t), '2026-03-01T00:00Z')
      await world.declaring.registerEvent({ name: 'job', description: '', tags: [] }, world.clock.now())
      await world.listening.tick(world.clock.now())
      await world.store.extendSpan(1, instant('2026-03-03T12:00Z'))
      world.sleepUntil('2026-03-03T12:00Z')
      const daily = { schedule: '0 6 * * *', lookback: '12h' }
      assert.deepEqual(await backtestOf(world, daily), {
        days: 2.5,
        met: 0,
        missed: 2,
        unknown: 0,
        wouldHaveMissed: [instant('2026-03-03T06:00Z'), instant('2026-03-02T06:00Z')],
        daily: ['2026-03-02T00:00Z', '2026-03-03T00:00Z'].map((day) => ({ day: instant(day), met: 0, missed: 1, unknown: 0 })),
        note: null,
      })
    })

    test('looks at 30 days at most, and where nobody listened it does not know, and says why', async (t) => {
      const world = aWorld(await open(t), '2026-01-01T00:00Z')
      await world.declaring.registerEvent({ name: 'job', description: '', tags: [] }, world.clock.now())
      world.sleepUntil('2026-03-01T00:30Z')
      const { days, met, missed, unknown, note } = await backtestOf(world, { schedule: '0 * * * *' })
      assert.deepEqual({ days, met, missed, unknown }, { days: 30, met: 0, missed: 0, unknown: 30 * 24 - 1 })
      assert.equal(note, '719 are unknown: nobody was listening then, so that nothing is known of what did not come.')
    })

    test('of a dense schedule it counts the last 10,000 dues, and says so', async (t) => {
      const world = aWorld(await open(t), '2026-01-01T00:00Z')
      await world.declaring.registerEvent({ name: 'job', description: '', tags: [] }, world.clock.now())
      world.sleepUntil('2026-03-01T00:00:10Z')
      const { days, unknown, note } = await backtestOf(world, { schedule: '* * * * *', lookback: '1m' })
      assert.deepEqual({ days, unknown }, { days: 6.9, unknown: 10_000 })
      assert.match(note ?? '', /^The last 10,000 due instants\. 10,000 are unknown/)
    })

    test('an event of another environment, or of none, is not counted', async (t) => {
      const world = aWorld(await open(t), '2026-03-01T00:00Z')
      await world.affirm('job', { env: 'staging' })
      await world.passUntil('2026-03-01T02:30Z')
      assert.equal((await backtestOf(world, { schedule: '0 * * * *' })).missed, 2)
      assert.equal((await backtestOf(world, { schedule: '0 * * * *' }, 'nowhere')).missed, 2)
    })

    test('reads a million rows in pieces and stops after two seconds with what it has', async (t) => {
      const world = aWorld(await open(t), '2026-03-01T00:00Z')
      await world.affirm('job')
      world.sleepUntil('2026-03-20T00:00Z')
      let elapsed = 0
      let from = 0
      const { backtest } = aBacktesting({
        store: {
          ...world.store,
          tally: async (_event, _env, asked) => {
            elapsed += 300
            from = asked.from
            return { tallies: [{ at: asked.from, source: '', n: 1 }], failures: [], next: asked.from + DAY }
          },
        },
        elapsed: () => elapsed,
        retention: 30 * DAY,
      })
      const event = await world.declaring.event('job')
      const found = await backtest(event, 'prod', someTerms({ schedule: '0 * * * *' }), world.clock.now())
      assert.equal(elapsed, 2_100)
      assert.equal(from, instant('2026-03-07T00:00Z'))
      assert.equal(found.days, 7)
      assert.match(found.note ?? '', /two seconds/)
    })

    test('is one at a time: two may wait, who comes then is told to try again', async (t) => {
      const world = aWorld(await open(t), '2026-03-01T00:00Z')
      await world.affirm('job')
      const event = await world.declaring.event('job')
      const { backtest } = world.services.backtesting
      const all = await Promise.allSettled([1, 2, 3, 4].map(() => backtest(event, 'prod', someTerms(), world.clock.now())))
      assert.deepEqual(
        all.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
      )
      const [, , , last] = all
      assert.ok(last?.status === 'rejected' && last.reason instanceof Fault && last.reason.code === 'over-capacity')
      await backtestOf(world, {})
    })
  })

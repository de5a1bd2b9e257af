import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { conclude } from '../../src/services/evaluate.ts'
import type { Conclusion, Store } from '../../src/store/store.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { instant, someTerms, type World } from '../support/world.ts'

const RUNS = { sqlite: 8, postgresql: 3 }
const START = instant('2026-03-02T10:00:00Z')
const END = START + 2.5 * HOUR

const draft = fc.record({
  schedule: fc.constantFrom('*/5 * * * *', '0 * * * *', '*/30 * * * *'),
  atLeast: fc.nat(3),
  atMost: fc.constantFrom(null, 3, 5),
  lookback: fc.constantFrom(null, '5m', '40m', '90m'),
  grace: fc.constantFrom('0s', '2m', '4m30s'),
  count: fc.constantFrom('affirmations' as const, 'sources' as const),
  where: fc.constantFrom(null, { source: 'web-*' }),
})
const happening = fc.record({
  at: fc.integer({ min: 0, max: (END - START) / SECOND }).map((s) => START + s * SECOND),
  status: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'ok' as const, 'fail' as const, 'log' as const),
  source: fc.constantFrom('web-1', 'web-2', 'host'),
})
const history = fc.record({
  drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
  happenings: fc.array(happening, { maxLength: 60 }).map((all) => all.toSorted((a, b) => a.at - b.at)),
  restarts: fc.array(
    fc.integer({ min: 0, max: 150 }).map((minutes) => START + minutes * MINUTE),
    { maxLength: 5 },
  ),
})
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

/** Lives the history; `tickAt` decides when the evaluator runs. Answers the rows without the instant at which they were decided. */
async function rowsOf(world: World, { drafts, happenings, restarts }: History, tickAt: (at: Millis) => boolean) {
  const ids: number[] = []
  for (const draft of drafts) ids.push((await world.expects('e', draft)).id)
  const queue = [...happenings]
  const starts = new Set(restarts)
  await world.listening.tick(START)
  for (let at = START; at < END; ) {
    const next = Math.min(at + 15 * SECOND, world.evaluation.pause(at) + at, queue[0]?.at ?? END)
    at = Math.max(next, at)
    world.clock.set(at)
    await world.listening.tick(at)
    while (queue[0] !== undefined && queue[0].at <= at) {
      const one = queue.shift()
      if (one !== undefined) await world.affirm('e', one)
    }
    if (starts.delete(Math.floor(at / MINUTE) * MINUTE)) {
      world.restart()
      await world.listening.tick(at)
    }
    if (at % MINUTE === 2 * SECOND && tickAt(at)) await world.tick()
  }
  world.clock.set(END + 10 * MINUTE)
  await world.listening.tick(END + 10 * MINUTE)
  await world.tick()
  const verdicts = await Promise.all(ids.map((id) => world.verdictsOf(id)))
  const states = await Promise.all(ids.map((id) => world.store.findExpectation(id)))
  return {
    verdicts: verdicts.map((list) => list.map(({ decidedAt: _, ...row }) => row)),
    states: states.map((x) => ({ next: x?.nextDue, look: x?.checkAt, last: x?.lastVerdict, isOpen: x?.openIncident !== null })),
  }
}

const dues = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ due }) => new Date(due).toISOString().slice(11, 16))

for (const name of ENGINES)
  describe(`the evaluator on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('ticks on time, one tick hours late, and restarts in between give the very same rows (rule 4)', async () => {
      await fc.assert(
        fc.asyncProperty(history, async (history) => {
          const live = async (history: History, tickAt: (at: Millis) => boolean) =>
            rowsOf(aQuickWorld(await engine.open(), START), history, tickAt)
          const onTime = await live({ ...history, restarts: [] }, () => true)
          const late = await live({ ...history, restarts: [] }, () => false)
          const restarted = await live(history, (at) => at % (7 * MINUTE) === 2 * SECOND)
          assert.deepEqual(late, onTime)
          assert.deepEqual(restarted, onTime)
        }),
        { numRuns: RUNS[name] },
      )
    })

    test('due instants missed by a stop are caught up in order, each once (rule 5)', async () => {
      const world = aQuickWorld(await engine.open(), START)
      const { id } = await world.expects('e', { schedule: '*/5 * * * *' })
      await world.passUntil(START + 6 * MINUTE)
      world.sleepUntil(START + 61 * MINUTE)
      world.restart()
      await world.tick()
      const verdicts = await world.verdictsOf(id)
      assert.deepEqual(dues(verdicts), [
        '10:05',
        '10:10',
        '10:15',
        '10:20',
        '10:25',
        '10:30',
        '10:35',
        '10:40',
        '10:45',
        '10:50',
        '10:55',
        '11:00',
      ])
      await world.tick()
      world.restart()
      await world.tick()
      assert.deepEqual(await world.verdictsOf(id), verdicts, 'a second look changes nothing')
    })

    test('more than 10,000 owed due instants end in one summary unknown (rule 5)', async () => {
      const world = aQuickWorld(await engine.open(), START)
      const { id, terms } = await world.expects('e', { schedule: '* * * * *' })
      const now = START + 30 * DAY + 30 * SECOND
      world.clock.set(now)
      await skipTo(world.store, now, 9_998)
      await world.tick()
      const verdicts = await world.verdictsOf(id)
      assert.deepEqual(
        verdicts.map(({ due, reason, verdict }) => [(due - START) / MINUTE, verdict, reason]),
        [
          [1, 'unknown', 'not-listening'],
          [2, 'unknown', 'not-listening'],
          [3, 'unknown', 'not-listening'],
          [30 * 24 * 60, 'unknown', 'not-judged'],
        ],
      )
      assert.equal(verdicts.at(-1)?.window.from, START + 3 * MINUTE, 'it stands for all that was left out')
      assert.equal((await world.declaring.expectation(id)).nextDue, START + 30 * DAY + MINUTE)
      assert.equal(await world.stateOf(id), 'unknown')
      assert.deepEqual(terms, someTerms({ schedule: '* * * * *' }))
      await world.passUntil(now + 3 * MINUTE)
      assert.equal((await world.verdictsOf(id)).at(-1)?.reason, 'too-few', 'and then it goes on as ever')
    })

    test('two evaluators that tick at once write every verdict once and open one incident (rule 5)', async () => {
      const url = await engine.url()
      const { openStore } = await import('../../src/store/open.ts')
      const fail = (error: Error) => {
        throw error
      }
      const first = await openStore(url, fail)
      // SQLite is for one node; two evaluators in it can only be two loops of one process.
      const second = name === 'sqlite' ? first : await openStore(url, fail)
      try {
        const nodes = [aQuickWorld(first, START), aQuickWorld(second, START)] as const
        const ids: number[] = []
        for (let n = 0; n < 12; n++) ids.push((await nodes[0].expects(`e${n % 3}`, { schedule: '* * * * *', atLeast: n % 2 })).id)
        const opened = new Map<number, number>()
        for (let minute = 0; minute < 20; minute++) {
          const at = START + minute * MINUTE + 2 * SECOND
          for (const node of nodes) {
            for (let beat = node.clock.now(); beat < at; beat += 15 * SECOND) await node.listening.beat(beat)
            node.clock.set(at)
          }
          if (minute % 4 === 1) await nodes[minute % 2 === 1 ? 1 : 0].affirm('e1', { status: 'fail', at: at - 3 * SECOND })
          if (minute % 3 === 1) await nodes[1].affirm('e2', { at: at - 90 * SECOND })
          if (minute % 5 < 4) await Promise.all(nodes.map((node) => node.tick()))
          for (const { id, expectation } of await first.openIncidents(ids)) opened.set(id, expectation)
        }
        for (const node of nodes) assert.deepEqual(node.errors, [])
        for (const id of ids) {
          const verdicts = (await nodes[0].verdictsOf(id)).filter(({ reported }) => !reported)
          assert.deepEqual(
            verdicts.map(({ due }) => (due - START) / MINUTE),
            Array.from({ length: 18 }, (_, n) => n + 1),
          )
        }
        const silent = [ids[3] ?? 0, ids[9] ?? 0]
        assert.deepEqual(
          (await first.openIncidents(silent)).map(({ openedDue }) => openedDue),
          [START + MINUTE, START + MINUTE],
          'the silent ones missed their first due',
        )
        const ofSilent = [...opened].filter(([, expectation]) => silent.includes(expectation))
        assert.equal(ofSilent.length, 2, 'and their incidents were opened once')
      } finally {
        await first.close()
        if (second !== first) await second.close()
      }
    })

    test('who read an owed due before somebody else concluded it writes nothing (rule 5)', async () => {
      const store = await engine.open()
      const world = aQuickWorld(store, START)
      const { id } = await world.expects('e', { schedule: '* * * * *', atLeast: 0 })
      const horizon = START + 3 * MINUTE
      let stale: Conclusion[] = []
      const keep = (owed: Parameters<Parameters<Store['concludeOwed']>[3]>[0]) => {
        const conclusions = owed.map((one) => conclude(one, horizon, [{ from: 0, to: horizon }]))
        if (stale.length === 0) stale = conclusions
        return conclusions
      }
      const won = await store.concludeOwed(horizon, horizon, 10, keep)
      assert.equal(won.verdicts.length, 1)
      const lost = await store.concludeOwed(horizon, horizon, 10, () =>
        stale.map((one) => ({ ...one, verdict: one.verdict && { ...one.verdict, verdict: 'missed' as const } })),
      )
      assert.deepEqual(lost.verdicts, [])
      assert.equal((await world.verdictsOf(id)).length, 1)
      assert.deepEqual(await store.openIncidents([id]), [])
    })
  })

/** The evaluator has caught up three due instants, and is told that they were `caughtUp` and three. */
async function skipTo(store: Store, now: Millis, caughtUp: number): Promise<void> {
  const horizon = now - 2 * SECOND
  const decide = (add: number) => (owed: Parameters<Parameters<Store['concludeOwed']>[3]>[0]) =>
    owed.map((one) => {
      const conclusion = conclude(one, horizon, [])
      return { ...conclusion, caughtUp: conclusion.caughtUp + add }
    })
  await store.concludeOwed(horizon, now, 1, decide(caughtUp - 1))
}

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import { judge, type Verdict } from '../../src/domain/verdict.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'
import { instant, type World } from '../support/world.ts'

const RUNS = { sqlite: 40, postgresql: 8 }
const START = instant('2026-03-02T10:00:00Z')
const ANN = { who: 'user:ann', address: '192.0.2.7' }

/** One affirmation as somebody remembers it; `age`: how late it was told. */
type Said = { at: Millis; source: string; value: number; isWithdrawn: boolean }

const step = fc.oneof(
  fc.record({
    kind: fc.constant('affirm' as const),
    age: fc.constantFrom(0, 0, 40 * SECOND, 50 * MINUTE),
    source: fc.constantFrom('user:ann', 'user:ben', 'web-1'),
    value: fc.nat(1),
  }),
  fc.record({ kind: fc.constant('withdraw' as const), which: fc.nat(3) }),
  fc.record({ kind: fc.constant('pass' as const), span: fc.constantFrom(SECOND, 90 * SECOND, 9 * MINUTE, 25 * MINUTE) }),
)
const terms = fc.record({
  schedule: fc.constantFrom('*/30 * * * *', '0 * * * *'),
  lookback: fc.constantFrom(null, '30m', '2h'),
  grace: fc.constantFrom('0s', '10m'),
  atLeast: fc.nat(3),
  atMost: fc.constantFrom(null, 3),
  count: fc.constantFrom('affirmations' as const, 'sources' as const),
  where: fc.constantFrom(null, { path: '$', equals: 1 }),
})

/** Counted as plainly as it can be said: what is left of all that was ever told. */
function countAgain({ from, to }: Verdict['window'], said: readonly Said[], isFiltered: boolean, ofSources: boolean): number {
  const left = said.filter(({ at, value, isWithdrawn }) => at >= from && at < to && !isWithdrawn && !(isFiltered && value !== 1))
  return ofSources ? new Set(left.map(({ source }) => source)).size : left.length
}

async function withdraw({ store, declaring, clock }: World, said: Said[], which: number): Promise<void> {
  const left = said.filter(({ isWithdrawn }) => !isWithdrawn)
  const one = left.at(-1 - which)
  if (one === undefined) return
  const event = await declaring.event('job')
  const { items } = await store.affirmations(
    event,
    { from: one.at, to: one.at + 1, source: one.source },
    { limit: 99, cursor: null },
  )
  const row = items.find(({ value, withdrawn }) => value === `${one.value}` && withdrawn === null)
  assert.ok(row)
  assert.equal(await store.withdraw({ ...row, event, source: 'user:ann', by: ANN, now: clock.now() }), true)
  one.isWithdrawn = true
}

for (const name of ENGINES)
  describe(`what was withdrawn on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('however affirming, withdrawing and judging take turns, the verdicts are those of what is left', async () => {
      let amended = 0
      await fc.assert(
        fc.asyncProperty(terms, fc.array(step, { maxLength: 60, size: 'max' }), async (terms, steps) => {
          const store = await engine.open()
          const world = aQuickWorld(store, START)
          const { id } = await world.expects('job', terms)
          const said: Said[] = []
          for (const one of steps) {
            if (one.kind === 'pass') await world.passUntil(world.clock.now() + one.span)
            else if (one.kind === 'withdraw') await withdraw(world, said, one.which)
            else {
              const at = world.clock.now() - one.age
              await world.affirm('job', { at, source: one.source, value: one.value })
              said.push({ at, source: one.source, value: one.value, isWithdrawn: false })
            }
          }
          await world.passUntil(world.clock.now() + 75 * MINUTE)
          await world.tick()
          await assertAsCounted(world, id, said)
          amended += (await world.verdictsOf(id)).filter(({ amended }) => amended?.reason.startsWith('withdrawn by ')).length
          await store.close()
        }),
        { numRuns: RUNS[name] },
      )
      assert.ok(name === 'postgresql' || amended > 0, 'some verdicts were changed by it')
    })
  })

async function assertAsCounted(world: World, id: number, said: readonly Said[]): Promise<void> {
  const { terms } = await world.declaring.expectation(id)
  const verdicts = await world.verdictsOf(id)
  assert.ok(verdicts.length > 0)
  for (const { window, verdict, due } of verdicts) {
    const seen = countAgain(window, said, terms.where !== null, terms.count === 'sources')
    const isYoung = START > window.from || window.from === window.to
    assert.equal(verdict, judge(terms, seen, { isCovered: true, isYoung }).verdict, `${new Date(due).toISOString()}: ${seen}`)
  }
  const last = verdicts.findLast(({ verdict }) => verdict !== 'unknown')
  const open = await world.store.openIncidents([id])
  assert.equal(open.length, last?.verdict === 'missed' ? 1 : 0, 'the incident is that of the last verdict')
}

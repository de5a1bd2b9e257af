import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { isKey } from '../../src/domain/event.ts'
import { Fault } from '../../src/domain/fault.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { aQuickWorld } from '../simulation/quick-world.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'

const RUNS = { sqlite: 20, postgresql: 6 }
const START = '2026-03-02T10:00:00Z'

/** What clients send: few ids, so that many are sent again, in one batch or after a restart. */
const sendings = fc.array(
  fc.array(
    fc.record({
      event: fc.constantFrom('a', 'b'),
      env: fc.constantFrom('prod', 'staging'),
      id: fc.option(fc.constantFrom('1', '2', '3', 'two words', 'é')),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 4 },
)

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,40}$/)

for (const engineName of ENGINES)
  describe(`affirmations on ${engineName}`, () => {
    const numRuns = RUNS[engineName]
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(engineName)
    })
    after(() => engine.stop())

    test('the same client id for the same event and env counts once, for ever (rule 2)', async () => {
      await fc.assert(
        fc.asyncProperty(sendings, async (batches) => {
          const world = aQuickWorld(await engine.open(), START)
          const { id } = await world.expects('a', { schedule: '30 * * * *', atLeast: 0 })
          const seen = new Set<string>()
          const expected = { stored: 0, ofA: 0 }
          let stored = 0
          for (const batch of batches) {
            const answers = await Promise.all(
              batch.map(({ id, ...one }) => world.affirm(one.event, { env: one.env, ...(id === null ? {} : { id }) })),
            )
            stored += answers.filter((answer) => answer === 'stored').length
            for (const { event, env, id } of batch) {
              const isNew = id === null || !seen.has(`${event} ${env} ${id}`)
              seen.add(`${event} ${env} ${id}`)
              if (isNew) expected.stored += 1
              if (isNew && event === 'a' && env === 'prod') expected.ofA += 1
            }
            world.restart()
            await world.passUntil(world.clock.now() + MINUTE)
          }
          await world.passUntil('2026-03-02T10:31:00Z')
          const [verdict] = await world.verdictsOf(id)
          assert.deepEqual({ stored, ofA: verdict?.observed }, expected)
        }),
        { numRuns },
      )
    })

    test('an unknown name is not refused: it is registered, gets a key, and has no expectation yet (rule 3)', async () => {
      const world = aQuickWorld(await engine.open(), START)
      await fc.assert(
        fc.asyncProperty(name, async (name) => {
          assert.equal(await world.affirm(name), 'stored')
          const event = await world.declaring.event(name)
          assert.equal(event.name, name)
          assert.ok(isKey(event.key))
          assert.deepEqual(await world.declaring.event(event.key), event, 'found by its key, too')
          const { items } = await world.store.listEvents({ q: name }, { limit: 1_000, cursor: null })
          assert.equal(items.find(({ id }) => id === event.id)?.expectations, 0)
        }),
        { numRuns },
      )
    })

    test('many first affirmations of one name at once register it once (rule 3)', async () => {
      const world = aQuickWorld(await engine.open(), START)
      await Promise.all(Array.from({ length: 20 }, () => world.affirm('newcomer')))
      const { items } = await world.store.listEvents({}, { limit: 10, cursor: null })
      assert.deepEqual(
        items.map(({ name }) => name),
        ['newcomer'],
      )
      const event = await world.declaring.event('newcomer')
      const { items: stored } = await world.store.affirmations(event, {}, { limit: 100, cursor: null })
      assert.equal(stored.length, 20)
    })

    test('in strict mode an unknown name is refused with the nearest known one (rule 3)', async () => {
      const world = aQuickWorld(await engine.open(), START, { isStrict: true })
      await world.expects('nightly-backup', { schedule: '0 * * * *' })
      assert.equal(await world.affirm('nightly-backup'), 'stored')
      await assert.rejects(world.affirm('nightly-bakcup'), (error: unknown) => {
        assert.ok(error instanceof Fault)
        assert.equal(error.code, 'not-found')
        assert.match(error.message, /The nearest is "nightly-backup"/)
        return true
      })
    })

    test('an instant written with any offset is the same millisecond inside (rule 12)', async () => {
      const world = aQuickWorld(await engine.open(), START)
      const { id } = await world.expects('e', { schedule: '0 * * * *', timeZone: 'Asia/Kolkata', lookback: '20m' })
      const instants = [
        '2026-03-02T15:45:00.001+05:30',
        '2026-03-02T05:15:00.001-0500',
        '2026-03-02T10:15:00.001Z',
        1772446500.001,
      ]
      await world.passUntil('2026-03-02T10:16:00Z')
      for (const [n, at] of instants.entries()) {
        const response = await world.app.request('/api/v1/affirmations', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ event: 'e', at, id: `${n}` }),
        })
        assert.equal(response.ok, true, await response.text())
      }
      const event = await world.declaring.event('e')
      const { items } = await world.store.affirmations(event, {}, { limit: 10, cursor: null })
      assert.deepEqual(new Set(items.map(({ at }) => at)), new Set([1772446500001]))
      await world.passUntil('2026-03-02T10:31:00Z')
      const [verdict] = await world.verdictsOf(id)
      // 16:00 in Kolkata; the window is 20 minutes of time, whatever the clocks on the walls say.
      assert.deepEqual(verdict?.window, { from: Date.parse('2026-03-02T10:10:00Z'), to: Date.parse('2026-03-02T10:30:00Z') })
      assert.equal(verdict?.observed, 4)
    })
  })

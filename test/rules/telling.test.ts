import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { aHistory, step } from '../simulation/told-history.ts'
import { ENGINES, startEngine, type TestEngine } from '../support/engines.ts'

const RUNS = { sqlite: 12, postgresql: 2 }

for (const name of ENGINES)
  describe(`telling on ${name} (rule 11)`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await startEngine(name)
    })
    after(() => engine.stop())

    test('each miss that is told has its end, nothing is told twice or without a beginning, and nothing open is untold', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const history = await aHistory(engine)
          for (const one of steps) await history.does(one)
          await history.isRight()
        }),
        {
          // Always the same histories, so that a red test is one of the change; others by TELLING_SEED.
          seed: Number(process.env.TELLING_SEED ?? 42),
          numRuns: RUNS[name],
          includeErrorInReport: true,
        },
      )
    })
  })

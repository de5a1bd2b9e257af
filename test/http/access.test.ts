import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ROUTES } from '../../src/http/access.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld } from '../support/world.ts'

describe('who may do what', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())

  test('every route is in the list, and the list holds nothing else', async () => {
    const { app } = aWorld(await engine.open())
    const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
    assert.ok(routes.length > 20)
    assert.deepEqual(Object.keys(ROUTES).toSorted(), [...new Set(routes)].toSorted())
  })
})

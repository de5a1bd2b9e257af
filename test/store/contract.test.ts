import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStore } from '../../src/store/open.ts'
import { ENGINES, startEngine } from '../support/engines.ts'
import { contract } from './contract/contract.ts'
import { anEvent, anExpectation, query, readAll } from './contract/steps.ts'

for (const name of ENGINES) contract(name, () => startEngine(name))

test('a PostgreSQL that sorts text as a language does lists by bytes all the same', async (t) => {
  const engine = await startEngine('postgresql')
  const url = await engine.url()
  await query(url, "create database language template template0 locale_provider icu icu_locale 'en-US'")
  const store = await openStore(url.replace(/[^/]+$/, 'language'), (error) => {
    throw error
  })
  t.after(async () => {
    await store.close()
    await engine.stop()
  })
  const names = ['b', 'B', 'a', 'Z', '_', 'é', 'a_b', 'aB', 'a-c']
  for (const name of names) {
    await anExpectation(store, await anEvent(store, name))
    await store.environment(name)
  }
  const sorted = ['B', 'Z', '_', 'a', 'a-c', 'aB', 'a_b', 'b', 'é']
  const listed = await readAll((page) => store.listEvents({}, page), 2)
  assert.deepEqual(
    listed.map(({ name }) => name),
    sorted,
  )
  assert.deepEqual(await store.eventNames(), sorted)
  assert.deepEqual(
    (await store.outline()).map(({ event }) => event),
    sorted,
  )
  assert.deepEqual(
    (await store.environments()).filter((name) => name !== 'prod'),
    sorted,
  )
})

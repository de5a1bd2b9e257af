import assert from 'node:assert/strict'
import { test } from 'node:test'

import { at, type Open } from './steps.ts'

export function environmentsAndSpans(open: Open): void {
  test('an environment keeps its number, and a new name gets one', async (t) => {
    const store = await open(t)
    const [prod, staging] = [await store.environment('prod'), await store.environment('staging')]
    assert.notEqual(prod, staging)
    assert.equal(await store.environment('prod'), prod)
    assert.notEqual(await store.environment('Prod'), prod)
    assert.deepEqual(await store.environments(), ['Prod', 'prod', 'staging'])
  })

  test('a span begins empty, is extended and never cut', async (t) => {
    const store = await open(t)
    const all = { from: 0, to: at('23:00') }
    const id = await store.openSpan('a', at('01:00'))
    await store.extendSpan(id, at('01:05'))
    await store.extendSpan(id, at('01:03'))
    assert.deepEqual(await store.spans(all), [{ from: at('01:00'), to: at('01:05') }])
    await store.extendSpan(await store.openSpan('b', at('00:30')), at('01:30'))
    await store.extendSpan(id + 1_000, at('02:00'))
    assert.deepEqual(await store.spans(all), [
      { from: at('00:30'), to: at('01:30') },
      { from: at('01:00'), to: at('01:05') },
    ])
  })

  test('spans that only meet the window at its edge are left out', async (t) => {
    const store = await open(t)
    const span = { from: at('01:00'), to: at('01:05') }
    await store.extendSpan(await store.openSpan('a', span.from), span.to)
    assert.deepEqual(await store.spans({ from: at('01:05'), to: at('02:00') }), [])
    assert.deepEqual(await store.spans({ from: at('00:00'), to: at('01:00') }), [])
    assert.deepEqual(await store.spans({ from: at('01:05') - 1, to: at('02:00') }), [span])
    assert.deepEqual(await store.spans({ from: at('00:00'), to: at('01:00') + 1 }), [span])
    assert.deepEqual(await store.spans({ from: at('01:01'), to: at('01:02') }), [span])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPace, HOLDING } from '../../src/services/pace.ts'

/** Sizes of pieces that take so many milliseconds each. */
async function sizes(pieces: readonly ((size: number) => number)[]): Promise<number[]> {
  let now = 0
  const pace = aPace(() => now, HOLDING)
  const taken: number[] = []
  for (const millis of pieces)
    await pace.take(async (size) => {
      taken.push(size)
      now += millis(size)
    })
  return taken
}

const steady = (millis: number) => (size: number) => size * millis
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one)

test('the first piece is small, and quick work is soon taken by the hundred', async () => {
  assert.deepEqual(await sizes(times(5, steady(0.01))), [20, 80, 320, 400, 400])
})

test('slow work settles at what takes five milliseconds', async () => {
  assert.deepEqual(await sizes(times(4, steady(0.1))), [20, 50, 50, 50])
})

test('however slow it is, a piece is never less than twenty', async () => {
  assert.deepEqual(await sizes(times(3, steady(50))), [20, 20, 20])
})

test('a slow moment is forgotten', async () => {
  const taken = await sizes([...times(3, steady(0.02)), () => 800, ...times(3, steady(0.02))])
  assert.deepEqual(taken, [20, 80, 250, 250, 20, 80, 250])
})

test('a clock that stands still, and a failure, do not stop it', async () => {
  assert.deepEqual(await sizes(times(3, () => 0)), [20, 80, 320])
  const pace = aPace(() => 0, HOLDING)
  await assert.rejects(
    pace.take(() => Promise.reject(new Error('gone'))),
    /gone/,
  )
  assert.equal(await pace.take(async (size) => size), 20)
})

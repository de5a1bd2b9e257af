import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE, type Millis, SECOND } from '../src/domain/time.ts'
import { type Loop, run } from '../src/loop.ts'
import { aFakeClock } from './support/fake-clock.ts'

const SETTLING = 2 * SECOND
const START = Date.parse('2026-03-01T00:00:30Z')
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const minuteOf = (at: Millis): Millis => Math.floor((at - SETTLING) / MINUTE)

/** Works for so long once each minute, two seconds after it began, on a clock whose timers wake so early; how late it looked at each of so many minutes. */
async function latenessOf(early: number, work: number, minutes: number): Promise<number[]> {
  const clock = aFakeClock(START)
  const stopping = new AbortController()
  const seen = new Map<number, number>()
  const loop: Loop = {
    name: 'each minute',
    pause: (now) => (minuteOf(now) + 1) * MINUTE + SETTLING - now,
    tick: async (now) => {
      const isNew = !seen.has(minuteOf(now))
      if (isNew) seen.set(minuteOf(now), now - SETTLING - minuteOf(now) * MINUTE)
      clock.pass(isNew ? work : 2)
      if (seen.size > minutes) stopping.abort()
      return 'idle'
    },
  }
  const sleep = async (duration: number) => clock.pass(Math.max(0, duration > 1 ? duration - early : duration))
  await run(loop, { ...clock, sleep }, log, stopping.signal)
  const [, ...rest] = [...seen.values()]
  return rest
}

test('a timer that wakes a millisecond early makes no minute late', async () => {
  assert.deepEqual(await latenessOf(1, 2, 5), [1, 1, 1, 1, 1])
})

test('what takes nearly as long as its rest catches up', async () => {
  assert.deepEqual(await latenessOf(0, 50 * SECOND, 5), [18 * SECOND, 8 * SECOND, 0, 0, 0])
})

test('one that fails is said, and goes on', async () => {
  const clock = aFakeClock(START)
  const stopping = new AbortController()
  const said: string[] = []
  let ticks = 0
  const tick: Loop['tick'] = async () => {
    ticks += 1
    if (ticks === 3) stopping.abort()
    throw new Error('no')
  }
  const error = (_: object, message: string) => {
    said.push(message)
  }
  await run({ name: 'fails', pause: () => SECOND, tick }, clock, { ...log, error }, stopping.signal)
  assert.equal(ticks, 3)
  assert.deepEqual(new Set(said), new Set(['a tick failed; the loop goes on']))
})

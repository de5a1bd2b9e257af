import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { systemClock } from '../../src/clock.ts'
import type { Duration, Window } from '../../src/domain/time.ts'
import type { TestServer } from '../support/server.ts'

const OFTEN: Duration = 200
/** How soon after the healing the node is ready again. */
const RECOVERY: Duration = 15_000
/** More memory than before the trouble, in KiB. */
const MOST_MEMORY = 120 * 1_024

/** What is done to the database or the way to it. `isFelt`: lasting long enough that the node must say that it cannot store. */
export type Trouble = {
  begin(): unknown
  heal(): unknown
  lasts: Duration
  isFelt: boolean
}

/** Looks often whether it is so, and no longer than that. */
export async function until(isSo: () => boolean | Promise<boolean>, atMost: Duration): Promise<void> {
  for (const end = systemClock.elapsed() + atMost; systemClock.elapsed() < end && !(await isSo()); )
    await systemClock.sleep(OFTEN)
}

const memoryOf = ({ child }: TestServer): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN)

const readiness = async ({ url }: TestServer): Promise<number> => (await fetch(`${url}/readyz`)).status

/** Looks at the node until the time is over, or it is as hoped for. */
async function look(server: TestServer, during: Duration, isEnough: (status: number) => boolean) {
  const seen = { statuses: new Set<number>(), memory: 0 }
  for (const end = systemClock.elapsed() + during; systemClock.elapsed() < end; await systemClock.sleep(OFTEN)) {
    const status = await readiness(server)
    seen.statuses.add(status)
    seen.memory = Math.max(seen.memory, memoryOf(server))
    if (isEnough(status)) break
  }
  return seen
}

export async function assertReady(server: TestServer): Promise<void> {
  const { statuses } = await look(server, RECOVERY, (status) => status === 200)
  assert.ok(statuses.has(200), `the node is ready within ${RECOVERY} ms`)
}

/** Lets it happen, and holds that the node says so, stays small, and is well soon after. Answers when it was, the recovery included. */
export async function live(server: TestServer, { begin, heal, lasts, isFelt }: Trouble): Promise<Window> {
  const from = systemClock.now()
  const before = memoryOf(server)
  try {
    await begin()
    const { statuses, memory } = await look(server, lasts, () => false)
    if (isFelt) assert.ok(statuses.has(503), 'the node says that it is not ready')
    assert.ok(memory - before < MOST_MEMORY, `memory grew from ${before} to ${memory} KiB`)
  } finally {
    await heal()
  }
  await assertReady(server)
  return { from, to: systemClock.now() }
}

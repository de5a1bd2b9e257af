import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../src/domain/fault.ts'
import { aGroupCommit, type GroupCommit } from '../../src/services/group-commit.ts'
import type { Row } from '../../src/store/store.ts'

const aRow = (source: string, value: string | null = null): Row => ({
  eventId: 1,
  name: 'job',
  envId: 1,
  at: 0,
  status: 0,
  source,
  value,
  clientId: null,
  isNews: false,
})
const rows = (n: number, source: string): Row[] => Array.from({ length: n }, () => aRow(source))
const isOverCapacity = (error: unknown): boolean => error instanceof Fault && error.code === 'over-capacity'

/** A commit whose transactions are noted as how many rows of each source went together, and end when the test lets them. */
function held(): {
  commits: GroupCommit
  written: Record<string, number>[]
  release: () => void
  /** `after` milliseconds of the transaction that is held. */
  fail: (error: Error, after?: number) => void
} {
  const written: Record<string, number>[] = []
  let isOpen = false
  let trouble: Error | undefined
  let elapsed = 0
  let wake: () => void = () => undefined
  const write = async (batch: readonly Row[]) => {
    const together: Record<string, number> = {}
    for (const { source } of batch) together[source] = (together[source] ?? 0) + 1
    written.push(together)
    if (!isOpen)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (trouble !== undefined) throw trouble
    return batch.map(() => 'stored' as const)
  }
  const release = () => {
    isOpen = true
    wake()
  }
  return {
    commits: aGroupCommit(
      write,
      () => undefined,
      () => elapsed,
    ),
    written,
    release,
    fail: (error, after = 0) => {
      elapsed += after
      trouble = error
      release()
    },
  }
}

const aTurn = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
}

describe('what is in flight goes to disk together', () => {
  test('all that comes in one turn is one transaction, answered after it', async () => {
    const { commits, written, release } = held()
    let answered = 0
    const answers = rows(64, 'one').map((row) =>
      commits.append(row).then((answer) => {
        answered += 1
        return answer
      }),
    )
    await aTurn()
    assert.deepEqual([written, answered], [[{ one: 64 }], 0])
    release()
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(['stored']))
  })

  test('a batch goes in pieces, and single ones that come meanwhile go with the next piece', async () => {
    const { commits, written, release } = held()
    const batch = commits.appendAll(rows(1_200, 'batch'))
    await aTurn()
    const single = commits.append(aRow('single'))
    release()
    assert.equal(await single, 'stored')
    assert.deepEqual(written.slice(0, 2), [{ batch: 500 }, { single: 1, batch: 500 }])
    assert.equal((await batch).length, 1_200)
    assert.deepEqual(written.slice(2), [{ batch: 200 }])
  })

  test('a flush waits for all that was handed over before it, batches too', async () => {
    const { commits, written, release } = held()
    const batch = commits.appendAll(rows(1_200, 'batch'))
    const single = commits.append(aRow('single'))
    const flushed = commits.flush()
    release()
    await flushed
    assert.deepEqual(written, [{ single: 1, batch: 500 }, { batch: 500 }, { batch: 200 }])
    await Promise.all([batch, single])
  })

  test('nothing is nothing to wait for', async () => {
    const { commits, written } = held()
    await commits.flush()
    assert.deepEqual(await commits.appendAll([]), [])
    assert.deepEqual(written, [])
  })

  test('when a transaction fails, those in it hear of it, the rest of their batch is left, and what comes later is stored', async () => {
    const first = held()
    const batch = first.commits.appendAll(rows(1_200, 'batch'))
    const single = first.commits.append(aRow('single'))
    first.fail(new Error('disk full'))
    await assert.rejects(batch, /disk full/)
    await assert.rejects(single, /disk full/)
    assert.equal(first.written.length, 1)
    await assert.rejects(first.commits.append(aRow('later')), /disk full/)
  })

  const waitingBehind = async (failure: number) => {
    const { commits, written, fail } = held()
    const first = commits.append(aRow('first'))
    await aTurn()
    const waiting = [commits.append(aRow('single')), commits.appendAll(rows(2, 'batch')), commits.appendAll(rows(2, 'other'))]
    fail(new Error('no answer'), failure)
    for (const one of [first, ...waiting]) await assert.rejects(one, /no answer/)
    return { commits, written }
  }

  test('those who waited behind a transaction that failed after long hear of it at once: the next would fail as slowly', async () => {
    const { commits, written } = await waitingBehind(10_000)
    assert.deepEqual(written, [{ first: 1 }])
    assert.ok(commits.hasRoom(40_000), 'and leave their room')
  })

  test('behind one that failed soon they are tried', async () => {
    const { written } = await waitingBehind(100)
    assert.deepEqual(written, [{ first: 1 }, { single: 1, batch: 2 }, { other: 2 }])
  })
})

describe('what waits is bounded', () => {
  test('50,000 rows and no more; there is room again when they are written', async () => {
    const { commits, release } = held()
    const batch = commits.appendAll(rows(40_000, 'batch'))
    const singles = rows(10_000, 'one').map((row) => commits.append(row))
    await assert.rejects(commits.append(aRow('one')), isOverCapacity)
    await assert.rejects(commits.appendAll(rows(1, 'batch')), isOverCapacity)
    release()
    await Promise.all([batch, ...singles])
    assert.equal(await commits.append(aRow('one')), 'stored')
  })

  test('batches leave room for single ones', async () => {
    const { commits, release } = held()
    const batches = Array.from({ length: 4 }, () => commits.appendAll(rows(10_000, 'batch')))
    assert.deepEqual([commits.hasRoom(0), commits.hasRoom(1)], [true, false])
    await assert.rejects(commits.appendAll(rows(1, 'batch')), isOverCapacity)
    const single = commits.append(aRow('one'))
    release()
    await Promise.all([...batches, single])
  })

  test('a batch that does not fit is refused whole', async () => {
    const { commits, written, release } = held()
    release()
    await assert.rejects(commits.appendAll(rows(50_001, 'batch')), isOverCapacity)
    assert.deepEqual(written, [])
  })

  test('large values count: 64 Mi of characters wait and no more', async () => {
    const { commits, release } = held()
    const value = 'x'.repeat(65_536)
    const waiting = Array.from({ length: 1_025 }, () => commits.append(aRow('large', value)))
    await assert.rejects(commits.append(aRow('large', value)), isOverCapacity)
    release()
    await Promise.all(waiting)
    assert.equal(await commits.append(aRow('large', value)), 'stored')
  })

  test('room is given back after a failure, too', async () => {
    const { commits, fail } = held()
    const batch = commits.appendAll(rows(40_000, 'batch'))
    fail(new Error('gone'))
    await assert.rejects(batch, /gone/)
    await assert.rejects(commits.appendAll(rows(40_000, 'batch')), /gone/)
  })
})

import assert from 'node:assert/strict'
import { systemClock } from '../../src/clock.ts'
import { type Expects, LONGEST_MS, SHORT } from './ground.ts'

/** Servers that are away, slow, full or wrong: the call ends in time, nothing is lost, and each is counted once. */
export function troubleIsBorne(expects: Expects): void {
  expects('away, then back: the next call delivers it with its original time, once', async ({ affirm, front, ...ground }) => {
    const event = 'trouble_away'
    const { status, elapsed } = await affirm({ event, id: 'first' }, { AFFIRMATIVE_URL: front.nowhere, ...SHORT })
    assert.equal(status, 0)
    assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
    const [left] = ground.waiting()
    assert.equal(left?.id, 'first')
    await affirm({ event, id: 'second' })
    const kept = await ground.stored(event)
    assert.deepEqual(kept.map(({ id }) => id).sort(), ['first', 'second'])
    assert.equal(kept.find(({ id }) => id === 'first')?.at, left.at)
    assert.deepEqual(ground.waiting(), [])
  })

  expects('connections that break off: tried again with the same id, then kept', async ({ affirm, front, waiting }) => {
    front.set({ kind: 'reset' })
    const { status, elapsed } = await affirm({ event: 'trouble_reset' }, SHORT)
    assert.equal(status, 0)
    assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
    assert.equal(waiting().length, 1)
  })

  expects('an answer that was lost: sent again with the same id, counted once', async ({ affirm, front, stored, waiting }) => {
    front.set({ kind: 'loses', times: 1 })
    await affirm({ event: 'trouble_lost' })
    const ids = front.seen.flatMap((seen) => seen.ids)
    assert.equal(ids.length, 2)
    assert.equal(new Set(ids).size, 1)
    assert.equal((await stored('trouble_lost')).length, 1)
    assert.deepEqual(waiting(), [])
  })

  expects(
    'a server that never answers: the call ends within its limit, and nothing is lost',
    async ({ affirm, front, ...ground }) => {
      front.set({ kind: 'silent' })
      const { status, elapsed } = await affirm({ event: 'trouble_silent' }, SHORT)
      assert.equal(status, 0)
      assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
      assert.equal(ground.waiting().length, 1)
      front.set({ kind: 'clear' })
      await affirm({ event: 'trouble_silent' })
      assert.equal((await ground.stored('trouble_silent')).length, 2)
      assert.deepEqual(ground.waiting(), [])
    },
  )

  for (const [what, status, body] of [
    ['a page that says 200', 200, '<html>Please sign in.</html>'],
    ['204', 204, ''],
    ['JSON of another kind', 200, '{"ok": true}'],
    ['an answer that counts none', 200, '{"accepted":0,"duplicates":0,"rejected":[]}'],
    ['an answer that stops before its end', 200, '{"accepted":1,"duplicates":0,"rejected":['],
  ] as const) {
    expects(`${what}: nothing was taken, all is kept`, async ({ affirm, front, stored, waiting, leave }) => {
      leave({ event: 'trouble_page', at: systemClock.now() - 60_000, id: 'left', status: 'ok' })
      front.set({ kind: 'answers', status, body })
      const ended = await affirm({ event: 'trouble_page', id: 'own' }, SHORT)
      assert.equal(ended.status, 0)
      assert.deepEqual(
        waiting().map(({ id }) => id),
        ['left', 'own'],
      )
      front.set({ kind: 'clear' })
      await affirm({ event: 'trouble_page', id: 'next' })
      assert.equal((await stored('trouble_page')).length, 3)
      assert.deepEqual(waiting(), [])
    })
  }

  expects('an answer cut halfway: kept, and counted once in the end', async ({ affirm, front, stored, waiting }) => {
    front.set({ kind: 'cuts' })
    const { status, elapsed } = await affirm({ event: 'trouble_cut', id: 'cut' }, SHORT)
    assert.equal(status, 0)
    assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
    assert.equal(waiting().length, 1)
    front.set({ kind: 'clear' })
    await affirm({ event: 'trouble_cut', id: 'next' })
    assert.deepEqual((await stored('trouble_cut')).map(({ id }) => id).sort(), ['cut', 'next'])
    assert.deepEqual(waiting(), [])
  })

  expects('an answer that counts fewer than were delivered takes none of them', async ({ affirm, front, waiting, leave }) => {
    for (const id of ['left-1', 'left-2']) leave({ event: 'trouble_fewer', at: systemClock.now() - 60_000, id, status: 'ok' })
    front.set({ kind: 'answers', status: 200, body: '{"accepted":0,"duplicates":0,"rejected":[]}' })
    await affirm({ event: 'trouble_fewer', id: 'own' }, SHORT)
    assert.deepEqual(
      waiting()
        .map(({ id }) => id)
        .sort(),
      ['left-1', 'left-2', 'own'],
    )
  })

  expects('a slow answer is waited for', async ({ affirm, front, stored, waiting }) => {
    front.set({ kind: 'late', by: 300 })
    await affirm({ event: 'trouble_slow' })
    assert.equal((await stored('trouble_slow')).length, 1)
    assert.equal(front.seen.length, 1)
    assert.deepEqual(waiting(), [])
  })

  expects('a wrong key: said, kept, and delivered when the key is right', async ({ affirm, front, stored, waiting }) => {
    front.set({ kind: 'asks', key: 'right' })
    const { status, err } = await affirm({ event: 'trouble_key' }, { AFFIRMATIVE_API_KEY: 'wrong' })
    assert.equal(status, 0)
    assert.match(err, /401/)
    assert.equal(err.trimEnd().split('\n').length, 1, err)
    assert.doesNotMatch(err, /wrong/)
    assert.equal(front.seen.length, 1)
    assert.equal(waiting().length, 1)
    await affirm({ event: 'trouble_key' }, { AFFIRMATIVE_API_KEY: 'right' })
    assert.equal((await stored('trouble_key')).length, 2)
    assert.deepEqual(waiting(), [])
  })

  for (const status of [429, 503]) {
    expects(`${status}: tried again no sooner than it asks`, async ({ affirm, front, stored, waiting }) => {
      front.set({ kind: 'answers', status, headers: { 'retry-after': '1' }, times: 1 })
      await affirm({ event: `trouble_${status}` })
      const [first, second] = front.seen
      assert.ok(first && second && second.at - first.at >= 990, `${(second?.at ?? 0) - (first?.at ?? 0)} ms`)
      assert.deepEqual(first.ids, second.ids)
      assert.equal((await stored(`trouble_${status}`)).length, 1)
      assert.deepEqual(waiting(), [])
    })

    expects(`${status} that asks for longer than there is: kept, and not tried sooner`, async ({ affirm, front, waiting }) => {
      front.set({ kind: 'answers', status, headers: { 'retry-after': '100' } })
      const { elapsed } = await affirm({ event: `trouble_long_${status}` })
      assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
      assert.equal(front.seen.length, 1)
      assert.equal(waiting().length, 1)
    })
  }

  expects('500 and 408 are tried again', async ({ affirm, front, stored, waiting }) => {
    for (const [status, calls] of [
      [500, 1],
      [408, 2],
    ] as const) {
      front.set({ kind: 'answers', status, times: 1 })
      await affirm({ event: 'trouble_500' })
      assert.equal((await stored('trouble_500')).length, calls)
    }
    assert.deepEqual(waiting(), [])
  })
}

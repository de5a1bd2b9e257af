import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import type { Driver } from './driver.ts'
import { type Expects, type Ground, LONGEST_MS, SHORT } from './ground.ts'

const MOST_WAITING = 10_000
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const line = (id: string, event: string, ago = 60_000) => ({ event, at: systemClock.now() - ago, id, status: 'ok' })

/** As many as may wait: all but one by links, and others get their turn in between. */
async function fill(spool: string, leave: Ground['leave']): Promise<void> {
  const one = line('left', 'spool_full')
  leave(one)
  for (let i = 1; i < MOST_WAITING; i++) {
    linkSync(join(spool, `${one.at}-left.json`), join(spool, `${one.at}-left-${i}.json`))
    if (i % 100 === 0) await nextTurn()
  }
}

/** The spool: private, bounded, shared by many, and never in the way. */
export function spoolHolds(expects: Expects, driver: Driver): void {
  expects('killed in the middle of sending: the next call delivers it', async ({ front, settings, ...ground }) => {
    front.set({ kind: 'silent' })
    const { child } = driver.affirm([{ event: 'spool_killed', id: 'killed' }], settings)
    await front.came(1)
    // What it started may live on for a while, and hold its output open.
    const died = once(child, 'exit')
    child.kill('SIGKILL')
    await died
    assert.deepEqual(
      ground.waiting().map(({ id }) => id),
      ['killed'],
    )
    front.set({ kind: 'clear' })
    await ground.affirm({ event: 'spool_killed', id: 'next' })
    assert.deepEqual((await ground.stored('spool_killed')).map(({ id }) => id).sort(), ['killed', 'next'])
    assert.deepEqual(ground.waiting(), [])
  })

  expects('what waits is delivered after the call’s own, oldest first', async ({ affirm, front, ...ground }) => {
    ground.leave(line('new', 'spool_order', 30_000))
    ground.leave(line('old', 'spool_order', 90_000))
    await affirm({ event: 'spool_order', id: 'own' })
    assert.deepEqual(
      front.seen.flatMap(({ ids }) => ids),
      ['own', 'old', 'new'],
    )
    assert.deepEqual(ground.waiting(), [])
  })

  expects('only its owner may read it', async ({ affirm, front, spool, waiting }) => {
    await affirm({ event: 'spool_private' }, { AFFIRMATIVE_URL: front.nowhere, ...SHORT })
    assert.equal(waiting().length, 1)
    assert.equal(modeOf(spool), '700')
    for (const name of readdirSync(spool).filter((one) => one.endsWith('.json'))) assert.equal(modeOf(join(spool, name)), '600')
  })

  expects('what the server can never take is put aside with its words, and said', async ({ affirm, spool, ...ground }) => {
    const { status, err } = await affirm({ event: 'no good name', id: 'wrong' })
    assert.equal(status, 0)
    assert.notEqual(err, '')
    const [json, why, ...more] = ground.refused()
    assert.deepEqual(more, [])
    assert.match(`${json} ${why}`, /^(\d+-[\w-]+)\.json \1\.why$/)
    assert.match(readFileSync(join(spool, 'refused', `${why}`), 'utf8'), /name/)
    assert.equal(modeOf(join(spool, 'refused')), '700')
    assert.deepEqual(ground.waiting(), [])
  })

  expects('one that can never be taken does not hold up the others that wait', async ({ affirm, stored, ...ground }) => {
    ground.leave(line('good-1', 'spool_others', 90_000))
    ground.leave({ ...line('bad', 'no good name', 80_000) })
    ground.leave(line('good-2', 'spool_others', 70_000))
    await affirm({ event: 'spool_others', id: 'own' })
    assert.deepEqual((await stored('spool_others')).map(({ id }) => id).sort(), ['good-1', 'good-2', 'own'])
    assert.equal(ground.refused().filter((name) => name.endsWith('-bad.json')).length, 1)
    assert.deepEqual(ground.waiting(), [])
  })

  expects('a file that is no affirmation does not hold up the others', async ({ affirm, stored, spool, leave }) => {
    leave(line('good', 'spool_broken', 70_000))
    writeFileSync(join(spool, '1700000000000-broken.json'), '{"event": "spool_bro')
    writeFileSync(join(spool, '1700000000001-empty.json'), '')
    await affirm({ event: 'spool_broken', id: 'own' })
    assert.deepEqual((await stored('spool_broken')).map(({ id }) => id).sort(), ['good', 'own'])
  })

  expects('what is no plain file is passed over, and said once a call', async ({ affirm, front, spool, stored, leave }) => {
    leave(line('good', 'spool_odd', 70_000))
    const odd = ['1700000000000-folder.json', '1700000000001-pipe.json']
    mkdirSync(join(spool, `${odd[0]}`))
    spawnSync('mkfifo', [join(spool, `${odd[1]}`)])
    const { status, err, elapsed } = await affirm({ event: 'spool_odd', id: 'own' })
    assert.equal(status, 0)
    assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
    assert.equal(err.trimEnd().split('\n').length, 1, err)
    assert.match(err, /1700000000000-folder/)
    assert.deepEqual((await stored('spool_odd')).map(({ id }) => id).sort(), ['good', 'own'])
    assert.deepEqual(readdirSync(spool).sort(), odd)
    assert.equal(front.seen.length, 2)
  })

  expects('a lock that is dated in the future is not kept', async ({ affirm, spool, ...ground }) => {
    ground.leave(line('left', 'spool_future'))
    mkdirSync(join(spool, 'lock'))
    const inAnHour = systemClock.now() / 1_000 + 3_600
    utimesSync(join(spool, 'lock'), inAnHour, inAnHour)
    await affirm({ event: 'spool_future', id: 'own' })
    assert.equal((await ground.stored('spool_future')).length, 2)
    assert.deepEqual(ground.waiting(), [])
    assert.equal(existsSync(join(spool, 'lock')), false)
  })

  expects(
    'while another delivers, it is left to that one; a lock of the dead is not kept',
    async ({ affirm, spool, ...ground }) => {
      ground.leave(line('left', 'spool_lock'))
      mkdirSync(join(spool, 'lock'))
      await affirm({ event: 'spool_lock', id: 'one' })
      assert.equal(ground.waiting().length, 1)
      const longAgo = systemClock.now() / 1_000 - 3_600
      utimesSync(join(spool, 'lock'), longAgo, longAgo)
      await affirm({ event: 'spool_lock', id: 'two' })
      assert.deepEqual(ground.waiting(), [])
      assert.equal(existsSync(join(spool, 'lock')), false)
      assert.equal((await ground.stored('spool_lock')).length, 3)
    },
  )

  expects(
    'ten thousand wait at most: what comes then is sent but not kept, and this is said',
    async ({ affirm, front, spool, ...ground }) => {
      await fill(spool, ground.leave)
      const { err } = await affirm({ event: 'spool_bounded' }, { AFFIRMATIVE_URL: front.nowhere, ...SHORT })
      assert.match(err, /10,?000/)
      assert.equal(readdirSync(spool).filter((name) => name.endsWith('.json')).length, MOST_WAITING)
      await affirm({ event: 'spool_bounded' }, { AFFIRMATIVE_TIMEOUT: '3' })
      assert.equal((await ground.stored('spool_bounded')).length, 1)
    },
  )

  expects('a spool that cannot be written: sent all the same, and said', async ({ affirm, spool, stored }) => {
    writeFileSync(spool, 'a file where the folder should be')
    const { status, err } = await affirm({ event: 'spool_unwritable' }, { AFFIRMATIVE_SPOOL: join(spool, 'below') })
    assert.equal(status, 0)
    assert.notEqual(err, '')
    assert.equal((await stored('spool_unwritable')).length, 1)
  })

  expects('off: nothing is written', async ({ affirm, front, spool, stored }) => {
    await affirm({ event: 'spool_off' }, { AFFIRMATIVE_SPOOL: 'off' })
    assert.equal((await stored('spool_off')).length, 1)
    await affirm({ event: 'spool_off' }, { AFFIRMATIVE_SPOOL: 'off', AFFIRMATIVE_URL: front.nowhere, ...SHORT })
    assert.equal(existsSync(spool), false)
    assert.equal(existsSync('off'), false)
  })
}

/** Many processes on one spool. Nothing else runs beside them: their own number is what makes them slow. */
export function crowdsPass(expects: Expects): void {
  expects(
    'fifty at once on one spool: each is counted once, and the spool is empty at the end',
    async ({ affirm, ...ground }) => {
      for (let i = 0; i < 5; i++) ground.leave(line(`left-${i}`, 'spool_fifty', 60_000 + i))
      const ids = Array.from({ length: 50 }, (_, i) => `call-${i}`)
      await Promise.all(ids.map((id) => affirm({ event: 'spool_fifty', id })))
      await affirm({ event: 'spool_fifty', id: 'last' })
      const kept = (await ground.stored('spool_fifty')).map(({ id }) => id)
      assert.deepEqual(kept.sort(), [...ids, 'last', ...[0, 1, 2, 3, 4].map((i) => `left-${i}`)].sort())
      assert.deepEqual(ground.waiting(), [])
    },
  )
}

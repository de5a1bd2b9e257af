import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import type { Site } from '../support/site.ts'
import { type Ended, type Settings, start } from './driver.ts'
import { aGround, type Ground, LONGEST_MS, SHORT, startClientSite } from './ground.ts'
import { AFFIRM, isHere, shellDriver } from './shell-driver.ts'

let site: Site
before(async () => {
  site = await startClientSite()
})
after(() => site.close())

const SHELLS = [['dash'], ['bash'], ['busybox', 'sh']].filter(([program = '']) => isHere(program))
const notRoot = process.getuid?.() !== 0 && 'only root may do what is needed for it'
const NOBODY = 65_534

/** Declares a test with a ground of its own. */
function holds(title: string, hold: (ground: Ground) => Promise<void>, skip: string | false = false): void {
  test(title, { skip }, async () => {
    const ground = await aGround(site, shellDriver('dash', 'curl'))
    try {
      await hold(ground)
    } finally {
      await ground.close()
    }
  })
}

const by = (words: readonly string[], settings: Settings): Promise<Ended> => start(words, settings).ended
const leaveOne = ({ leave }: Ground, event: string, id: string, value?: string): void =>
  leave({ event, at: systemClock.now() - 60_000, id, status: 'ok', ...(value === undefined ? {} : { value }) })

holds('no room for what is to be sent: nothing is sent in part, and nothing is lost', async (ground) => {
  const event = 'hard_full'
  for (let i = 0; i < 60; i++) leaveOne(ground, event, `left-${100 + i}`, 'x'.repeat(3_000))
  const script = `trap '' XFSZ; ulimit -f 64; exec sh "$@"`
  assert.equal((await by(['sh', '-c', script, 'sh', AFFIRM, event], ground.settings)).status, 0)
  assert.equal(ground.waiting().length, 60)
  await ground.affirm({ event })
  assert.equal((await ground.stored(event)).length, 62)
  assert.deepEqual(ground.waiting(), [])
})

holds('an answer without an end is read to a limit, within the time', async ({ affirm, front, waiting }) => {
  front.set({ kind: 'answers', status: 200, body: 'abc\n'.repeat(2_000_000) })
  const { status, elapsed } = await affirm({ event: 'hard_long' }, SHORT)
  assert.equal(status, 0)
  assert.ok(elapsed < LONGEST_MS / 2, `${elapsed} ms`)
  assert.equal(waiting().length, 1)
})

holds('Retry-After with a zero before it is a number as any', async ({ affirm, front, waiting }) => {
  front.set({ kind: 'answers', status: 503, headers: { 'retry-after': '08' } })
  const { status, err } = await affirm({ event: 'hard_octal' }, { AFFIRMATIVE_TIMEOUT: '3' })
  assert.deepEqual([status, err, front.seen.length, waiting().length], [0, '', 1, 1])
})

holds('without a home there is no spool, and this is said', async ({ affirm, stored }) => {
  const { status, err } = await affirm({ event: 'hard_homeless' }, { AFFIRMATIVE_SPOOL: '', HOME: '' })
  assert.equal(status, 0)
  assert.match(err, /^affirm.sh: HOME is not set[^\n]*\n$/)
  assert.equal((await stored('hard_homeless')).length, 1)
})

holds(
  'the spool of another user is not used, and this is said',
  async (ground) => {
    leaveOne(ground, 'hard_theirs', 'theirs')
    chownSync(ground.spool, NOBODY, NOBODY)
    const { err } = await ground.affirm({ event: 'hard_theirs', id: 'own' })
    assert.match(err, /belongs to another user/)
    assert.deepEqual(
      (await ground.stored('hard_theirs')).map(({ id }) => id),
      ['own'],
    )
    assert.equal(ground.waiting().length, 1)
  },
  notRoot,
)

holds('what cannot be put aside is left alone for the rest of the call', async (ground) => {
  leaveOne(ground, 'no good name', 'bad')
  leaveOne(ground, 'hard_aside', 'good')
  writeFileSync(join(ground.spool, 'refused'), '')
  const { err } = await ground.affirm({ event: 'hard_aside' }, { AFFIRMATIVE_TIMEOUT: '5' })
  assert.match(err, /left in the spool: \d+-bad.json cannot be put aside/)
  assert.ok(ground.front.seen.length <= 3, `${ground.front.seen.length}`)
  assert.deepEqual(
    ground.waiting().map(({ id }) => id),
    ['bad'],
  )
})

holds('a lock of the dead leaves nothing behind, also where it is not empty', async (ground) => {
  leaveOne(ground, 'hard_lock', 'left')
  mkdirSync(join(ground.spool, 'lock', 'full'), { recursive: true })
  const longAgo = systemClock.now() / 1_000 - 3_600
  utimesSync(join(ground.spool, 'lock'), longAgo, longAgo)
  await ground.affirm({ event: 'hard_lock' })
  assert.deepEqual(readdirSync(ground.spool), [])
})

holds('a clock that is set back does not make a call longer', async ({ settings, front, spool }) => {
  const folder = dirname(spool)
  const count = join(folder, 'asked')
  const date = `#!/bin/sh\necho >>${count}\n[ $(wc -l <${count}) -lt 3 ] && exec /bin/date "$@"\nexec /bin/date -d '-1 hour' "$@"\n`
  writeFileSync(join(folder, 'date'), date)
  chmodSync(join(folder, 'date'), 0o755)
  const PATH = `${folder}:${process.env.PATH}`
  const started = start(['sh', AFFIRM, 'hard_clock'], { ...settings, AFFIRMATIVE_URL: front.nowhere, ...SHORT, PATH })
  const tooLong = setTimeout(() => started.child.kill('SIGKILL'), LONGEST_MS)
  const { status, elapsed } = await started.ended
  clearTimeout(tooLong)
  assert.equal(status, 0, `${elapsed} ms`)
})

holds('documents of two hundred levels are documents, deeper ones are texts', async ({ affirm, stored }) => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const mixed = (levels: number): string => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`
  const values = { whole: nested(200), deep: nested(201), mixed: mixed(200), deeper: mixed(202) }
  await affirm(Object.entries(values).map(([id, value]) => ({ event: 'hard_nested', id, value })))
  const kept = new Map((await stored('hard_nested')).map(({ id, value }) => [id, value]))
  assert.equal(kept.get('whole'), values.whole)
  assert.equal(kept.get('deep'), JSON.stringify(values.deep))
  assert.equal(kept.get('mixed'), values.mixed)
  assert.equal(kept.get('deeper'), JSON.stringify(values.deeper))
})

for (const shell of SHELLS) {
  holds(`run by ${shell[0]}: files from 3 on reach the command as they are`, async ({ settings, spool }) => {
    const folder = dirname(spool)
    const script = `"$@" 3>${folder}/three 5>${folder}/five 4<${AFFIRM}`
    const command = ['sh', '-c', 'cat; echo three >&3; echo five >&5; head -n 1 <&4']
    const words = ['sh', '-c', script, 'sh', ...shell, AFFIRM, 'run', 'hard_files', '--', ...command]
    const { status, out, err } = await start(words, settings, 'input\n').ended
    assert.deepEqual([status, `${out}`, err], [0, 'input\n#!/bin/sh\n', ''])
    assert.deepEqual(
      ['three', 'five'].map((name) => readFileSync(join(folder, name), 'utf8')),
      ['three\n', 'five\n'],
    )
  })

  holds(`run by ${shell[0]}: without a folder for pipes signals reach the command, and its end is told`, async (ground) => {
    const script = "trap 'echo got; exit 11' TERM; echo ready; while :; do sleep 0.02; done"
    const words = [...shell, AFFIRM, 'run', 'hard_pipeless', '--', 'sh', '-c', script]
    const started = start(words, { ...ground.settings, TMPDIR: '/nonexistent' })
    await new Promise((resolve) => started.child.stdout?.once('data', resolve))
    started.child.kill('SIGTERM')
    const { status, out, err } = await started.ended
    assert.deepEqual([status, `${out}`, err], [11, 'ready\ngot\n', ''])
    const end = (await ground.stored('hard_pipeless')).find((one) => one.status === 'fail')
    assert.equal(JSON.parse(`${end?.value}`).exit, 11)
  })

  holds(
    `run by ${shell[0]}: output that is read slowly arrives whole, also from the first process of a container`,
    async ({ settings }) => {
      // What the command prints fits into pipes, so that it has ended long before it is read.
      const script = '"$@" | (sleep 3; wc -l)'
      const contained = ['unshare', '-pf', '--mount-proc', ...shell, AFFIRM]
      const words = ['sh', '-c', script, 'sh', ...contained, 'run', 'hard_slowly', '--', 'seq', '1', '18000']
      assert.equal(`${(await by(words, settings)).out}`.trim(), '18000')
    },
    notRoot || (!isHere('unshare') && 'unshare is not here'),
  )
}

holds('run: children that hold the output are not waited for', async ({ settings }) => {
  const { elapsed } = await new Promise<{ elapsed: number }>((resolve) => {
    const began = performance.now()
    const { child } = start(['sh', AFFIRM, 'run', 'hard_held', '--', 'sh', '-c', 'sleep 15 & echo done'], settings)
    child.once('exit', () => resolve({ elapsed: performance.now() - began }))
  })
  assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
})

holds('run: a server that hangs slows a job by two seconds at most', async ({ settings, front, waiting }) => {
  front.set({ kind: 'silent' })
  const { child } = start(['sh', AFFIRM, 'run', 'hard_hangs', '--', 'true'], settings)
  const began = performance.now()
  await new Promise((resolve) => child.once('exit', resolve))
  const elapsed = performance.now() - began
  assert.ok(elapsed < LONGEST_MS, `${elapsed} ms`)
  assert.deepEqual(
    waiting()
      .map(({ status }) => status)
      .sort(),
    ['ok', 'start'],
  )
})

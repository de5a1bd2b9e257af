import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { AFFIRM, isHere } from './shell-driver.ts'

/** What a command does: pieces of bytes to stdout or stderr in this order, then its end. */
type Deed = {
  pieces: [to: 1 | 2, bytes: Uint8Array][]
  end: number | 'TERM' | 'INT' | 'QUIT' | 'HUP' | 'KILL' | 'USR1'
  input: Uint8Array
}

const SHELLS = [['dash'], ['bash'], ['busybox', 'sh']].filter(([program = '']) => isHere(program))
const home = mkdtempSync(join(tmpdir(), 'affirmative-run-'))
after(() => rmSync(home, { recursive: true, force: true }))

const deeds: fc.Arbitrary<Deed> = fc.record({
  pieces: fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.uint8Array({ maxLength: 30_000, size: 'max' })), {
    maxLength: 3,
  }),
  end: fc.oneof(fc.constantFrom(0, 1, 2, 3, 77, 126, 127, 255), fc.constantFrom('TERM', 'INT', 'QUIT', 'HUP', 'KILL', 'USR1')),
  input: fc.uint8Array({ maxLength: 5_000 }),
})

/** A script that does it. */
function scriptOf({ pieces, end }: Deed): string {
  const lines = pieces.map(([to, bytes], index) => {
    writeFileSync(join(home, `${index}`), bytes)
    return `cat ${join(home, `${index}`)} >&${to}`
  })
  return ['cat', ...lines, typeof end === 'number' ? `exit ${end}` : `ulimit -c 0; kill -${end} $$`].join('\n')
}

/** What those see who started it. A shell says 128 and the number of the signal. */
function seen(argv: readonly string[], input: Uint8Array, env: Record<string, string> = {}) {
  const [program = '', ...args] = argv
  const { status, signal, stdout, stderr } = spawnSync(program, args, { input, env: { PATH: process.env.PATH ?? '', ...env } })
  return { status: status ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout, stderr }
}

test('run changes nothing of what a command prints or returns', { skip: SHELLS.length === 0 && 'no shell is here' }, () => {
  const spool = join(home, 'spool')
  const settings = { AFFIRMATIVE_URL: 'http://127.0.0.1:1', AFFIRMATIVE_SPOOL: spool, AFFIRMATIVE_TIMEOUT: '0.1' }
  let runs = 0
  fc.assert(
    fc.property(fc.constantFrom(...SHELLS), deeds, (shell, deed) => {
      const script = scriptOf(deed)
      const command = ['sh', '-c', script]
      assert.deepEqual(seen([...shell, AFFIRM, 'run', 'job', '--', ...command], deed.input, settings), seen(command, deed.input))
      runs += 1
    }),
    { numRuns: 30 },
  )
  assert.equal(readdirSync(spool).filter((name) => name.endsWith('.json')).length, 2 * runs)
})

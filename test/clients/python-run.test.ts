import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { start } from './driver.ts'
import { python, startPythonCli } from './python-driver.ts'
import { aScript, assertUnseen } from './unseen.ts'

/** Nobody listens here, so that `run` has nothing but the command to do. */
const NOWHERE = { AFFIRMATIVE_URL: 'http://127.0.0.1:1', AFFIRMATIVE_TIMEOUT: '0.1', AFFIRMATIVE_SPOOL: 'off' }
const wrapped = (argv: readonly string[], input = '') => startPythonCli(['run', 'x', '--', ...argv], NOWHERE, input)

describe('run of the Python client is not to be seen', { skip: python.skip }, () => {
  test('whatever is printed, read and returned', () =>
    fc.assert(
      fc.asyncProperty(aScript, fc.string({ unit: 'binary', maxLength: 200 }), async (script, input) => {
        const [plain, ours] = await Promise.all([
          start(['sh', '-c', script], {}, input).ended,
          wrapped(['sh', '-c', script], input).ended,
        ])
        assertUnseen(plain, ours)
      }),
      { numRuns: 20 },
    ))

  test('what both streams print to one place keeps its order', async () => {
    const script = 'i=0; while [ $i -lt 200 ]; do echo out; echo err >&2; i=$((i+1)); done'
    const both = ['sh', '-c', 'exec 2>&1; exec "$@"', 'sh', 'python3', '-m', 'affirmative', 'run', 'x', '--', 'sh', '-c', script]
    const { out } = await start(both, { ...NOWHERE, ...python.found }).ended
    assert.match(out.toString(), /^(out\nerr\n){200}affirmative: /)
  })

  test('what the command leaves behind is not waited for, and may go on printing', async () => {
    const { child, ended } = wrapped(['sh', '-c', '(sleep 2; echo later) & echo now'])
    const gone = new Promise((resolve) => child.once('exit', () => resolve('gone')))
    const said = ended.then(({ out }) => out.toString())
    assert.equal(await Promise.race([gone, said]), 'gone')
    assert.equal(await said, 'now\nlater\n')
  })

  test('a command whose reader has gone hears of it', async () => {
    const pipe = 'python3 -m affirmative run x -- sh -c "yes; echo \\$? >&3" 3>&2 | head -n 1'
    const { out, err } = await start(['sh', '-c', pipe], { ...NOWHERE, ...python.found }).ended
    assert.equal(out.toString(), 'y\n')
    assert.match(err, /^(141|1)$/m)
  })

  test('a signal that the caller ignores, the command ignores, too', async () => {
    const script = 'trap "" HUP; exec "$@"'
    const inner = ['python3', '-m', 'affirmative', 'run', 'x', '--', 'sh', '-c', 'kill -HUP $$; echo alive']
    const { out } = await start(['sh', '-c', script, 'sh', ...inner], { ...NOWHERE, ...python.found }).ended
    assert.equal(out.toString(), 'alive\n')
  })
})

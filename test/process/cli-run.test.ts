import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { start } from '../clients/driver.ts'

const folder = mkdtempSync(join(tmpdir(), 'affirmative-run-'))
after(() => rmSync(folder, { recursive: true }))

/** Nobody listens there: what is told waits in the spool, and the command must not notice. */
const AWAY = { AFFIRMATIVE_URL: 'http://127.0.0.1:9', AFFIRMATIVE_TIMEOUT: '0.05', AFFIRMATIVE_SPOOL: join(folder, 'spool') }
const CLI = [process.execPath, 'dist/src/cli.js', 'run', 'job', '--']
const RUNS = 20

const bytes = fc.uint8Array({ maxLength: 300 })
const ending = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map((status) => ({ script: `exit ${status}`, status })),
  fc.constantFrom(1, 9, 15).map((signal) => ({ script: `kill -${signal} $$`, status: 128 + signal })),
)
const octal = (all: Uint8Array): string => [...all].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

describe('run', () => {
  test('never changes what the command reads, prints or returns', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, ending, async (input, out, err, { script, status }) => {
        const command = ['sh', '-c', `cat; printf '${octal(out)}'; printf '${octal(err)}' >&2; ${script}`]
        const ended = await start([...CLI, ...command], AWAY, Buffer.from(input)).ended
        assert.equal(ended.status, status)
        assert.deepEqual(ended.out, Buffer.concat([input, out]))
        assert.equal(ended.err, Buffer.from(err).toString())
      }),
      { numRuns: RUNS },
    )
  })

  test('both outputs into one come in the order in which they were written, and can be opened by their names', async () => {
    const script = `i=0; while [ $i -lt 50 ]; do echo out$i; echo err$i >&2; echo named$i >/dev/stdout; i=$((i+1)); done`
    const { out } = await start(['sh', '-c', '"$@" 2>&1', 'sh', ...CLI, 'sh', '-c', script], AWAY).ended
    const wanted = Array.from({ length: 50 }, (_, i) => `out${i}\nerr${i}\nnamed${i}\n`).join('')
    assert.equal(out.toString().slice(0, wanted.length), wanted)
  })

  test('a command whose reader has gone ends as it would without us', async () => {
    const { out } = await start(['sh', '-c', `"$@" | head -n 1`, 'sh', ...CLI, 'sh', '-c', 'yes; echo "went on" >&2'], AWAY).ended
    assert.equal(out.toString(), 'y\n')
  })

  test('what else is open reaches the command, a pipe to itself, too', { skip: !existsSync('/proc/self/fd') }, async () => {
    mkdirSync(join(folder, 'open'))
    const file = join(folder, 'open', 'three')
    // As make hands its jobs: both ends of one pipe.
    const outer = `exec 3>'${file}' 5<&0; mkfifo '${file}.p'; exec 6<>'${file}.p'; exec 8>'${file}.p' 9>/dev/full; "$@"`
    const script = 'echo hi >&3 && head -n 1 <&5 && echo through >&8 && read -r x <&6 && echo "$x"'
    const { status, out, err } = await start(['sh', '-c', outer, 'sh', ...CLI, 'sh', '-c', script], AWAY, 'read\n').ended
    assert.deepEqual([status, out.toString(), readFileSync(file, 'utf8')], [0, 'read\nthrough\n', 'hi\n'], err)
  })

  test('an answer that does not come is waited for two seconds, where it is in the spool', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const spool = join(folder, 'silent')
    const settings = { AFFIRMATIVE_URL: `http://127.0.0.1:${port}`, AFFIRMATIVE_TIMEOUT: '9', AFFIRMATIVE_SPOOL: spool }
    try {
      const [kept, unkept] = await Promise.all([
        start([...CLI, 'true'], settings).ended,
        start([...CLI, 'true'], { ...settings, AFFIRMATIVE_SPOOL: 'off' }).ended,
      ])
      assert.deepEqual([kept.status, unkept.status], [0, 0])
      assert.ok(kept.elapsed < 6_000, `${kept.elapsed} ms`)
      assert.ok(unkept.elapsed >= 9_000, `${unkept.elapsed} ms`)
      assert.equal(readdirSync(spool).filter((name) => name.endsWith('.json')).length, 2)
    } finally {
      silent.close()
    }
  })

  test('what became of it is said on stderr by --json, and nothing on stdout', async () => {
    const ended = await start([...CLI.slice(0, 4), '--json', '--', 'sh', '-c', 'echo out; exit 3'], AWAY).ended
    assert.deepEqual([ended.status, ended.out.toString()], [3, 'out\n'])
    const { exit, seconds, told } = JSON.parse(ended.err)
    assert.deepEqual([exit, typeof seconds, told.state, typeof told.id], [3, 'number', 'spooled', 'string'])
  })

  test('it is run even when nobody can be told, and not when it was not understood', async () => {
    const none = await start([...CLI, 'echo', 'ran'], {}).ended
    assert.deepEqual([none.status, none.out.toString()], [0, 'ran\n'])
    assert.match(none.err, /nobody is told of this run: Which server\?/)
    for (const args of [
      ['job', '--envy', 'x', '--', 'echo', 'ran'],
      ['job', 'echo', 'ran'],
      ['--', 'echo', 'ran'],
      ['job', '--'],
    ]) {
      const { status, out } = await start([...CLI.slice(0, 3), ...args], AWAY).ended
      assert.deepEqual([status, out.toString()], [2, ''], args.join(' '))
    }
  })
})

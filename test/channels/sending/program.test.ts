import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { aProgram, type ProgramWays } from '../../../src/channels/sending/program.ts'
import type { ProgramRequest, Sent } from '../../../src/domain/message.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'))
})
after(() => rmSync(folder, { recursive: true }))

let made = 0
/** A little program of these lines, that may be run. */
function program(...lines: string[]): string {
  const path = join(folder, `program-${++made}`)
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(path, 0o755)
  return path
}

const run = (path: string, request: Partial<ProgramRequest> = {}, ways: Partial<ProgramWays> = {}): Promise<Sent> =>
  aProgram({ commands: new Set([path]), ...ways })({ via: 'program', program: path, args: [], input: '', env: {}, ...request })
const ending = (status: number): Promise<Sent> => run(program(`exit ${status}`))

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await wait(10)
  return !isAlive(pid)
}

describe('a program', () => {
  test('gets its arguments as they are: no shell reads them', async () => {
    const args = ['$(id)', '; rm -rf /', "it's", '', '*', '`id`', '-n', 'ü\nb']
    const sent = await run(program('for one in "$@"; do printf "<%s>" "$one"; done'), { args })
    assert.deepEqual(sent, { kind: 'sent', said: `exit status 0: ${args.map((one) => `<${one}>`).join('')}` })
  })

  test('reads the message from its input', async () => {
    const sent = await run(program('cat'), { input: 'backup (prod)\nonly 0 of 1' })
    assert.equal(sent.said, 'exit status 0: backup (prod)\nonly 0 of 1')
  })

  test('need not read it, however long it is', async () =>
    assert.deepEqual(await run(program('exit 0'), { input: 'x'.repeat(1_000_000) }), { kind: 'sent', said: 'exit status 0' }))

  test('knows what it is given, a path and a language, and nothing of the server', async () => {
    process.env.AFFIRMATIVE_SECRET_X = 'keep-this'
    const { said } = await run(program('exec /usr/bin/env'), { env: { AFFIRMATIVE_EVENT: 'backup' } })
    delete process.env.AFFIRMATIVE_SECRET_X
    const names = said.replace('exit status 0: ', '').split('\n')
    // The shell adds where it is, and itself.
    const own = names.map((line) => line.split('=')[0]).filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name ?? ''))
    assert.deepEqual(own.sort(), ['AFFIRMATIVE_EVENT', 'LANG', 'PATH'])
    assert.doesNotMatch(said, /keep-this/)
  })

  test('says what it likes: 4 KiB of it are told, on whichever way', async () => {
    const { said } = await run(program('echo here; echo there >&2'))
    assert.match(said, /here/)
    assert.match(said, /there/)
    const loud = await run(program('head -c 1000000 /dev/zero | tr "\\0" x'))
    assert.equal(loud.kind, 'sent')
    assert.equal(loud.said.length, 'exit status 0: '.length + 4_096)
  })
})

describe('how it ends', () => {
  test('0 means that the message is there', async () => assert.equal((await ending(0)).kind, 'sent'))

  for (const status of [1, 2, 7, 69, 70, 71, 74, 75, 76, 255])
    test(`${status} may pass`, async () =>
      assert.deepEqual(await ending(status), { kind: 'again', said: `exit status ${status}`, after: null }))

  for (const status of [64, 65, 66, 67, 68, 77, 78, 126, 127])
    test(`${status} will not`, async () =>
      assert.deepEqual(await ending(status), { kind: 'never', said: `exit status ${status}` }))

  test('a signal may pass', async () =>
    assert.deepEqual(await run(program('kill -SEGV $$')), { kind: 'again', said: 'ended by SIGSEGV', after: null }))
})

describe('its time', () => {
  test('is over when it is over, for who ignores to be asked and for all that it started', async () => {
    const path = program('trap "" TERM INT HUP', 'sh -c "trap \'\' TERM HUP; sleep 60" & echo $!', 'echo $$', 'sleep 60')
    const sent = await run(path, {}, { patience: 500 })
    assert.equal(sent.kind, 'again')
    const [, child, itself] = /^ended after 0.5 s: (\d+)\n(\d+)$/.exec(sent.said) ?? assert.fail(sent.said)
    assert.ok(await gone(Number(itself)))
    assert.ok(await gone(Number(child)))
  })

  test('ends with it: a child that would outlive it ends, too, and keeps nobody waiting', async () => {
    const begun = performance.now()
    const sent = await run(program('sleep 60 & echo $!'))
    assert.equal(sent.kind, 'sent')
    assert.ok(performance.now() - begun < 10_000)
    assert.ok(await gone(Number(sent.said.replace('exit status 0: ', ''))))
  })

  test('is not that of who leaves its group and holds its output', async () => {
    const begun = performance.now()
    const sent = await run(program('setsid sleep 20 & sleep 0.1; echo told'))
    assert.deepEqual(sent, { kind: 'sent', said: 'exit status 0: told' })
    assert.ok(performance.now() - begun < 10_000)
  })

  test('ends with the server', async () => {
    const stopping = new AbortController()
    const running = run(program('echo $$; sleep 60'), {}, { stopped: stopping.signal })
    await wait(300)
    stopping.abort()
    const { kind, said } = await running
    assert.equal(kind, 'again')
    assert.match(said, /^ended with the server/)
    assert.ok(await gone(Number(/\d+/.exec(said)?.[0])))
  })
})

describe('what is run', () => {
  const refused = async (path: string, commands: string[]) => {
    const sent = await run(path, {}, { commands: new Set(commands) })
    assert.equal(sent.kind, 'never', path)
    assert.match(sent.said, /is not in AFFIRMATIVE_COMMANDS/)
  }

  test('is in the list', async () => {
    const path = program('exit 0')
    await refused(path, [])
    await refused(path, ['/bin/true', `${path}x`, folder])
    await refused('true', ['/bin/true', 'true', resolve('true')])
    await refused('', [''])
  })

  test('is compared without its detours', async () => {
    const path = program('exit 0')
    assert.equal(
      (await run(path, { program: `${folder}/../${folder.split('/').pop()}/./${path.split('/').pop()}` })).kind,
      'sent',
    )
    await refused(`${folder}/program/../../bin/sh`, [`${folder}/program`])
  })

  test('is what is written, not where it leads: a link to a program that is many does not allow them all', async () => {
    const link = join(folder, 'echo')
    symlinkSync('/bin/sh', link)
    await refused('/bin/sh', [link])
  })

  test('can be run; what cannot never will', async () => {
    const plain = program('exit 0')
    chmodSync(plain, 0o644)
    for (const [path, code] of [
      [plain, 'EACCES'],
      [folder, 'EACCES'],
      [join(folder, 'nobody'), 'ENOENT'],
    ] as const)
      assert.deepEqual(await run(path), { kind: 'never', said: `${path} could not be run (${code})` })
    const path = program('exit 0')
    assert.equal((await run(path, { args: ['a\0b'] })).kind, 'never')
    assert.equal((await run(path, { args: ['x'.repeat(3_000_000)] })).kind, 'never')
  })
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { cli, startCli } from '../support/cli.ts'
import { startServer, type TestServer } from '../support/server.ts'

const VERBS = [
  'serve',
  'affirm',
  'run',
  'status',
  'events',
  'expect',
  'keys',
  'export',
  'import',
  'copy',
  'invite',
  'scan',
  'crontab',
  'completion',
]
const folder = mkdtempSync(join(tmpdir(), 'affirmative-help-'))
let server: TestServer
before(async () => {
  server = await startServer({ DATABASE_URL: `file:${join(folder, 'a.db')}` })
  for (const name of ['etl:night:1', 'etl:night:2', 'pulse']) await fetch(`${server.url}/affirm/${name}`)
  writeFileSync(join(folder, 'affirmative'), `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/src/cli.js')}' "$@"\n`, {
    mode: 0o755,
  })
  symlinkSync(process.execPath, join(folder, 'node'))
})
after(async () => {
  await server.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0
const environment = () => ({ PATH: `${folder}:${process.env.PATH}`, AFFIRMATIVE_URL: server.url, HOME: folder })

/** What a real bash offers for a line with the cursor at its end. */
function offeredByBash(line: string): string[] {
  const script = `eval "$(affirmative completion bash)"
COMP_LINE=$1 COMP_POINT=\${#1}; _affirmative; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', line], { env: environment(), encoding: 'utf8' })
  return stdout.split('\n').filter((word) => word !== '')
}

/** What a real zsh offers: `compadd` tells what it is given, as a terminal that could be looked at is not here. */
function offeredByZsh(line: string): string[] {
  const script = `autoload -U compinit; compinit -u -D
eval "$(affirmative completion zsh)"
compadd() { shift; print -l -- "$@" }; _files() { : }
words=("\${(@s: :)1}"); CURRENT=\${#words}; _affirmative`
  const { stdout } = spawnSync('zsh', ['-fc', script, 'zsh', line], { env: environment(), encoding: 'utf8' })
  const typed = line.split(' ').at(-1) ?? ''
  return stdout.split('\n').filter((word) => word !== '' && word.startsWith(typed))
}

describe('the help of the command line', () => {
  test('names every verb, and each of them, as the whole, fits a screen of 80 × 24', async () => {
    const whole = await cli('--help')
    for (const verb of VERBS) assert.match(whole.out, new RegExp(`^ {2}${verb} `, 'm'))
    const said = await Promise.all(VERBS.map((verb) => cli(verb, '--help')))
    for (const { status, out } of [whole, ...said]) {
      const lines = out.trimEnd().split('\n')
      assert.equal(status, 0)
      assert.ok(lines.length <= 24, `${lines[0]}: ${lines.length} lines`)
      assert.deepEqual(
        lines.filter((line) => line.length > 80),
        [],
      )
    }
  })

  test('a mistyped verb or option is answered with the nearest, and 2', async () => {
    for (const [args, said] of [
      [['statsu'], /There is no verb "statsu"\. Did you mean status\?/],
      [['status', '--mised'], /Unknown option '--mised'\. Did you mean --missed\?\nSee: affirmative status --help/],
      [['affirm'], /The event is missing/],
      [['keys', 'mkae'], /There is no "keys mkae"\. There are: list, make, revoke/],
    ] as const) {
      const { status, out, err } = await startCli(args, { AFFIRMATIVE_URL: server.url }).ended
      assert.deepEqual([status, out], [2, ''])
      assert.match(err, said)
    }
  })
})

test('what a build leaves is a program', () => {
  accessSync('dist/src/cli.js', constants.X_OK)
})

test('what completes is there for programs, too', async () => {
  const json = async (...args: string[]) =>
    JSON.parse((await startCli(['completion', ...args, '--json'], { AFFIRMATIVE_URL: server.url }).ended).out) as unknown
  assert.deepEqual(await json('names', 'pul'), { names: ['pulse'] })
  const { script } = (await json('bash')) as { script: string }
  assert.equal(script, (await cli('completion', 'bash')).out)
})

for (const [shell, offered] of [
  ['bash', offeredByBash],
  ['zsh', offeredByZsh],
] as const)
  test(`${shell} completes verbs, options and names of events`, { skip: isThere(shell) ? false : `no ${shell} here` }, () => {
    assert.deepEqual(offered('affirmative ex').sort(), ['expect', 'export'])
    assert.deepEqual(offered('affirmative status --mi'), ['--missed'])
    assert.deepEqual(offered('affirmative keys re'), ['revoke'])
    assert.deepEqual(offered('affirmative affirm pu'), ['pulse'])
    // Bash has cut off what is before the last colon.
    const names = ['etl:night:1', 'etl:night:2'].map((name) => (shell === 'bash' ? name.slice(-1) : name))
    assert.deepEqual(offered('affirmative affirm etl:night:').sort(), names)
  })

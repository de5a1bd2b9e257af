import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { planFor } from '../../../src/cli/crontab/plan.ts'

const dir = mkdtempSync(join(tmpdir(), 'affirmative-wrap-'))
const STAND_IN = join(dir, 'affirm.sh')
/** Runs its command and affirms nothing. */
writeFileSync(STAND_IN, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
chmodSync(STAND_IN, 0o755)

/** What crons hand to the shell: all end the command at a bare percent sign; Debian's takes the backslash from `\%`, others from `\\`, too, the oldest from none. */
const CRONS: Record<string, (command: string) => string> = {
  Debian: (command) => command.replace(/\\([\s\S])/g, (pair, sign) => (sign === '%' ? '%' : pair)),
  ISC: (command) => command.replace(/\\([\s\S])/g, (pair, sign) => (sign === '%' || sign === '\\' ? sign : pair)),
  Vixie: (command) => command,
}

/** As cron(8) runs a line of a crontab. */
function runLine(line: string, shell: string, unescaped: (command: string) => string) {
  const rest = /^@daily (.*)$/s.exec(line)?.[1] ?? assert.fail(line)
  const [, command = '', , input = ''] = /^((?:[^\\%]|\\.|\\$)*)(%?)(.*)$/s.exec(rest) ?? []
  const { status, stdout, stderr, signal } = spawnSync(shell, ['-c', unescaped(command)], {
    cwd: dir,
    input: input.replace(/(?<!\\)%/g, '\n'),
    encoding: 'latin1',
    env: { PATH: process.env.PATH, HOME: dir, LC_ALL: 'C' },
  })
  // Both ends of a pipe complain at once: the order is nobody's.
  return { status, stdout, stderr: [...stderr].sort().join(''), signal }
}

const piece = fc.constantFrom(
  ...[
    'echo hello',
    'printf "%s\\n" a b',
    "printf '[%s]' 'x  y' \"z'w\"",
    'cat',
    'wc -c',
    'tr a-z A-Z',
    'exit 3',
    'false',
    'true',
  ],
  ...[
    'sh -c "exit 7"',
    'echo $0 $HOME "$#"',
    "echo 'it'\\''s'",
    'echo a\\ b \\"c\\" \\\\',
    'echo *.sh',
    'date -d @0 +\\%F',
    'echo 100\\% "50\\%"',
  ],
  ...[
    'X=1 env | grep ^X=',
    'echo "a;b|c" # not done',
    'ls /nowhere',
    'echo caf\xe9 ~',
    '(echo sub; exit 4)',
    'echo `echo tick` $(echo $((2*3)))',
  ],
  ...[
    'sh -c "kill -TERM \\$\\$"; echo $?',
    '{ echo braces; }',
    'for i in 1 2; do echo $i; done',
    'echo "\\$HOME \\`x\\`"',
    '/bin/echo plain words',
    'echo =ls',
  ],
)
const joint = fc.constantFrom(' | ', ' && ', ' || ', '; ', ' 2>&1 | ', ' >/dev/null; ', ' & wait; ')
const rest = fc.constantFrom('', '', '%', '%dear ann%bye', "%it's 5\\% off%", '  ', '\\', ' 2>&1', ' </dev/null', '\r')
const commands = fc
  .tuple(piece, fc.array(fc.tuple(joint, piece), { maxLength: 3 }), rest)
  .map(([first, more, last]) => `${first}${more.flat().join('')}${last}`)
/** Anything that a person may mistype: the shell refuses both in the same words. */
const noise = fc
  .array(fc.constantFrom(...'\'"\\%;<$`(){}#*~! \tab1=[]?'), { minLength: 1, maxLength: 20 })
  .map((signs) => `echo ${signs.join('')}`)
  // Two processes have two numbers.
  .filter((text) => !text.includes('$$'))
const SHELLS = ['/bin/sh', '/bin/bash']

const wrappedLine = (line: string, shell: string): string => {
  const text = `SHELL=${shell}\n${line}`
  const { crontab } = planFor({ text, form: 'user', program: STAND_IN, env: null, prefix: '', timeZone: 'UTC', at: 0 })
  return crontab.slice(crontab.indexOf('\n') + 1)
}

describe('a wrapped line', () => {
  after(() => rmSync(dir, { recursive: true, force: true }))

  test('prints and returns what the line did, whatever is quoted, piped, redirected or read in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(commands, noise),
        fc.constantFrom(...SHELLS),
        fc.constantFrom(...Object.keys(CRONS)),
        (command, shell, cron) => {
          const line = `@daily ${command}`
          const wrapped = wrappedLine(line, shell)
          assert.ok(wrapped.startsWith(`@daily ${STAND_IN} run `), wrapped)
          const unescaped = CRONS[cron] ?? assert.fail()
          assert.deepEqual(runLine(wrapped, shell, unescaped), runLine(line, shell, unescaped))
        },
      ),
      { numRuns: Number(process.env.WRAP_RUNS ?? 100) },
    )
  })
})

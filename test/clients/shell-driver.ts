import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Call, type Driver, start } from './driver.ts'

export const AFFIRM = join(process.cwd(), 'clients/shell/affirm.sh')
/** What the script needs of a system beside its shell and what speaks HTTP. */
const NEEDS =
  'awk cat date env find head kill ls mkdir mkfifo mktemp mv od rm rmdir sed sleep tail tee timeout touch tr true uname wc sh echo'.split(
    ' ',
  )

/** What speaks HTTP. */
export type Tool = 'curl' | 'wget' | 'busybox wget'

const pathOf = (program: string): string => spawnSync('which', [program]).stdout.toString().trim()
export const isHere = (program: string): boolean => pathOf(program) !== ''

/** A folder of programs, as PATH, in which only this tool speaks HTTP. */
export function pathWith(tool: Tool): string {
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-path-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const program of NEEDS.filter(isHere)) symlinkSync(pathOf(program), join(folder, program))
  const [program = ''] = tool.split(' ')
  symlinkSync(pathOf(program), join(folder, tool === 'busybox wget' ? 'wget' : tool))
  return folder
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const optionsOf = ({ status, id, env, source }: Call): string[] => [
  ...(status === undefined ? [] : [`--${status}`]),
  ...Object.entries({ id, env, source }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
]
/** No argument of a process may be longer than 128 KiB. */
const isArgument = (value: Call['value']): value is string => typeof value === 'string' && value.length < 30_000

/** The arguments of a call, and what it reads from stdin. */
function spoken(call: Call): { args: string[]; input: Buffer } {
  const { event, value } = call
  const args = [...optionsOf(call), '--', event]
  if (value === undefined) return { args, input: Buffer.alloc(0) }
  if (isArgument(value)) return { args: [...args, value], input: Buffer.alloc(0) }
  return { args: [...args, '-'], input: typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64') }
}

/** A script that makes the calls one after the other; `words` begin each. */
export function scriptOf(calls: readonly Call[], words: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-input-'))
  const lines = calls.map(spoken).map(({ args, input }, index) => {
    const file = join(folder, `${index}`)
    writeFileSync(file, input)
    return `${[...words, ...args].map(quoted).join(' ')} <${file}`
  })
  return [...lines, `rm -rf ${folder}`].join('\n')
}

/** affirm.sh, run by this shell; `busybox` stands for its sh. */
export function shellDriver(shell: 'dash' | 'bash' | 'busybox', tool: Tool): Driver {
  const missing = [shell, ...tool.split(' ').slice(0, 1)].find((one) => !isHere(one))
  const words = [pathOf(shell), ...(shell === 'busybox' ? ['sh'] : [])]
  const path = { PATH: missing === undefined ? pathWith(tool) : '' }
  return {
    name: `affirm.sh by ${shell} with ${tool}`,
    skip: missing === undefined ? false : `${missing} is not here`,
    readsTexts: true,
    affirm: (calls, settings) => {
      const [only, ...more] = calls
      if (only === undefined || more.length > 0)
        return start([...words, '-c', scriptOf(calls, [...words, AFFIRM])], { ...settings, ...path })
      const { args, input } = spoken(only)
      return start([...words, AFFIRM, ...args], { ...settings, ...path }, input)
    },
    run: (event, argv, settings, input) =>
      start([...words, AFFIRM, 'run', event, '--', ...argv], { ...settings, ...path }, input),
  }
}

import { type Call, type Driver, type Settings, start } from './driver.ts'
import { passesTheTable } from './table.ts'

const CLI = [process.execPath, 'dist/src/cli.js']

const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`--${name}`, value])
const quoted = (argv: readonly string[]): string => argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
/** Written by printf, byte for byte. */
const printed = (bytes: Buffer): string =>
  `printf '${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`

function lineOf({ event, value, status = 'ok', id, env, source }: Call): string {
  const options = [...option('id', id), ...option('env', env), ...option('source', source)]
  const argv = [...CLI, 'affirm', ...(status === 'ok' ? [] : [`--${status}`]), ...options, '--', event]
  if (typeof value === 'object') return `${printed(Buffer.from(value.base64, 'base64'))} | ${quoted([...argv, '-'])}`
  return quoted(value === undefined ? argv : [...argv, value])
}

const commandLine: Driver = {
  name: 'the command line',
  skip: false,
  readsTexts: true,
  affirm: (calls, settings) => start(['sh', '-c', calls.map(lineOf).join('\n')], settings),
  run: (event: string, argv: readonly string[], settings: Settings, input?: string) =>
    start([...CLI, 'run', event, '--', ...argv], settings, input),
}

// Spool and trouble are the JavaScript client's, which it speaks by.
passesTheTable(commandLine, ['sending', 'values', 'run'])

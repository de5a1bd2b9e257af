import { type Call, type Driver, type Settings, start } from './driver.ts'
import { scriptOf } from './shell-driver.ts'
import { passesTheTable } from './table.ts'

const CLI = [process.execPath, 'dist/src/cli.js']

/** `ok` is what is said without a status, and no option. */
const sayable = ({ status, ...call }: Call): Call => (status === undefined || status === 'ok' ? call : { ...call, status })

const commandLine: Driver = {
  name: 'the command line',
  skip: false,
  readsTexts: true,
  affirm: (calls, settings) => start(['sh', '-c', scriptOf(calls.map(sayable), [...CLI, 'affirm'])], settings),
  run: (event: string, argv: readonly string[], settings: Settings, input?: string) =>
    start([...CLI, 'run', event, '--', ...argv], settings, input),
}

// Spool and trouble are the JavaScript client's, which it speaks by.
passesTheTable(commandLine, ['sending', 'values', 'run'])

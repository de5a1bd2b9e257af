import { join } from 'node:path'
import { type Driver, type Settings, start } from './driver.ts'
import { missing } from './installed.ts'

/** What a process of Python needs to find the client. */
const FOUND: Settings = { PYTHONPATH: join(process.cwd(), 'clients/python'), PYTHONDONTWRITEBYTECODE: '1' }

/** Makes the calls that come by stdin, each by a client of its own env and source. */
const SPEAK = `
import base64, json, sys
from affirmative import Client
for call in json.load(sys.stdin):
    value = call.pop("value", None)
    if isinstance(value, dict):
        value = base64.b64decode(value["base64"])
    Client(env=call.pop("env", None), source=call.pop("source", None)).affirm(value=value, **call)
`

/** Starts a script of Python that can import the client; warnings are errors. */
export const startPython = (script: string, settings: Settings, input = '') =>
  start(['python3', '-W', 'error', '-c', script], { ...settings, ...FOUND }, input)

/** Starts the command line of the client. */
export const startPythonCli = (args: readonly string[], settings: Settings, input = '') =>
  start(['python3', '-W', 'error', '-m', 'affirmative', ...args], { ...settings, ...FOUND }, input)

/** The client of Python, by its functions. */
export const python: Driver & { found: Settings } = {
  found: FOUND,
  name: 'the Python client',
  skip: missing('python3'),
  readsTexts: false,
  affirm: (calls, settings) => startPython(SPEAK, settings, JSON.stringify(calls)),
  run: (event, argv, settings, input) => startPythonCli(['run', event, '--', ...argv], settings, input),
}

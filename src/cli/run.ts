import { systemClock } from '../clock.ts'
import { type Duration, SECOND } from '../domain/time.ts'
import { COMMON } from './api.ts'
import { type Client, clientOf } from './client.ts'
import { type Ended, startCommand } from './command.ts'
import { jsonText } from './table.ts'
import { argumentsOf, EXIT, type Surroundings, type Verb, WrongUsage, wordsOf } from './verb.ts'

const OPTIONS = { ...COMMON, source: { type: 'string' } } as const

/** A job is not held up longer at its end, where what is told waits in the spool. */
const LAST_WAIT: Duration = 2 * SECOND

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']

/** The event and the command, which begins behind the first `--`. */
function readArguments(args: readonly string[]): { given: Given; event: string; command: readonly string[] } {
  const end = args.indexOf('--')
  if (end === -1) throw new WrongUsage('The command is missing: affirmative run EVENT -- COMMAND …')
  const { values, positionals } = argumentsOf(args.slice(0, end), OPTIONS)
  const [event = ''] = wordsOf(positionals, ['The event'])
  const command = args.slice(end + 1)
  if (command.length === 0) throw new WrongUsage('The command behind -- is missing.')
  return { given: values, event, command }
}

/** A job must not be kept from running because nobody can be told of it. */
async function clientOrNone(given: Given, surroundings: Surroundings): Promise<Client | null> {
  try {
    // Troubles of telling are not said among what the command prints.
    return await clientOf(given, { ...surroundings, err: { write: () => undefined } })
  } catch (error) {
    surroundings.err.write(`affirmative: nobody is told of this run: ${error instanceof Error ? error.message : error}\n`)
    return null
  }
}

const reportOf = ({ status, signal, output }: Ended, elapsed: number) => ({
  exit: status,
  ...(signal === null ? {} : { signal }),
  seconds: Math.round(elapsed / 10) / (SECOND / 10),
  output,
})

export const runVerb: Verb = {
  name: 'run',
  summary: 'run a command and say how it ended and what it wrote',
  help: `affirmative run EVENT [options] -- COMMAND [ARGUMENT]…

Runs the command, and affirms when it begins and when it has ended: ok for exit
status 0, else a reported failure, with the exit status, the seconds it took and
the last 10 kB of what it wrote. Nothing changes for the command: its input,
output and exit status pass through, and so do signals. It is run whether or not
there is a server, whose answer it awaits for 2 seconds at most.

  --source NAME   who says so; else AFFIRMATIVE_SOURCE, else this host
  --json          at the end, on stderr: {"exit", "seconds", "told": {"state"}}
  --url, --api-key, --env   else AFFIRMATIVE_URL, …_API_KEY and …_ENV

  affirmative run nightly_backup -- restic backup /home

An output that is a terminal stays one for the command, and is not read. What
the command leaves running is waited for as long as it holds an output open.

Exit status: the command's; 128 and the number of a signal that ended it; 127
not found, 126 cannot be started; 2 not understood, and nothing was run.
`,
  run: async (args, surroundings) => {
    const { given, event, command } = readArguments(args)
    const client = await clientOrNone(given, surroundings)
    const began = systemClock.elapsed()
    const { ended, over } = startCommand(command, systemClock)
    // Not waited for: it is sent beside the command.
    void client?.affirm(event, undefined, { status: 'start' })
    const end = await ended
    const report = reportOf(end, systemClock.elapsed() - began)
    const told = client?.affirm(event, report, { status: end.status === EXIT.done ? 'ok' : 'fail' })
    client?.hurry(LAST_WAIT / SECOND)
    const outcome = await told
    await over
    // Its standard output is the command's alone.
    if (given.json === true) {
      const { output: _, ...rest } = report
      surroundings.err.write(jsonText({ ...rest, told: outcome ?? null }))
    }
    return end.status
  },
}

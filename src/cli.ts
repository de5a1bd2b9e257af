#!/usr/bin/env node
import { affirmVerb } from './cli/affirm.ts'
import { NotAsked, Refused } from './cli/api.ts'
import { completionVerb } from './cli/completion.ts'
import { copyVerb } from './cli/copy.ts'
import { crontabVerb } from './cli/crontab.ts'
import { eventsVerb } from './cli/events.ts'
import { expectVerb } from './cli/expect.ts'
import { exportVerb } from './cli/export.ts'
import { importVerb } from './cli/import.ts'
import { inviteVerb } from './cli/invite.ts'
import { keysVerb } from './cli/keys.ts'
import { runVerb } from './cli/run.ts'
import { scanVerb } from './cli/scan.ts'
import { serveVerb } from './cli/serve.ts'
import { statusVerb } from './cli/status.ts'
import { EXIT, type Surroundings, type Verb, WrongUsage } from './cli/verb.ts'
import { nearestName } from './domain/nearest.ts'
import { version } from './version.ts'

const VERBS: readonly Verb[] = [
  serveVerb,
  affirmVerb,
  runVerb,
  statusVerb,
  eventsVerb,
  expectVerb,
  keysVerb,
  crontabVerb,
  exportVerb,
  importVerb,
  copyVerb,
  scanVerb,
  inviteVerb,
  completionVerb(() => VERBS),
]

const HELP = `affirmative ${version()} – makes sure that things happen

${VERBS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

  affirmative VERB --help    what the verb takes
  affirmative --version
`

const isHelp = (arg: string | undefined): boolean => arg === '--help' || arg === '-h'
/** What stands behind `--` belongs to a command. */
const ownOf = (args: readonly string[]): readonly string[] => (args.includes('--') ? args.slice(0, args.indexOf('--')) : args)

function noVerb(first: string | undefined): WrongUsage {
  const names = VERBS.map(({ name }) => name)
  const nearest = nearestName(first ?? '', names)
  return new WrongUsage(
    `There is no verb "${first}". ${nearest === null ? `There are: ${names.join(', ')}.` : `Did you mean ${nearest}?`}`,
  )
}

async function obey([first, ...rest]: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out } = surroundings
  const tell = (text: string): number => {
    out.write(text)
    return EXIT.done
  }
  if (isHelp(first)) return tell(HELP)
  if (first === '--version') return tell(`${version()}\n`)
  const verb = VERBS.find(({ name }) => name === (first ?? 'serve'))
  if (verb === undefined) throw noVerb(first)
  if (ownOf(rest).some(isHelp)) return tell(verb.help)
  return await verb.run(rest, surroundings)
}

/** What is said of an error, and how the program ends by it. */
async function endOf(error: unknown, verb: string | undefined): Promise<[text: string, status: number]> {
  if (error instanceof WrongUsage)
    return [`${error.message}\nSee: affirmative ${verb === undefined ? '' : `${verb} `}--help`, EXIT.notUnderstood]
  if (error instanceof NotAsked) return [error.message, EXIT.notAsked]
  if (error instanceof Refused) return [error.message, EXIT.refused]
  const { lastWords } = await import('./last-words.ts')
  return [lastWords(error), EXIT.refused]
}

const { stdout, stderr } = process
const args = process.argv.slice(2)
obey(args, { env: process.env, out: stdout, err: stderr, input: () => process.stdin }).then(
  (status) => {
    process.exitCode = status
  },
  async (error: unknown) => {
    const [text, status] = await endOf(error, VERBS.find(({ name }) => name === args[0])?.name)
    stderr.write(`${text}\n`)
    process.exit(status)
  },
)

import { accessSync, constants, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { systemClock } from '../clock.ts'
import { isEnv } from '../domain/event.ts'
import { checkTimeZone } from '../domain/zone.ts'
import { anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { apply } from './crontab/apply.ts'
import { type Form, formOf } from './crontab/lines.ts'
import { type Plan, planFor } from './crontab/plan.ts'
import { planJson, planText } from './crontab/show.ts'
import { wrapperTrouble } from './crontab/wrap.ts'
import { argumentsOf, EXIT, type Surroundings, type Verb, WrongUsage, wordsOf } from './verb.ts'

const WRAPPER = '/usr/local/bin/affirm.sh'
/** More than any crontab that cron takes: 10,000 lines. */
const LONGEST = 4 * 1024 * 1024

const OPTIONS = {
  ...COMMON,
  system: { type: 'boolean' },
  apply: { type: 'boolean' },
  update: { type: 'boolean' },
  wrap: { type: 'string' },
  zone: { type: 'string' },
} as const
type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']

async function allOf(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of input) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The crontab, one character a byte. Throws `WrongUsage`. */
async function textOf(file: string, { input }: Surroundings): Promise<string> {
  const bytes = await (file === '-' ? allOf(input()) : readFile(file)).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`${file} cannot be read: ${error.code ?? error.message}.`, { cause: error })
  })
  if (bytes.length > LONGEST) throw new WrongUsage(`${file} is longer than 4 MiB: that is no crontab.`)
  if (bytes.includes(0)) throw new WrongUsage(`${file} holds a NUL: that is no crontab.`)
  return bytes.toString('latin1')
}

function usersHere(): ReadonlySet<string> {
  try {
    return new Set(
      readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .map((line) => line.slice(0, line.indexOf(':'))),
    )
  } catch {
    // A system without that file tells nobody's name; root is known without it.
    return new Set()
  }
}

const formFor = (file: string, text: string, isSystem: boolean): Form =>
  isSystem || /^\/etc\/(crontab$|cron\.d\/)/.test(file) ? 'system' : formOf(text, usersHere())

function planOf(file: string, text: string, given: Given, said: string | undefined): Plan {
  const { wrap: program = WRAPPER, zone = Intl.DateTimeFormat().resolvedOptions().timeZone } = given
  const trouble = wrapperTrouble(program)
  if (trouble !== null) throw new WrongUsage(`--wrap ${trouble}.`)
  const noZone = checkTimeZone(zone)
  if (noZone !== null) throw new WrongUsage(noZone)
  const env = said === undefined || said === '' ? null : said
  if (env !== null && !isEnv(env)) throw new WrongUsage(`"${env}" is no name of an environment.`)
  const form = formFor(file, text, given.system === true)
  return planFor({ text, form, program, env, timeZone: zone, at: systemClock.now() })
}

/** A job whose wrapper is not there would not start at all. */
function wrapperNote(program: string): string[] {
  try {
    accessSync(program, constants.X_OK)
    return []
  } catch {
    return [
      `${program} is not on this machine, or cannot be run. Put it there before cron gets this crontab: without it no job starts.`,
    ]
  }
}

export const crontabVerb: Verb = {
  name: 'crontab',
  summary: 'expect what a crontab runs, and have each job affirm that it did',
  help: `affirmative crontab [FILE] [--apply] [options]

Reads a crontab (- or nothing: standard input) and prints it with each job run by
affirm.sh; all else stays byte for byte. The plan – an event and an expectation for
each line – goes to standard error. What affirms already stays as it is.

  --apply         register the events and create the expectations
  --update        with --apply: change those of before whose terms differ
  --system        the form with a user in each line; guessed where it is not said
  --wrap          path of affirm.sh where cron runs; else ${WRAPPER}
  --zone          zone of that machine; else this one's. CRON_TZ wins over it
${COMMON_HELP}

  crontab -l > old && affirmative crontab old --apply > new && crontab new

--json: the plan with the crontab in it, on standard output.
Exit status: 0 done, 1 refused, 2 not understood, 3 the server cannot be asked.
`,
  run: async (args, surroundings) => {
    const { env, out, err } = surroundings
    const { values: given, positionals } = argumentsOf(args, OPTIONS)
    const [file = '-'] = wordsOf(positionals, [], ['FILE'])
    if (given.update === true && given.apply !== true) throw new WrongUsage('--update goes with --apply.')
    const target = given.apply === true ? targetOf(given, env) : null
    const plan = planOf(file, await textOf(file, surroundings), given, given.env ?? env.AFFIRMATIVE_ENV)
    plan.notes.push(...wrapperNote(given.wrap ?? WRAPPER))
    const applied = target === null ? null : await apply(anApi(target), plan.steps, given.update === true)
    if (given.json !== true) err.write(planText(plan, applied, err))
    out.write(given.json === true ? planJson(plan, applied) : Buffer.from(plan.crontab, 'latin1'))
    return EXIT.done
  },
}

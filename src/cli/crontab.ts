import { accessSync, constants } from 'node:fs'
import { hostname } from 'node:os'
import { systemClock } from '../clock.ts'
import { isEnv } from '../domain/event.ts'
import { checkTimeZone } from '../domain/zone.ts'
import { anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { apply } from './crontab/apply.ts'
import { prefixOf, prefixTrouble } from './crontab/naming.ts'
import type { Plan } from './crontab/plan.ts'
import { formFor, textOf } from './crontab/read.ts'
import { planJson, planText } from './crontab/show.ts'
import { wrapperTrouble } from './crontab/wrap.ts'
import { argumentsOf, EXIT, type Verb, WrongUsage, wordsOf } from './verb.ts'

const WRAPPER = '/usr/local/bin/affirm.sh'

const OPTIONS = {
  ...COMMON,
  system: { type: 'boolean' },
  apply: { type: 'boolean' },
  update: { type: 'boolean' },
  prefix: { type: 'string' },
  wrap: { type: 'string' },
  zone: { type: 'string' },
} as const
type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']

const saidOf = (option: string, trouble: string | null): string[] => (trouble === null ? [] : [`${option} ${trouble}.`])

async function planOf(file: string, text: string, given: Given, said: string | undefined): Promise<Plan> {
  const { wrap: program = WRAPPER, zone = Intl.DateTimeFormat().resolvedOptions().timeZone } = given
  const { prefix = prefixOf(hostname()) } = given
  const [trouble] = [...saidOf('--wrap', wrapperTrouble(program)), ...saidOf('--prefix', prefixTrouble(prefix))]
  const wrong = trouble ?? checkTimeZone(zone)
  if (wrong !== null) throw new WrongUsage(wrong)
  const env = said === undefined || said === '' ? null : said
  if (env !== null && !isEnv(env)) throw new WrongUsage(`"${env}" is no name of an environment.`)
  const form = formFor(file, text, given.system === true)
  // What reads schedules takes longer to load than the other verbs take in all.
  const { planFor } = await import('./crontab/plan.ts')
  return planFor({ text, form, program, env, prefix, timeZone: zone, at: systemClock.now() })
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

Reads a crontab (- or nothing: standard input) and prints it with each job run
by affirm.sh; all else stays byte for byte. The plan – an event and an
expectation for each line – goes to standard error. What affirms already stays.

  --apply         register the events and create the expectations
  --update        with --apply: change those of before whose terms differ
  --system        the form with a user in each line; else guessed
  --prefix TEXT   events are TEXT_backup; else HOST_backup, by this machine's
                  name; '' for none
  --wrap          path of affirm.sh for cron; else ${WRAPPER}
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
    const plan = await planOf(file, await textOf(file, surroundings), given, given.env ?? env.AFFIRMATIVE_ENV)
    plan.notes.push(...wrapperNote(given.wrap ?? WRAPPER))
    const applied = target === null ? null : await apply(anApi(target), plan.steps, given.update === true)
    if (given.json !== true) err.write(planText(plan, applied, err))
    out.write(given.json === true ? planJson(plan, applied) : Buffer.from(plan.crontab, 'latin1'))
    return EXIT.done
  },
}

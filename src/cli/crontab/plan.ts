import { isEnv } from '../../domain/event.ts'
import type { Millis } from '../../domain/time.ts'
import { type Form, type Job, type Line, linesOf } from './lines.ts'
import { nameFor, untaken, withPrefix } from './naming.ts'
import { type Proposal, proposalFor } from './proposal.ts'
import { affirmedBy, type Wrapper, wrap } from './wrap.ts'

/** What becomes of one line that is, or looks like, a job. */
export type Step = {
  line: number
  /** As it is written; of a line that is no job, all of it. */
  command: string
  /** By name or key; null where the line is left alone. */
  event: string | null
  /** Null: the server's default. */
  env: string | null
  proposal: Proposal | null
  outcome: 'wrapped' | 'affirms already' | 'left alone'
  /** Why it is left alone, or has no expectation. */
  note: string | null
}
/** `notes`: what concerns all of it. */
export type Plan = { form: Form; steps: Step[]; notes: string[]; crontab: string }

/** `env`: of the command line; null: none was said. `prefix`: what names begin with. `timeZone`: of the machine whose cron it is. */
export type PlanInput = {
  text: string
  form: Form
  program: string
  env: string | null
  prefix: string
  timeZone: string
  at: Millis
}

const AT_START = 'runs when the machine starts: nobody knows when that is, so nothing is expected'

const leftAlone = (line: number, command: string, note: string): Step => ({
  line,
  command,
  event: null,
  env: null,
  proposal: null,
  outcome: 'left alone',
  note,
})

/** Where the crontab names an environment, its jobs affirm there; it is said once more only to differ. */
function envFor({ settings }: Job, said: string | null): Wrapper['env'] {
  return said === null || settings.AFFIRMATIVE_ENV === said ? null : said
}

function planJob(job: Job, input: PlanInput, name: (command: string) => string): { step: Step; text: string } {
  const { number: line, settings, schedule, command } = job
  const text = job.head + job.command + job.tail
  const alone = (note: string) => ({ step: leftAlone(line, command, note), text })
  const isAtStart = schedule.toLowerCase() === '@reboot'
  const proposal = isAtStart ? null : proposalFor(schedule, settings.CRON_TZ ?? input.timeZone, input.at)
  if (proposal !== null && 'trouble' in proposal) return alone(proposal.trouble)
  const note = isAtStart ? AT_START : null
  const already = affirmedBy(command, input.program)
  const env = already?.env ?? (already === null ? input.env : null) ?? settings.AFFIRMATIVE_ENV ?? null
  if (env !== null && !isEnv(env)) return alone(`AFFIRMATIVE_ENV=${env} is no name of an environment`)
  if (already !== null)
    return { step: { line, command, event: already.event, env, proposal, outcome: 'affirms already', note }, text }
  const event = name(command)
  const wrapped = wrap(job, event, { program: input.program, env: envFor(job, input.env) })
  if ('trouble' in wrapped) return alone(wrapped.trouble)
  return { step: { line, command, event, env, proposal, outcome: 'wrapped', note }, text: wrapped.text }
}

const NO_SERVER = 'No line AFFIRMATIVE_URL=https://… stands above all jobs: affirm.sh has to know its server.'
const OTHER_ZONE =
  'TZ is for what the jobs show; a schedule goes by CRON_TZ, else by the zone of the machine. --zone says another.'

const notesOn = (jobs: readonly Job[]): string[] => [
  ...(jobs.some(({ settings }) => settings.AFFIRMATIVE_URL === undefined) ? [NO_SERVER] : []),
  ...(jobs.some(({ settings }) => settings.TZ !== undefined && settings.CRON_TZ === undefined) ? [OTHER_ZONE] : []),
]

const isJob = (line: Line): line is Job => line.kind === 'job'

/** What to expect of each line, and the crontab with each of them wrapped. Lines that affirm already keep their event and stay as they are. */
export function planFor(input: PlanInput): Plan {
  const lines = linesOf(input.text, input.form)
  const jobs = lines.filter(isJob)
  const taken = new Set(jobs.flatMap(({ command }) => affirmedBy(command, input.program)?.event ?? []))
  const name = (command: string): string => {
    const free = untaken(withPrefix(input.prefix, nameFor(command)), taken)
    taken.add(free)
    return free
  }
  const steps: Step[] = []
  const texts = lines.map((line) => {
    if (!isJob(line)) {
      if (line.said !== null) steps.push(leftAlone(line.number, line.text, line.said))
      return line.text
    }
    const { step, text } = planJob(line, input, name)
    steps.push(step)
    return text
  })
  return { form: input.form, steps, notes: notesOn(jobs), crontab: texts.join('\n') }
}

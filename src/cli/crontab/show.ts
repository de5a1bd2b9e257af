import { formatDuration } from '../../domain/duration.ts'
import { jsonText, tableOf } from '../table.ts'
import type { Printed } from '../verb.ts'
import type { Applied } from './apply.ts'
import type { Plan, Step } from './plan.ts'

const HEAD = ['LINE', 'EVENT', 'COMMAND', 'SCHEDULE', 'ZONE', 'LOOKBACK', 'GRACE', 'WHAT']

/** Texts of the crontab are bytes; people read them. */
const readable = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

/** Enough to know a job by. */
const LONGEST_COMMAND = 40
function commandIn(text: string): string {
  const signs = [...readable(text).trim()]
  return signs.length > LONGEST_COMMAND ? `${signs.slice(0, LONGEST_COMMAND - 1).join('')}…` : signs.join('')
}

function rowOf({ line, command, event, env, proposal, outcome, note }: Step, applied: string | undefined): string[] {
  const terms = proposal === null ? ['–', '–', '–', '–'] : termsOf(proposal)
  const what = [outcome, applied, note].filter((one) => one !== undefined && one !== null).join('; ')
  const name = event === null ? '–' : env === null ? event : `${event} (${env})`
  return [`${line}`, name, commandIn(command), ...terms, readable(what)]
}

const termsOf = ({ schedule, timeZone, lookback, grace }: NonNullable<Step['proposal']>): string[] => [
  schedule,
  timeZone,
  formatDuration(lookback),
  formatDuration(grace),
]

/** The plan for people: a line for each job, then what concerns all. `out` says how wide it may be. */
export function planText({ form, steps, notes }: Plan, applied: Applied | null, out: Printed): string {
  const rows = steps.map((step) => rowOf(step, applied?.get(step.line)))
  const table = rows.length === 0 ? 'There is no job in it.\n' : tableOf(HEAD, rows, out)
  return [`Read as the crontab of a ${form}.\n`, table, ...notes.map((note) => `note: ${note}\n`)].join('')
}

/** The plan for programs, with the crontab in it: as text, or where that is no UTF-8 as `{"base64": …}`. */
export function planJson({ form, steps, notes, crontab }: Plan, applied: Applied | null): string {
  const bytes = Buffer.from(crontab, 'latin1')
  const text = bytes.toString('utf8')
  const items = steps.map(({ proposal, note, command, ...step }) => ({
    ...step,
    command: readable(command),
    schedule: proposal?.schedule ?? null,
    timeZone: proposal?.timeZone ?? null,
    lookback: proposal === null ? null : formatDuration(proposal.lookback),
    grace: proposal === null ? null : formatDuration(proposal.grace),
    note: note === null ? null : readable(note),
    applied: applied?.get(step.line) ?? null,
  }))
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  return jsonText({ form, items, notes, crontab: isText ? text : { base64: bytes.toString('base64') } })
}
